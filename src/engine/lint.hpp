// The linter: what the reader found, contradictions among needs, and the chosen mechanism held against them.
#pragma once

#include <string>
#include <vector>

#include "model.hpp"
#include "rules/requirements.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::engine {

/// What a channel's own needs and choice bring about, added to `out` in the order of places.
void lint_channel(const rules::Rules& rules, const Channel& channel, std::vector<Finding>& out);

/// All of a file: what the reader found and what was found of its channels, allowed where a comment says so, sorted.
std::vector<Finding> settle(const rules::Rules& rules, const rules::Requirements& requirements, std::vector<Finding> of_channels, bool host_tried);

/// Both for a file that was read as a whole, without the host. `uses` is held against the very traits by which the engine
/// eliminates, with stated needs only: what nobody said is never a finding.
std::vector<Finding> lint(const rules::Rules& rules, const rules::Requirements& requirements);

/// Whether a rule finds what contradicts itself among the needs alone, whatever was chosen.
bool is_contradiction(const rules::Rules& rules, const rules::LintRule& rule);

/// What such rules find in a channel, in the rules' order.
std::vector<Finding> contradictions_of(const rules::Rules& rules, const Channel& channel);

/// A finding of that rule about one channel, at the rule's key where the channel states it, else at its header.
Finding finding_of(const rules::LintRule& rule, const Channel& channel, std::string message);

}  // namespace ipc_advisor::engine
