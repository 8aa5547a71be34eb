// Where probe results come from: this host, a recording, or nowhere.
#pragma once

#include <vector>

#include "app/options.hpp"
#include "base/error.hpp"
#include "model.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::app {

/// A channel and its decision; the channel belongs to the requirements.
struct Decided {
  const Channel* channel;
  Decision decision;
};

/// Probe results, one list a channel, since each is probed at its own size and load.
struct Probed {
  Host host;
  std::vector<std::vector<ProbeResult>> by_channel;

  /// All of them, each mechanism of the first channel that probed it.
  std::vector<ProbeResult> all() const;
};

/// Live results for the leading candidates of each channel; those of `--replay FILE`; or none with `--no-probe`.
Result<Probed> results_for(const rules::Rules& rules, const std::vector<Decided>& decided, const Options& options);

/// Live results for the named mechanisms, or for all that have a probe.
Result<Probed> results_of_all(const Options& options, double default_budget_s);

}  // namespace ipc_advisor::app
