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

// Takes the texts out of toml++'s nodes, which are thrown away afterwards.
class Converter {
 public:
  tl::expected<TomlValue, TomlError> run(toml::table& root) {
    TomlValue out;
    if (convert(root, 0, out)) return out;
    return tl::unexpected(too_deep(too_deep_at_));
  }

 private:
  bool convert_table(toml::table& table, int depth, TomlValue& out) {
    std::vector<std::pair<const toml::key*, toml::node*>> in_order;
    in_order.reserve(table.size());
    for (auto&& [key, value] : table) in_order.emplace_back(&key, &value);
    // Keys without a place of their own, of tables that dots imply, keep the order of the alphabet.
    std::stable_sort(in_order.begin(), in_order.end(),
                     [](const auto& a, const auto& b) { return position_of(a.first->source().begin) < position_of(b.first->source().begin); });
    out.entries.reserve(in_order.size());
    for (const auto& [key, value] : in_order) {
      TomlEntry& entry = out.entries.emplace_back();
      entry.key = key->str();
      entry.key_span = span_of(key->source());
      if (!convert(*value, depth + 1, entry.value)) return false;
    }
    // What is freed here, the next table is built of.
    table.clear();
    return true;
  }

  bool convert_array(toml::array& array, int depth, TomlValue& out) {
    out.items.reserve(array.size());
    for (toml::node& item : array)
      if (!convert(item, depth + 1, out.items.emplace_back())) return false;
    return true;
  }

  bool convert(toml::node& node, int depth, TomlValue& out) {
    out.span = span_of(node.source());
    if (depth > deepest) {
      too_deep_at_ = out.span.begin;
      return false;
    }
    switch (node.type()) {
      case toml::node_type::boolean: out.kind = TomlKind::boolean; out.boolean = **node.as_boolean(); break;
      case toml::node_type::integer: out.kind = TomlKind::integer; out.number = static_cast<double>(**node.as_integer()); break;
      case toml::node_type::floating_point: out.kind = TomlKind::real; out.number = **node.as_floating_point(); break;
      case toml::node_type::string: out.kind = TomlKind::string; out.string = std::move(**node.as_string()); break;
      case toml::node_type::array: out.kind = TomlKind::array; return convert_array(*node.as_array(), depth, out);
      case toml::node_type::table: out.kind = TomlKind::table; return convert_table(*node.as_table(), depth, out);
      default: out.kind = TomlKind::date; break;
    }
    return true;
  }

  Position too_deep_at_;
};

Position position_at(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto newline = before.rfind('\n');
  const std::string_view line = newline == std::string_view::npos ? before : before.substr(newline + 1);
  return {1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')), 1 + static_cast<int>(count_characters(line))};
}

// toml++ recurses once per part of a dotted key; a hostile header must not reach it.
std::optional<std::size_t> line_with_too_many_dots(std::string_view text) {
  constexpr std::size_t most = 4096;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    // Dots part keys, so that a line with too many of them is longer than that.
    for (std::size_t i = start, dots = 0; end - start > most && i < end; ++i)
      if (text[i] == '.' && (i == start || (text[i - 1] != '.' && text[i - 1] != ' ')) && ++dots > most) return start;
    start = end + 1;
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
    toml::table root = toml::parse(text);
    return Converter().run(root);
  } catch (const toml::parse_error& error) {
    // The parser has a limit of its own, which it names by its macro.
    if (error.description().find("TOML_MAX_NESTED_VALUES") != std::string_view::npos) return tl::unexpected(too_deep(position_of(error.source().begin)));
    return tl::unexpected(TomlError{printable(error.description()), position_of(error.source().begin)});
  }
}

}  // namespace ipc_advisor::rules
