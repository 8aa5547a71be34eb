// The manuals, made from the command line and the rules, as mdoc(7).
#pragma once

#include <span>
#include <string>

#include "report/command.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::report {

/// ipc-advisor(1): verbs, options, formats, exit codes, and how they are used.
std::string program_manual(const Command& program, std::span<const ExitMeaning> exit_codes);

/// ipc-advisor-requirements(5): the requirements file and every need that it may state.
std::string requirements_manual(const rules::Rules& rules);

/// ipc-advisor-rules(7): mechanisms, trees, lint rules, layered rules, verdicts and exit codes.
std::string rules_manual(const rules::Rules& rules, std::span<const ExitMeaning> exit_codes);

}  // namespace ipc_advisor::report
