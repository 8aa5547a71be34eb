// Holds the rules against conformance cases, and counts what the cases go through.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "rules/cases.hpp"

namespace ipc_advisor::engine {

/// What a case expects and the rules do not give, in words; empty where the case holds.
std::vector<std::string> failures_of(const rules::Rules& rules, const rules::Case& one);

/// Whether the linter finds the rule in its bad example and not in its good one; a rule of the host only the latter.
bool examples_hold(const rules::Rules& rules, const rules::LintRule& rule);

/// One kind of thing that cases can go through, each with how many did: "guide/node/answer" for branches, "guide/leaf",
/// "mechanism/trait falls" and "… stays", "kind=value" for layers, needs and lint codes by their ids.
struct CoverageGroup {
  std::string name;  ///< "branches", "leaves", "needs", "eliminations", "layers", "rules"
  std::map<std::string, int> counts;

  std::size_t covered() const;
  double percent() const { return counts.empty() ? 100 : 100.0 * static_cast<double>(covered()) / static_cast<double>(counts.size()); }
};

using Coverage = std::vector<CoverageGroup>;

/// Cases cover branches, leaves, needs, eliminations and layers; the lint rules' own examples cover the rules.
Coverage coverage_of(const rules::Rules& rules, const std::vector<rules::Case>& cases);

}  // namespace ipc_advisor::engine
