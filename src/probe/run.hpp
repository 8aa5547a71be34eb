// One round of one probe in this process.
#pragma once

#include <string_view>

#include "probe/raw.hpp"

namespace ipc_advisor::probe {

/// Runs the plan's trials and measures. Every failure is an end with its reason; the process's deadline (arm_deadline)
/// bounds the whole.
RawResult run_here(std::string_view mechanism, const Plan& plan);

}  // namespace ipc_advisor::probe
