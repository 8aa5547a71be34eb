// claims: the ledger, with verdicts after --probe or --replay.
#include "engine/claims.hpp"

#include "app/load.hpp"
#include "app/output.hpp"
#include "app/probing.hpp"

namespace ipc_advisor::app {

ExitCode claims(const Options& options) {
  const auto rules = load_effective_rules(options);
  if (!rules) return complain(rules.error().message), ExitCode::unusable;
  Report report = empty_report(*rules);
  if (options.probe || !options.replay.empty()) {
    auto probed = results_of_all(options, 6.0);
    if (!probed) return complain(probed.error().message), ExitCode::unusable;
    report.host = probed->host;
    report.probes = probed->all();
  }
  report.claims = engine::settle_claims(*rules, report.probes);
  if (const auto written = write_report(report, options); !written) return complain(written.error().message), ExitCode::unusable;
  return ExitCode::fine;
}

}  // namespace ipc_advisor::app
