// The findings that a project has decided to live with for now, so that only new ones fail.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "model.hpp"

namespace ipc_advisor::report {

/// What stays the same of a finding when lines move: its rule, its channel and what it says, which names the value.
/// FNV-1a 64, hexadecimal (draft-eastlake-fnv).
std::string fingerprint(const Finding& finding);

/// A baseline file with every finding that is not suppressed, sorted, one a line, so that it merges well.
std::string write_baseline(const std::vector<Finding>& findings);

/// The fingerprints of a baseline file. An error says what it is instead.
Result<std::set<std::string>> read_baseline(std::string_view text);

/// Marks the findings that the baseline has as suppressed; returns the fingerprints that no finding has any more.
std::set<std::string> apply_baseline(const std::set<std::string>& baseline, std::vector<Finding>& findings);

/// The baseline without these fingerprints.
Result<std::string> prune_baseline(std::string_view text, const std::set<std::string>& gone);

}  // namespace ipc_advisor::report
