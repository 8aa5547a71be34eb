// Probe results out of a recorded JSON report, to judge again without measuring.
#pragma once

#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "model.hpp"

namespace ipc_advisor::report {

/// The report's "probes". Errors: not JSON, another schema, an entry that cannot be read (with its number).
Result<std::vector<ProbeResult>> probes_from_report(std::string_view json);

}  // namespace ipc_advisor::report
