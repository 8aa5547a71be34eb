// Converts toml++'s nodes, which it keeps sorted by key, into a tree in file order.
#include "rules/toml.hpp"

#include <algorithm>
#include <fmt/format.h>
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "base/text.hpp"

namespace ipc_advisor::rules {
namespace {

constexpr int deepest = 64;

Position position_of(const toml::source_position& at) { return {static_cast<int>(at.line), static_cast<int>(at.column)}; }
Span span_of(const toml::source_region& region) { return {position_of(region.begin), position_of(region.end)}; }

TomlError too_deep(Position at) { return {fmt::format("nested deeper than {} levels", deepest), at}; }

tl::expected<TomlValue, TomlError> convert(const toml::node& node, int depth);

tl::expected<TomlValue, TomlError> convert_table(const toml::table& table, TomlValue out, int depth) {
  out.entries.reserve(table.size());
  for (const auto& [key, value] : table) {
    auto converted = convert(value, depth + 1);
    if (!converted) return converted;
    out.entries.push_back({std::string(key.str()), span_of(key.source()), std::move(*converted)});
  }
  std::stable_sort(out.entries.begin(), out.entries.end(),
                   [](const TomlEntry& a, const TomlEntry& b) { return a.key_span.begin < b.key_span.begin; });
  return out;
}

tl::expected<TomlValue, TomlError> convert_array(const toml::array& array, TomlValue out, int depth) {
  out.items.reserve(array.size());
  for (const toml::node& item : array) {
    auto converted = convert(item, depth + 1);
    if (!converted) return converted;
    out.items.push_back(std::move(*converted));
  }
  return out;
}

tl::expected<TomlValue, TomlError> convert(const toml::node& node, int depth) {
  TomlValue out;
  out.span = span_of(node.source());
  if (depth > deepest) return tl::unexpected(too_deep(out.span.begin));
  switch (node.type()) {
    case toml::node_type::boolean: out.kind = TomlKind::boolean; out.boolean = **node.as_boolean(); break;
    case toml::node_type::integer: out.kind = TomlKind::integer; out.number = static_cast<double>(**node.as_integer()); break;
    case toml::node_type::floating_point: out.kind = TomlKind::real; out.number = **node.as_floating_point(); break;
    case toml::node_type::string: out.kind = TomlKind::string; out.string = **node.as_string(); break;
    case toml::node_type::array: out.kind = TomlKind::array; return convert_array(*node.as_array(), std::move(out), depth);
    case toml::node_type::table: out.kind = TomlKind::table; return convert_table(*node.as_table(), std::move(out), depth);
    default: out.kind = TomlKind::date; break;
  }
  return out;
}

Position position_at(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto newline = before.rfind('\n');
  const std::string_view line = newline == std::string_view::npos ? before : before.substr(newline + 1);
  return {1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')), 1 + static_cast<int>(count_characters(line))};
}

// toml++ recurses once per part of a dotted key; a hostile header must not reach it.
std::optional<std::size_t> line_with_too_many_dots(std::string_view text) {
  int dots = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      dots = 0;
      start = i + 1;
    } else if (text[i] == '.' && (i == start || (text[i - 1] != '.' && text[i - 1] != ' '))) {
      if (++dots > 4096) return start;
    }
  }
  return std::nullopt;
}

}  // namespace

const TomlEntry* TomlValue::find(std::string_view key) const {
  for (const TomlEntry& entry : entries)
    if (entry.key == key) return &entry;
  return nullptr;
}

std::string_view describe(TomlKind kind) {
  switch (kind) {
    case TomlKind::boolean: return "true or false";
    case TomlKind::integer: return "a whole number";
    case TomlKind::real: return "a number with a fraction";
    case TomlKind::string: return "a string";
    case TomlKind::date: return "a date or time";
    case TomlKind::array: return "an array";
    case TomlKind::table: return "a table";
  }
  return "a value";
}

tl::expected<TomlValue, TomlError> parse_toml(std::string_view text) {
  if (const auto bad = first_invalid_utf8(text))
    return tl::unexpected(TomlError{fmt::format("not UTF-8 from byte {} on; TOML files are UTF-8", *bad), position_at(text, *bad)});
  if (const auto line = line_with_too_many_dots(text)) return tl::unexpected(too_deep(position_at(text, *line)));
  try {
    return convert(toml::parse(text), 0);
  } catch (const toml::parse_error& error) {
    // The parser has a limit of its own, which it names by its macro.
    if (error.description().find("TOML_MAX_NESTED_VALUES") != std::string_view::npos) return tl::unexpected(too_deep(position_of(error.source().begin)));
    return tl::unexpected(TomlError{printable(error.description()), position_of(error.source().begin)});
  }
}

}  // namespace ipc_advisor::rules
