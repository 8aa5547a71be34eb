// Reads the data files of tests/conformance and holds decisions against them.
#pragma once

#include <string>
#include <vector>

#include "base/files.hpp"
#include "engine/decide.hpp"
#include "rules/toml.hpp"
#include "rules_for_tests.hpp"

namespace ipc_advisor::tests {

/// The tables of an array of tables in tests/conformance/<file>.
inline std::vector<rules::TomlValue> cases_in(const std::string& file, const std::string& table) {
  const auto text = read_file(std::string(SOURCE_FOLDER) + "/tests/conformance/" + file);
  REQUIRE(text);
  const auto parsed = rules::parse_toml(*text);
  REQUIRE_MESSAGE(parsed, file << ":" << parsed.error().at.line << ": " << parsed.error().message);
  const rules::TomlEntry* entry = parsed->find(table);
  REQUIRE(entry != nullptr);
  return entry->value.items;
}

inline std::string text_of(const rules::TomlValue& table, const std::string& key) {
  const rules::TomlEntry* entry = table.find(key);
  return entry == nullptr ? "" : entry->value.string;
}

inline std::vector<std::string> texts_of(const rules::TomlValue& table, const std::string& key) {
  std::vector<std::string> out;
  if (const rules::TomlEntry* entry = table.find(key))
    for (const rules::TomlValue& item : entry->value.items) out.push_back(item.string);
  return out;
}

/// The lines of a list of needs as the body of a channel.
inline std::string body_of(const rules::TomlValue& table, const std::string& key) {
  std::string body;
  for (const std::string& line : texts_of(table, key)) body += line + "\n";
  return body;
}

/// "framing=length-prefixed", …, in the order of the decision.
inline std::vector<std::string> layers_in(const Decision& decision) {
  std::vector<std::string> out;
  for (const Layer& layer : decision.layers) out.push_back(layer.kind + "=" + layer.value);
  return out;
}

}  // namespace ipc_advisor::tests
