// Types, look-up and the reading and writing of need values.
#include "rules/vocabulary.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

#include "base/text.hpp"

namespace ipc_advisor::rules {

std::string_view word(NeedType type) {
  switch (type) {
    case NeedType::choice: return "choice";
    case NeedType::boolean: return "bool";
    case NeedType::list: return "list";
    case NeedType::count: return "count";
    case NeedType::size: return "size";
    case NeedType::rate: return "rate";
    case NeedType::byte_rate: return "byte-rate";
    case NeedType::duration: return "duration";
    case NeedType::text: return "text";
  }
  return "text";
}

bool is_number(NeedType type) {
  return type == NeedType::count || type == NeedType::size || type == NeedType::rate || type == NeedType::byte_rate || type == NeedType::duration;
}

Quantity quantity_of(NeedType type) {
  assert(is_number(type));
  switch (type) {
    case NeedType::size: return Quantity::size;
    case NeedType::rate: return Quantity::rate;
    case NeedType::byte_rate: return Quantity::byte_rate;
    case NeedType::duration: return Quantity::duration;
    default: return Quantity::count;
  }
}

bool NeedDef::has_choice(std::string_view choice) const {
  return std::any_of(choices.begin(), choices.end(), [&](const Choice& c) { return c.id == choice; });
}

std::vector<std::string> NeedDef::choice_ids() const {
  std::vector<std::string> ids;
  for (const Choice& choice : choices) ids.push_back(choice.id);
  return ids;
}

Vocabulary::Vocabulary(std::vector<NeedDef> needs) : needs_(std::move(needs)), by_id_(needs_.size()) {
  std::iota(by_id_.begin(), by_id_.end(), 0);
  std::stable_sort(by_id_.begin(), by_id_.end(), [&](std::size_t a, std::size_t b) { return needs_[a].id < needs_[b].id; });
}

std::optional<std::size_t> Vocabulary::find(std::string_view id) const {
  const auto found = std::lower_bound(by_id_.begin(), by_id_.end(), id, [&](std::size_t index, std::string_view wanted) { return needs_[index].id < wanted; });
  if (found == by_id_.end() || needs_[*found].id != id) return std::nullopt;
  return *found;
}

std::vector<std::string> Vocabulary::ids() const {
  std::vector<std::string> ids;
  for (const NeedDef& need : needs_) ids.push_back(need.id);
  return ids;
}

std::string format_value(const NeedDef& need, const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<double>(&value)) return format_quantity(*number, quantity_of(need.type));
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) return join(*list, ", ", ", ");
  return "unknown";
}

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else out += c;
  }
  return out + "\"";
}

std::string toml_value(const NeedDef& need, const Value& value) {
  if (std::holds_alternative<bool>(value) || need.type == NeedType::count) return format_value(need, value);
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
    std::vector<std::string> quoted;
    for (const std::string& item : *list) quoted.push_back(toml_string(item));
    return "[" + join(quoted, ", ", ", ") + "]";
  }
  return toml_string(format_value(need, value));
}

std::string expected_values(const NeedDef& need) {
  switch (need.type) {
    case NeedType::choice: return "one of " + join(need.choice_ids(), ", ", " or ");
    case NeedType::list: return "a list of " + join(need.choice_ids(), ", ", " or ");
    case NeedType::boolean: return "true or false";
    case NeedType::text: return "a string";
    default: return std::string(expected_form(quantity_of(need.type)));
  }
}

namespace {

Result<std::string> parse_choice(const NeedDef& need, std::string_view text) {
  if (need.has_choice(text)) return std::string(text);
  const auto near = nearest_word(text, need.choice_ids());
  return fail(ErrorKind::usage, fmt::format("\"{}\" is not a value of {}; expected {}{}", printable(text), need.id, expected_values(need),
                                            near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
}

Result<Value> parse_list(const NeedDef& need, std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(", "), text.size());
    if (end > 0) {
      auto item = parse_choice(need, text.substr(0, end));
      if (!item) return tl::unexpected(item.error());
      items.push_back(std::move(*item));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (items.empty()) return fail(ErrorKind::usage, "expected " + expected_values(need));
  return Value{std::move(items)};
}

}  // namespace

Result<Value> parse_value(const NeedDef& need, std::string_view text) {
  if (need.type == NeedType::text) return Value{std::string(text)};
  if (need.type == NeedType::list) return parse_list(need, text);
  if (need.type == NeedType::choice) return parse_choice(need, text).map([](std::string&& choice) { return Value{std::move(choice)}; });
  if (need.type == NeedType::boolean) {
    if (text == "true" || text == "yes" || text == "y") return Value{true};
    if (text == "false" || text == "no" || text == "n") return Value{false};
    return fail(ErrorKind::usage, fmt::format("\"{}\" is not an answer to {}; expected yes or no", printable(text), need.id));
  }
  auto number = parse_quantity(text, quantity_of(need.type));
  if (!number) return tl::unexpected(Error{ErrorKind::usage, fmt::format("\"{}\" cannot be read: {}", printable(text), number.error().message)});
  if (need.type == NeedType::count && *number != std::floor(*number)) return fail(ErrorKind::usage, fmt::format("\"{}\" is not a whole number", printable(text)));
  return Value{*number};
}

}  // namespace ipc_advisor::rules
