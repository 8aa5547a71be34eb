// Holds a decision against what the probes measured: the verdict over its checks, and the next candidate where the leader is refuted.
#pragma once

#include <string>
#include <vector>

#include "model.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::engine {

/// The mechanisms worth probing for a decision, the leader first: at most `count` that still stand and have a probe.
std::vector<std::string> to_probe(const Decision& decision, const std::vector<std::string>& with_probe, std::size_t count);

/// The verdict over checks: refuted before inconclusive before confirmed; confirmed needs a probe that measured and one
/// check that could have failed. `because` says it in a sentence.
struct Judgement {
  Verdict verdict = Verdict::not_run;
  std::string because;
};
Judgement judge_checks(const std::vector<Check>& checks, const ProbeResult* probe, std::string_view mechanism);

/// The channel's report. A refuted leader falls where a later candidate is confirmed; the fall is in the candidates.
ChannelReport judge(const rules::Rules& rules, const Channel& channel, Decision decision, const std::vector<ProbeResult>& probes);

/// False where a capability refutes the recommendation, or a figure does and `timings_gate`.
bool passes_gate(const ChannelReport& report, bool timings_gate);

}  // namespace ipc_advisor::engine
