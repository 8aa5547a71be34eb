// Probe results as the "probes" entries of the JSON report.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "model.hpp"

namespace ipc_advisor::probe {

/// One entry of the report's "probes", compact, without a final newline.
std::string to_json(const ProbeResult& result);

/// The inverse. Errors name the key that is missing or of the wrong type; unknown keys are ignored.
Result<ProbeResult> probe_result_from_json(std::string_view text);

/// What a probe was told, as the reports have it.
std::string to_json(const Parameters& parameters);
/// The inverse; the error names the key.
Result<Parameters> parameters_from_json(std::string_view text);

}  // namespace ipc_advisor::probe
