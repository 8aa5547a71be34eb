// Writes conformance cases for a rule set: what it does today, to be read before it is kept.
#pragma once

#include <vector>

#include "rules/cases.hpp"

namespace ipc_advisor::engine {

/// One case for each branch of both trees, by its shortest path; then for each elimination, and each need that it hangs
/// on, two cases that differ in that need alone and of which one falls (modified condition/decision coverage by unique
/// cause, DO-178C 6.4.4.2). Only `needs` and what is expected are filled in.
std::vector<rules::Case> generated_cases(const rules::Rules& rules);

}  // namespace ipc_advisor::engine
