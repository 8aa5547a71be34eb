// One table of units serves reading, writing and the suggestions in messages.
#include "base/units.hpp"

#include <cassert>
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

#include "base/text.hpp"

namespace ipc_advisor {
namespace {

struct Unit {
  std::string_view name;
  Quantity quantity;
  double factor;
  bool written;  // used by format_quantity
};

// IEC and SI prefixes as in units(7); "us" and "µs" are both read.
constexpr std::array units{
    Unit{"", Quantity::count, 1, true},
    Unit{"B", Quantity::size, 1, true},
    Unit{"kB", Quantity::size, 1e3, false},
    Unit{"KB", Quantity::size, 1e3, false},
    Unit{"MB", Quantity::size, 1e6, false},
    Unit{"GB", Quantity::size, 1e9, false},
    Unit{"TB", Quantity::size, 1e12, false},
    Unit{"KiB", Quantity::size, 1024.0, true},
    Unit{"MiB", Quantity::size, 1048576.0, true},
    Unit{"GiB", Quantity::size, 1073741824.0, true},
    Unit{"TiB", Quantity::size, 1099511627776.0, true},
    Unit{"/h", Quantity::rate, 1.0 / 3600, false},
    Unit{"/min", Quantity::rate, 1.0 / 60, false},
    Unit{"/s", Quantity::rate, 1, true},
    Unit{"k/s", Quantity::rate, 1e3, false},
    Unit{"M/s", Quantity::rate, 1e6, false},
    Unit{"B/s", Quantity::byte_rate, 1, true},
    Unit{"kB/s", Quantity::byte_rate, 1e3, true},
    Unit{"KB/s", Quantity::byte_rate, 1e3, false},
    Unit{"MB/s", Quantity::byte_rate, 1e6, true},
    Unit{"GB/s", Quantity::byte_rate, 1e9, true},
    Unit{"TB/s", Quantity::byte_rate, 1e12, true},
    Unit{"KiB/s", Quantity::byte_rate, 1024.0, false},
    Unit{"MiB/s", Quantity::byte_rate, 1048576.0, false},
    Unit{"GiB/s", Quantity::byte_rate, 1073741824.0, false},
    Unit{"ns", Quantity::duration, 1e-9, true},
    Unit{"us", Quantity::duration, 1e-6, true},
    Unit{"µs", Quantity::duration, 1e-6, false},
    Unit{"ms", Quantity::duration, 1e-3, true},
    Unit{"s", Quantity::duration, 1, true},
    Unit{"min", Quantity::duration, 60, false},
    Unit{"h", Quantity::duration, 3600, false},
};

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

struct Split {
  double number;
  std::string_view unit;
};

Result<Split> split(std::string_view text) {
  text = trim(text);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || !std::isfinite(number)) return fail(ErrorKind::usage, "it does not start with a number");
  if (number < 0) return fail(ErrorKind::usage, "it is negative");
  return Split{number, trim(text.substr(static_cast<std::size_t>(end - text.data())))};
}

}  // namespace

std::vector<std::string> unit_names(Quantity quantity) {
  std::vector<std::string> names;
  for (const Unit& unit : units)
    if (unit.quantity == quantity && !unit.name.empty()) names.emplace_back(unit.name);
  return names;
}

Result<double> parse_quantity(std::string_view text, Quantity quantity) {
  const auto parts = split(text);
  if (!parts) return fail(ErrorKind::usage, fmt::format("expected {}, but {}", expected_form(quantity), parts.error().message));
  for (const Unit& unit : units)
    if (unit.quantity == quantity && unit.name == parts->unit) return parts->number * unit.factor;
  if (parts->unit.empty()) return fail(ErrorKind::usage, fmt::format("expected {}, but the unit is missing", expected_form(quantity)));
  const auto near = nearest_word(parts->unit, unit_names(quantity));
  return fail(ErrorKind::usage, fmt::format("expected {}, but \"{}\" is no such unit{}", expected_form(quantity), printable(parts->unit),
                                            near ? fmt::format("; did you mean \"{}\"?", *near)
                                                 : fmt::format("; valid are {}", join(unit_names(quantity), ", ", " and "))));
}

std::optional<QuantityMistake> mistake_in(std::string_view text, Quantity quantity) {
  if (parse_quantity(text, quantity)) return std::nullopt;
  const auto begin = std::min(text.find_first_not_of(" \t"), text.size());
  const auto parts = split(text);
  // The example of the expected form stands between quotation marks, but for a count.
  const std::string_view form = expected_form(quantity);
  const auto quote = form.find('"');
  const std::string example(quote == std::string_view::npos ? form.substr(form.rfind(' ') + 1) : form.substr(quote + 1, form.size() - quote - 2));
  if (!parts) return QuantityMistake{begin, example};
  const auto digits = std::min(text.find_first_not_of("0123456789.eE+-", begin), text.size());
  const std::string number(text.substr(begin, digits - begin));
  const auto at = std::min(text.find_first_not_of(" \t", digits), text.size());
  if (quantity == Quantity::count) return QuantityMistake{at, number};
  auto unit = nearest_word(parts->unit, unit_names(quantity));
  if (!unit) unit = std::string(split(example)->unit);
  return QuantityMistake{at, number + (unit->front() == '/' ? "" : " ") + *unit};
}

Result<std::pair<double, Quantity>> parse_any_quantity(std::string_view text) {
  const auto parts = split(text);
  if (!parts) return tl::unexpected(parts.error());
  for (const Unit& unit : units)
    if (unit.name == parts->unit) return std::pair{parts->number * unit.factor, unit.quantity};
  return fail(ErrorKind::usage, fmt::format("\"{}\" is not a unit", printable(parts->unit)));
}

bool is_unit(std::string_view word) {
  return !word.empty() && std::any_of(units.begin(), units.end(), [&](const Unit& unit) { return unit.name == word; });
}

std::string_view expected_form(Quantity quantity) {
  switch (quantity) {
    case Quantity::count: return "a whole number such as 32";
    case Quantity::size: return "a size such as \"4 KiB\"";
    case Quantity::rate: return "a rate such as \"300/s\"";
    case Quantity::byte_rate: return "a byte rate such as \"2 MB/s\"";
    case Quantity::duration: return "a duration such as \"1 ms\"";
  }
  return "a quantity";
}

namespace {

// The largest one that leaves at least 1 before the point.
const Unit& unit_for(double value, Quantity quantity) {
  const Unit* best = nullptr;
  for (const Unit& unit : units) {
    if (unit.quantity != quantity || !unit.written) continue;
    // 0.9995 rather than 1: what rounds to the next unit's 1 is written in it.
    if (best == nullptr || value >= unit.factor * 0.9995) best = &unit;
  }
  assert(best != nullptr && "every quantity has a unit that is written");
  return *best;
}

std::string number_in(const Unit& unit, double value) {
  const double scaled = value / unit.factor;
  return scaled >= 1000 ? fmt::format("{:.0f}", scaled) : fmt::format("{:.3g}", scaled);
}

}  // namespace

std::string format_quantity(double value, Quantity quantity) {
  if (quantity == Quantity::count) return fmt::format("{:.0f}", value);
  const Unit& unit = unit_for(value, quantity);
  const bool attached = unit.name.front() == '/';
  return number_in(unit, value) + (attached ? "" : " ") + std::string(unit.name);
}

std::string format_interval(double value, double low, double high, Quantity quantity) {
  const Unit& unit = unit_for(value, quantity);
  return fmt::format("{} ({} to {})", format_quantity(value, quantity), number_in(unit, low), number_in(unit, high));
}

}  // namespace ipc_advisor
