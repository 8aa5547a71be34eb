// Each file with its settings, its findings, and its text as the fixes leave it.
#pragma once

#include <string>
#include <vector>

#include "app/options.hpp"
#include "base/error.hpp"
#include "rules/lint_settings.hpp"

namespace ipc_advisor::app {

struct LintedFile {
  std::string path;  ///< "-" for standard input
  std::string name;  ///< in reports
  std::string original, text;
  std::size_t fixes = 0;
  rules::EffectiveSettings settings;
  std::vector<Finding> findings;  ///< of `text`
};

/// Reads and lints the files that the options name. With --fix or --diff fixes are made until none is left; nothing is
/// written. Settings come from the file's own [lint] table, else from the nearest ipc.toml upward that has one, and then
/// from the command line.
Result<std::vector<LintedFile>> lint_files(const Options& options, const rules::Rules& rules);

}  // namespace ipc_advisor::app
