// TOML text to a plain tree in file order, each key and value with its span. The only place that includes toml++.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "model.hpp"

namespace ipc_advisor::rules {

enum class TomlKind { boolean, integer, real, string, date, array, table };

struct TomlEntry;

/// One value. Only the member that `kind` names is meaningful; the tree owns everything.
struct TomlValue {
  TomlKind kind = TomlKind::table;
  bool boolean = false;
  double number = 0;  ///< for integer and real
  std::string string;
  std::vector<TomlValue> items;     ///< of an array
  std::vector<TomlEntry> entries;   ///< of a table, in file order
  Span span;

  /// The table's entry of that key, or nullptr.
  const TomlEntry* find(std::string_view key) const;
};

struct TomlEntry {
  std::string key;
  Span key_span;
  TomlValue value;
};

/// Why a text is not TOML, and where.
struct TomlError {
  std::string message;
  Position at;
};

/// "a string", "a whole number", … for messages.
std::string_view describe(TomlKind kind);

/// The tree, or the first error. Rejects what is not UTF-8 and nesting deeper than 64.
tl::expected<TomlValue, TomlError> parse_toml(std::string_view text);

}  // namespace ipc_advisor::rules
