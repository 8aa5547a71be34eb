// What was measured, for people: figures, ranges, sizes, trials.
#pragma once

#include <vector>

#include "model.hpp"
#include "report/layout.hpp"

namespace ipc_advisor::report {

/// Adds the tables that the page's style asks for.
void add_probes(Page& page, const std::vector<ProbeResult>& probes);

}  // namespace ipc_advisor::report
