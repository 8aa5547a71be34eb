// The exit codes, the same whatever the format.
#pragma once

namespace ipc_advisor::app {

enum class ExitCode {
  fine = 0,
  findings = 1,      ///< findings at or above the fail level, or the recommendation is refuted
  unusable = 2,      ///< usage, file, rules or tool error
  undecided = 3,     ///< an essential answer is missing and nobody can be asked
  inconclusive = 4,  ///< only under --strict
};

}  // namespace ipc_advisor::app
