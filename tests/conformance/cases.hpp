// The data files of tests/conformance, for the runners.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "rules/cases.hpp"
#include "rules/toml.hpp"
#include "rules_for_tests.hpp"

namespace ipc_advisor::tests {

inline std::string conformance_folder() { return std::string(SOURCE_FOLDER) + "/tests/conformance/"; }

inline std::string text_in(const std::string& path) {
  auto text = read_file(path);
  REQUIRE(text);
  return std::move(*text);
}

/// Every [[case]] of the files that lie directly in tests/conformance.
inline std::vector<rules::Case> all_cases() {
  std::vector<rules::Case> all;
  for (const auto& file : std::filesystem::directory_iterator(conformance_folder())) {
    if (file.path().extension() != ".toml") continue;
    const auto cases = rules::load_cases(text_in(file.path()), file.path().filename(), embedded_rules());
    if (!cases)
      for (const rules::RulesError& error : cases.error()) FAIL(error.place.file << ":" << error.place.at.line << ": " << error.message);
    all.insert(all.end(), cases->begin(), cases->end());
  }
  return all;
}

}  // namespace ipc_advisor::tests
