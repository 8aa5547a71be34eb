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

/// Every change of one stated answer that changes the pick: the nearest change for each other mechanism.
std::vector<Flip> flips_of(const rules::Rules& rules, const Channel& channel, std::string_view pick);

/// For each mechanism that none of `flips` leads to, the smallest change of two stated answers that does.
std::vector<Flip> wider_flips_of(const rules::Rules& rules, const Channel& channel, std::string_view pick, const std::vector<Flip>& flips);

/// Why a mechanism is not the pick: every trait that speaks against it, or what the pick has over it; and the smallest
/// changes of one or else two answers, assumed ones among them, that would make it the pick.
WhyNot why_not(const rules::Rules& rules, const Channel& channel, const Decision& decision, std::string_view mechanism);

/// The unstated needs whose answer would change the pick; those that would not are left out.
std::vector<Assumption> assumptions_of(const rules::Rules& rules, const Channel& channel, std::string_view pick);

}  // namespace ipc_advisor::engine
