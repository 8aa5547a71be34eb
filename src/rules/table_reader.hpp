// Reads one TOML table of a rule file strictly: every key must be known, every required key present, every type right.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rules.hpp"

namespace ipc_advisor::rules {

/// What all readers of one load share: where errors go and what names may be used.
struct LoadContext {
  std::vector<RulesError> errors;
  Vocabulary vocabulary;
  std::vector<std::string> mechanisms;
  int layer = 0;  ///< of the file that is being read

  bool layered() const { return layer > 0; }
};

/// Reads keys one by one; finish() reports the ones that nobody asked for. Errors are collected, never thrown; a
/// missing or wrong value reads as empty.
class TableReader {
 public:
  TableReader(const TomlValue& table, std::string file, LoadContext& context);

  std::string text(std::string_view key);
  std::string text_or(std::string_view key, std::string_view fallback);
  bool flag_or(std::string_view key, bool fallback);
  std::vector<std::string> texts(std::string_view key);
  /// A string that must be one of `words`.
  std::string one_of(std::string_view key, const std::vector<std::string>& words);
  /// A condition; nothing where the key is absent.
  std::optional<Condition> condition(std::string_view key);
  /// A need's index; nothing where the key is absent or the name is wrong (which is reported).
  std::optional<std::size_t> need(std::string_view key);
  /// A value of that need's type.
  Value value(std::string_view key, const NeedDef& need);
  /// The tables of an array of tables; empty where absent.
  std::vector<const TomlValue*> tables(std::string_view key);
  const TomlValue* table(std::string_view key);
  /// The raw entry, marked as known.
  const TomlEntry* entry(std::string_view key);

  /// Whether an entry may take the place of `old`, which a lower layer or the same file has: only a layered entry that
  /// says so. Anything else is reported.
  bool replaces(std::string_view what, const RulePlace& old);
  /// The same for an entry that is new: `replaces = true` is then an error.
  void is_new(std::string_view what);

  /// Reports the keys that were never read.
  void finish();

  void error(Position at, std::string message);
  RulePlace place() const { return {file_, table_.span.begin, context_.layer}; }
  Position at() const { return table_.span.begin; }
  LoadContext& context() { return context_; }
  const std::string& file() const { return file_; }

 private:
  const TomlEntry* typed(std::string_view key, TomlKind kind, bool required);

  const TomlValue& table_;
  std::string file_;
  LoadContext& context_;
  std::vector<std::string> known_;
};

}  // namespace ipc_advisor::rules
