// JSON Schemas (draft-07): of ipc.toml, made from the needs, for editors; and of the JSON report.
#pragma once

#include <string>

#include "rules/rules.hpp"

namespace ipc_advisor::report {

/// What a requirements file may hold. Quantities are strings with a pattern, made from the units that the reader knows.
std::string requirements_schema(const rules::Rules& rules);

/// What `-o json` prints, version 1.
std::string report_schema();

}  // namespace ipc_advisor::report
