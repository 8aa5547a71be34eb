// Typed access to a rule table, with errors that name file, line and column.
#include "rules/table_reader.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"

namespace ipc_advisor::rules {

TableReader::TableReader(const TomlValue& table, std::string file, LoadContext& context)
    : table_(table), file_(std::move(file)), context_(context) { known_.reserve(16); }

void TableReader::error(Position at, std::string message) { context_.errors.push_back({{file_, at}, std::move(message)}); }

const TomlEntry* TableReader::entry(std::string_view key) {
  known_.emplace_back(key);
  return table_.find(key);
}

const TomlEntry* TableReader::typed(std::string_view key, TomlKind kind, bool required) {
  const TomlEntry* found = entry(key);
  if (found == nullptr) {
    if (required) error(at(), fmt::format("\"{}\" is missing", key));
    return nullptr;
  }
  if (found->value.kind == kind) return found;
  error(found->value.span.begin, fmt::format("\"{}\" is {}, expected {}", key, describe(found->value.kind), describe(kind)));
  return nullptr;
}

std::string TableReader::text(std::string_view key) {
  const TomlEntry* found = typed(key, TomlKind::string, true);
  if (found != nullptr && found->value.string.empty()) error(found->value.span.begin, fmt::format("\"{}\" is empty", key));
  return found == nullptr ? "" : found->value.string;
}

std::string TableReader::text_or(std::string_view key, std::string_view fallback) {
  const TomlEntry* found = typed(key, TomlKind::string, false);
  return std::string(found == nullptr ? fallback : found->value.string);
}

bool TableReader::flag_or(std::string_view key, bool fallback) {
  const TomlEntry* found = typed(key, TomlKind::boolean, false);
  return found == nullptr ? fallback : found->value.boolean;
}

std::vector<std::string> TableReader::texts(std::string_view key) {
  std::vector<std::string> out;
  const TomlEntry* found = typed(key, TomlKind::array, false);
  if (found == nullptr) return out;
  for (const TomlValue& item : found->value.items) {
    if (item.kind == TomlKind::string) out.push_back(item.string);
    else error(item.span.begin, fmt::format("\"{}\" holds {}, expected strings", key, describe(item.kind)));
  }
  return out;
}

std::string TableReader::one_of(std::string_view key, const std::vector<std::string>& words) {
  const TomlEntry* found = typed(key, TomlKind::string, true);
  if (found == nullptr) return "";
  if (std::find(words.begin(), words.end(), found->value.string) == words.end()) {
    const auto near = nearest_word(found->value.string, words);
    error(found->value.span.begin, fmt::format("\"{}\" is not a {}; expected {}{}", printable(found->value.string), key, join(words, ", ", " or "),
                                               near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
    return "";
  }
  return found->value.string;
}

std::optional<Condition> TableReader::condition(std::string_view key) {
  const TomlEntry* found = typed(key, TomlKind::string, false);
  if (found == nullptr) return std::nullopt;
  auto parsed = Condition::parse(found->value.string, context_.vocabulary, context_.mechanisms);
  if (parsed) return std::move(*parsed);
  Position at = found->value.span.begin;
  at.column += parsed.error().column;  // the opening quote is one column wide
  error(at, fmt::format("in the condition \"{}\": {}", found->value.string, parsed.error().message));
  return std::nullopt;
}

std::optional<std::size_t> TableReader::need(std::string_view key) {
  const TomlEntry* found = typed(key, TomlKind::string, false);
  if (found == nullptr) return std::nullopt;
  const auto index = context_.vocabulary.find(found->value.string);
  if (!index) {
    const auto near = nearest_word(found->value.string, context_.vocabulary.ids());
    error(found->value.span.begin,
          fmt::format("\"{}\" is not a need{}", printable(found->value.string), near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
  }
  return index;
}

Value TableReader::value(std::string_view key, const NeedDef& need) {
  const TomlEntry* found = entry(key);
  if (found == nullptr) return {};
  const TomlValue& raw = found->value;
  if (raw.kind == TomlKind::boolean && need.type == NeedType::boolean) return raw.boolean;
  if (raw.kind == TomlKind::integer && need.type == NeedType::count) return raw.number;
  std::string text = raw.string;
  if (raw.kind == TomlKind::array) text = join(texts(key), ", ", ", ");
  auto parsed = parse_value(need, text);
  if (parsed) return *parsed;
  error(raw.span.begin, parsed.error().message);
  return {};
}

std::vector<const TomlValue*> TableReader::tables(std::string_view key) {
  std::vector<const TomlValue*> out;
  const TomlEntry* found = typed(key, TomlKind::array, false);
  if (found == nullptr) return out;
  for (const TomlValue& item : found->value.items) {
    if (item.kind == TomlKind::table) out.push_back(&item);
    else error(item.span.begin, fmt::format("\"{}\" holds {}, expected tables", key, describe(item.kind)));
  }
  return out;
}

const TomlValue* TableReader::table(std::string_view key) {
  const TomlEntry* found = typed(key, TomlKind::table, false);
  return found == nullptr ? nullptr : &found->value;
}

bool TableReader::replaces(std::string_view what, const RulePlace& old) {
  const bool stated = flag_or("replaces", false);
  if (stated && context_.layered() && old.file != file_) return true;
  error(at(), fmt::format("{} stands already in {}:{}{}", what, old.file, old.at.line,
                          context_.layered() && old.file != file_ ? "; replaces = true puts this one in its place" : ""));
  return false;
}

void TableReader::is_new(std::string_view what) {
  if (flag_or("replaces", false)) error(at(), fmt::format("replaces = true, but nothing below has {}", what));
}

void TableReader::finish() {
  for (const TomlEntry& entry : table_.entries) {
    if (std::find(known_.begin(), known_.end(), entry.key) != known_.end()) continue;
    const auto near = nearest_word(entry.key, known_);
    error(entry.key_span.begin, fmt::format("unknown key \"{}\"{}", printable(entry.key), near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
  }
}

}  // namespace ipc_advisor::rules
