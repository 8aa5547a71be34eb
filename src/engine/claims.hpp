// The ledger: each claim of the guide with its verdict on this host.
#pragma once

#include <string_view>
#include <vector>

#include "model.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::engine {

/// How a figure is judged, in a sentence; printed with the ledger.
inline constexpr std::string_view figure_rule =
    "A figure confirms its claim where the whole interval meets the guide's range, refutes it where the interval lies outside by more than half, "
    "and is inconclusive otherwise; on a host that was busy with other programs nothing is refuted.";

/// One verdict for each claim, in the ledger's order. Without probe results every claim that a probe settles is not-run.
std::vector<ClaimVerdict> settle_claims(const rules::Rules& rules, const std::vector<ProbeResult>& probes);

}  // namespace ipc_advisor::engine
