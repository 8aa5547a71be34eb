// What `ipc-advisor rules` prints: proofs, tests, coverage, mutants, differences, the rules themselves.
#pragma once

#include <string>
#include <vector>

#include "engine/cases.hpp"
#include "engine/diff.hpp"
#include "engine/mutants.hpp"
#include "engine/proofs.hpp"
#include "report/format.hpp"
#include "rules/inventory.hpp"

namespace ipc_advisor::report {

/// A case that does not hold, and why.
struct CaseFailure {
  std::string where;  ///< "file:line (name)"
  std::vector<std::string> failures;
};

std::string proofs_as_text(const std::vector<engine::Proof>& proofs, const Style& style);
/// `cases` and `examples`: how many were held.
std::string tests_as_text(const std::vector<CaseFailure>& failures, std::size_t cases, std::size_t examples, const Style& style);
std::string coverage_as_text(const engine::Coverage& coverage, const Style& style);
std::string mutants_as_text(const std::vector<engine::MutantGroup>& groups, const Style& style);
std::string diff_as_text(const rules::InventoryDiff& entries, const engine::OutcomeDiff& outcomes, const Style& style);
std::string inventory_as_text(const std::vector<rules::InventoryEntry>& entries, const Style& style);

/// A line for each rule of the linter.
std::string lint_rules_as_text(const rules::Rules& rules, const Style& style);
/// Each rule of the linter with its reason, its source, its examples and its fix.
std::string lint_rules_as_markdown(const rules::Rules& rules);

}  // namespace ipc_advisor::report
