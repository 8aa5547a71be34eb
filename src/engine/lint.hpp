// The linter: what the reader found, contradictions among needs, and the chosen mechanism held against them.
#pragma once

#include <vector>

#include "model.hpp"
#include "rules/requirements.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::engine {

/// All findings of one file, sorted by position and code. `uses` is held against the very traits by which the engine
/// eliminates, with stated needs only: what nobody said is never a finding.
std::vector<Finding> lint(const rules::Rules& rules, const rules::Requirements& requirements);

}  // namespace ipc_advisor::engine
