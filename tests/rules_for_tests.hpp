// The embedded rules, loaded once, and short ways to make channels from TOML.
#pragma once

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "rules/requirements.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::tests {

inline const rules::Rules& embedded_rules() {
  static const rules::Rules loaded = [] {
    auto result = rules::load_rules(rules::embedded_rule_files());
    if (!result) FAIL(rules::to_error(result.error()).message);
    return std::move(*result);
  }();
  return loaded;
}

/// The files of rules/ as texts, to be changed.
inline std::vector<rules::RuleFile> rule_texts() {
  const std::string folder = std::string(SOURCE_FOLDER) + "/rules";
  const auto paths = list_files(folder, ".toml");
  REQUIRE(paths);
  std::vector<rules::RuleFile> files;
  for (const std::string& path : *paths) files.push_back({path, read_file(folder + "/" + path).value()});
  return files;
}

/// A channel whose body is the given TOML lines.
inline Channel channel_of(const std::string& body) {
  const auto read = rules::read_requirements("[[channel]]\nname = \"t\"\n" + body + "\n", "t.toml", embedded_rules());
  for (const Finding& finding : read.findings) INFO(finding.message);
  REQUIRE(read.readable());
  REQUIRE(read.channels.size() == 1);
  return read.channels.front();
}

}  // namespace ipc_advisor::tests
