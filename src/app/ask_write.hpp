// Where an interview's answers go: a new requirements file, a channel more in an existing one, or, unfinished, a file beside it.
#pragma once

#include <string>

#include "app/options.hpp"
#include "base/error.hpp"
#include "model.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::app {

/// Whether the channel may be written there, before anything is asked. An existing requirements file gets one more
/// channel; one that has that name already, and a file of another kind, are errors without --force.
Result<void> check_target(const rules::Rules& rules, const Options& options, const std::string& channel);

/// Writes the channel with the decision's choice. What else stands in an existing requirements file stays byte for byte. What the
/// linter has to remark on it is allowed by comments, since it was told. Whole or not at all; says what was done.
Result<std::string> write_channel(const rules::Rules& rules, const Options& options, const Channel& channel, const Decision& decision);

/// Saves answers that lack a decision beside the file that was to be written, under a name that is not taken; --from reads
/// them. Returns that name.
Result<std::string> save_unfinished(const rules::Rules& rules, const Options& options, const Channel& channel);

}  // namespace ipc_advisor::app
