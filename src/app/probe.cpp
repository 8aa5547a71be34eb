// probe: measure mechanisms; with --here one round of one of them in this process, as the supervisor's child does.
#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "app/compare.hpp"
#include "app/load.hpp"
#include "app/output.hpp"
#include "app/probing.hpp"
#include "base/os.hpp"
#include "base/text.hpp"
#include "probe/probe.hpp"
#include "probe/run.hpp"
#include "report/words.hpp"

namespace ipc_advisor::app {
namespace {

Result<void> check_names(const Options& options, const rules::Rules& rules) {
  std::vector<std::string> known;
  for (const probe::Probe* probe : probe::all_probes()) known.emplace_back(probe->id);
  for (const std::string& name : options.mechanisms) {
    if (probe::find_probe(name) != nullptr) continue;
    if (rules.mechanism(name) != nullptr) return fail(ErrorKind::usage, fmt::format("{} is known but has no probe; there are probes for {}", name, join(known, ", ", " and ")));
    const auto near = nearest_word(name, known);
    return fail(ErrorKind::usage, fmt::format("\"{}\" is not a mechanism{}", printable(name),
                                              near ? fmt::format("; did you mean \"{}\"?", *near) : "; there are probes for " + join(known, ", ", " and ")));
  }
  return {};
}

// Fastest first; what has no figure comes last.
void sort_by(const std::string& what, std::vector<ProbeResult>& probes) {
  const auto key = [&](const ProbeResult& probe) {
    const RoundTrip* round = report::smallest_round_trip(probe);
    const Throughput* flow = report::best_throughput(probe, "");
    if (what == "latency") return round == nullptr ? std::numeric_limits<double>::infinity() : round->median_ns;
    return flow == nullptr ? std::numeric_limits<double>::infinity() : -flow->bytes_per_s;
  };
  if (what != "name") std::stable_sort(probes.begin(), probes.end(), [&](const ProbeResult& a, const ProbeResult& b) { return key(a) < key(b); });
}

ExitCode probe_here(const Options& options) {
  if (options.mechanisms.size() != 1) return complain("--here takes exactly one mechanism"), ExitCode::unusable;
  probe::Plan plan;
  plan.message_bytes = options.size;
  plan.clients = options.clients;
  plan.growing = options.clients_asked;
  plan.together = options.together;
  if (!options.plan.empty()) {
    auto given = probe::plan_from_json(options.plan);
    if (!given) return complain(given.error().message), ExitCode::unusable;
    plan = std::move(*given);
  }
  arm_deadline(plan.seconds + plan.trial_seconds);
  const probe::RawResult raw = probe::run_here(options.mechanisms.front(), plan);
  const auto printed = print(probe::to_json(raw) + "\n");
  return printed ? ExitCode::fine : ExitCode::unusable;
}

}  // namespace

ExitCode probe(const Options& options) {
  if (options.here) return probe_here(options);
  const auto rules = load_effective_rules(options);
  if (!rules) return complain(rules.error().message), ExitCode::unusable;
  if (const auto known = check_names(options, *rules); !known) return complain(known.error().message), ExitCode::unusable;
  const auto earlier = earlier_report(options);
  if (!earlier) return complain(earlier.error().message), ExitCode::unusable;
  Report report = empty_report(*rules);
  const double budget = options.mechanisms.empty() ? 7.0 : 1.3 * static_cast<double>(options.mechanisms.size());
  const auto probed = results_of_all(options, budget);
  if (!probed) return complain(probed.error().message), ExitCode::unusable;
  report.host = probed->host;
  report.probes = probed->all();
  sort_by(options.sort, report.probes);
  const auto compared = hold_against(*earlier, options, report);
  if (const auto written = write_report(report, options); !written) return complain(written.error().message), ExitCode::unusable;
  if (!compared) return complain(compared.error().message), ExitCode::unusable;
  return ExitCode::fine;
}

}  // namespace ipc_advisor::app
