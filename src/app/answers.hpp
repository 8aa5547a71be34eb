// Answers given on the command line, as NEED=VALUE.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "model.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::app {

/// Sets the channel's needs; "unknown" takes an answer away. An error names the flag, what was expected and the nearest
/// valid word. Returns the indices of the needs that were set, in order.
Result<std::vector<std::size_t>> apply_answers(const rules::Rules& rules, const std::vector<std::string>& answers, const std::string& flag, Channel& channel);

}  // namespace ipc_advisor::app
