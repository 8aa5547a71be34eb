// Why the trees' answer fell, what would flip the pick, and what was assumed; all found by enumeration.
#pragma once

#include <string_view>
#include <vector>

#include "engine/decide.hpp"
#include "model.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::engine {

/// Words the case that the trees' answer falls and another mechanism takes its place.
void explain_fall(const rules::Rules& rules, const std::vector<Need>& completed, const Outcome& outcome, Decision& decision);

/// Every change of one stated or assumed answer that changes the pick: the nearest change for each other mechanism.
std::vector<Flip> flips_of(const rules::Rules& rules, const Channel& channel, std::string_view pick);

/// The unstated needs whose answer would change the pick; those that would not are left out.
std::vector<Assumption> assumptions_of(const rules::Rules& rules, const Channel& channel, std::string_view pick);

/// The pick if one need had another answer, everything else as stated.
std::string pick_with(const rules::Rules& rules, const Channel& channel, std::size_t need, const Value& value);

}  // namespace ipc_advisor::engine
