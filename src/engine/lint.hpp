// The linter: what the reader found, contradictions among needs, and the chosen mechanism held against them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model.hpp"
#include "rules/requirements.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::engine {

/// All findings of one file, sorted by position and code. `uses` is held against the very traits by which the engine
/// eliminates, with stated needs only: what nobody said is never a finding.
/// `on_host` are the findings of the host's experiments, where those were made: they are allowed and sorted like the rest.
std::vector<Finding> lint(const rules::Rules& rules, const rules::Requirements& requirements, const std::optional<std::vector<Finding>>& on_host = std::nullopt);

/// A finding of that rule about one channel, at the rule's key where the channel states it, else at its header.
Finding finding_of(const rules::Rules& rules, const rules::LintRule& rule, const Channel& channel, std::string message);

}  // namespace ipc_advisor::engine
