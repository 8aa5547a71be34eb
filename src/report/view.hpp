// A report as the values that the templates show: every figure in words, nothing escaped yet.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "model.hpp"

namespace ipc_advisor::report {

/// The whole report in a line, verdict first: "client-api: use unix-stream, confirmed on this host", "2 errors in 1 file".
std::string headline(const Report& report);

/// The keys are the names in the templates. Channels come in the report's order, and nothing else is added to them.
nlohmann::ordered_json view_of(const Report& report);

}  // namespace ipc_advisor::report
