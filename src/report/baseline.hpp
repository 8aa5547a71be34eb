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
/// An Fnv1a, hexadecimal.
std::string fingerprint(const Finding& finding);

/// A baseline file with every finding that is not suppressed, sorted, one a line, so that it merges well.
std::string write_baseline(const std::vector<Finding>& findings);

/// The fingerprints of a baseline file, each as often as it was found. An error says what it is instead.
Result<std::multiset<std::string>> read_baseline(std::string_view text);

/// Marks the findings that the baseline has as suppressed, of those that are alike as many as it has; returns what is left
/// of it.
std::multiset<std::string> apply_baseline(const std::multiset<std::string>& baseline, std::vector<Finding>& findings);

/// The baseline without these fingerprints, each taken out as often as it is named.
Result<std::string> prune_baseline(std::string_view text, std::multiset<std::string> gone);

}  // namespace ipc_advisor::report
