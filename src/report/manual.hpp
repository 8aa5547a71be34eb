// The manuals that the rules themselves are the source of, as mdoc(7).
#pragma once

#include <span>
#include <string>

#include "report/command.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::report {

/// ipc-advisor-requirements(5): the requirements file and every need that it may state.
std::string requirements_manual(const rules::Rules& rules);

/// ipc-advisor-rules(7): mechanisms, trees, lint rules, layered rules, verdicts and exit codes.
std::string rules_manual(const rules::Rules& rules, std::span<const ExitMeaning> exit_codes);

}  // namespace ipc_advisor::report
