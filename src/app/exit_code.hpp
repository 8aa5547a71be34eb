// The exit codes, the same whatever the format.
#pragma once

#include <array>

#include "report/command.hpp"

namespace ipc_advisor::app {

enum class ExitCode {
  fine = 0,
  findings = 1,      ///< findings at or above the fail level, or the recommendation is refuted
  unusable = 2,      ///< usage, file, rules or tool error
  undecided = 3,     ///< an essential answer is missing and nobody can be asked
  inconclusive = 4,  ///< only under --strict
};

/// Each of them as people read it.
inline constexpr std::array exit_meanings = {
    report::ExitMeaning{0, "fine"},
    report::ExitMeaning{1, "findings at or above the fail level, or the recommendation is refuted"},
    report::ExitMeaning{2, "an error of usage, of a file, of the rules or of the tool"},
    report::ExitMeaning{3, "undecided: an answer is missing and nobody can be asked"},
    report::ExitMeaning{4, "inconclusive, under --strict"},
};

}  // namespace ipc_advisor::app
