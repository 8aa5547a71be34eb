// Reads a recorded JSON report: its probe results, to judge again without measuring, or all that a comparison looks at.
#pragma once

#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "model.hpp"

namespace ipc_advisor::report {

/// The report's "probes" and "host"; the host is empty where the recording has none. Errors: not JSON, another schema, an
/// entry that cannot be read (with its number).
struct Recording {
  std::vector<ProbeResult> probes;
  Host host;
};
Result<Recording> recording_from_report(std::string_view json);

/// The same with versions and, of each channel, its decision, verdict and checks. Everything else stays empty.
Result<Report> compared_part_of_report(std::string_view json);

}  // namespace ipc_advisor::report
