// Reading what the verbs start from: the rules and the requirements files.
#pragma once

#include <string>
#include <vector>

#include "app/options.hpp"
#include "base/error.hpp"
#include "model.hpp"
#include "rules/requirements.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::app {

/// The effective rules. Errors are of kind rules, with file, line and column.
Result<rules::Rules> load_effective_rules(const Options& options);

/// The files of the layered folders: their cases, or everything else.
Result<std::vector<rules::RuleFile>> layered_files(const Options& options, bool cases);

/// The files named, those below the folders named, or ./ipc.toml.
Result<std::vector<std::string>> requirements_files(const Options& options);

/// A file's name in reports; standard input has the one that the user gave it.
std::string shown_name(const Options& options, const std::string& file);

/// The same, read. A file that cannot be opened is an Error; one that makes no sense has findings.
Result<std::vector<rules::Requirements>> load_requirements(const Options& options, const rules::Rules& rules);

/// A report with the fields that every verb fills: versions, names of mechanisms, host.
Report empty_report(const rules::Rules& rules);

}  // namespace ipc_advisor::app
