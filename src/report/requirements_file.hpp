// Writes answers down as an ipc.toml that recommend and lint read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::report {

/// A whole requirements file with one channel: what was answered, each with its question as a comment; and, with a
/// decision, what the project then uses: the mechanism and its framing.
std::string requirements_file(const rules::Rules& rules, std::string_view project, const Channel& channel, const Decision* decision);

/// The [[channel]] table of it alone.
std::string channel_section(const rules::Rules& rules, const Channel& channel, const Decision* decision);

/// An annotated sample: every need with its question, its values and why it is asked. What a recommendation cannot do
/// without is stated, the rest is a comment to uncomment.
std::string sample_file(const rules::Rules& rules);

/// The line that would answer a need: `reach = "same-host"   # same-host | both | …`.
std::string answer_line(const rules::NeedDef& need);

}  // namespace ipc_advisor::report
