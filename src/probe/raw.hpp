// What one round of one probe brings home: samples, not statistics. Rounds of the same mechanism are summarised together.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "model.hpp"

namespace ipc_advisor::probe {

/// What to do in one round.
struct Plan {
  std::uint64_t message_bytes = 64;
  int clients = 64;
  double seconds = 0.3;             ///< for the figures of this round
  double trial_seconds = 1.0;       ///< at most, for its trials
  double rate = 0;                  ///< messages a second at which round trips are timed too; 0: none
  bool growing = false;             ///< also with 1, 2, 4 and so on clients, up to `clients`
  bool together = false;            ///< both ends on one CPU, though more are usable
  bool run_trials = true;
  bool all_modes = true;            ///< also the modes beside the headline
  std::optional<std::uint64_t> buffer;  ///< the buffers of the expert's flows, as an earlier round found them; none: to be found
  std::vector<std::string> trials;  ///< wanted ids; empty: all
};

/// Round trips of one payload size in one mode, in nanoseconds, in the order in which they were taken.
struct Slice {
  std::uint64_t bytes = 0;
  std::string mode;
  std::vector<double> ns;
  double switches = 0;  ///< voluntary context switches of the timing end a round trip
  std::vector<double> late_ns;  ///< where paced: how late each pause ended
};

/// Bytes a second of one write size, from the first byte's arrival to the last one's.
struct Flow {
  std::uint64_t bytes = 0;
  double bytes_per_s = 0;
  std::string mode;
  std::uint64_t buffer = 0;  ///< what the kernel was asked to hold; 0: as programs get it unasked
};

struct RawResult {
  std::string mechanism;
  ProbeEnd end = ProbeEnd::not_run;
  std::string because;
  std::string placement;
  double hop_ns = 0;  ///< a cache line's way from one CPU to the other and back: the label of the host's state; 0: one CPU
  double waited = 0;            ///< share of the time in which the timing end was ready to run and another had its CPU
  std::vector<double> late_ns;  ///< how late bare sleeps ended
  std::vector<Slice> slices;
  std::vector<Flow> flows;
  std::vector<Trial> trials;
};

std::string to_json(const Plan& plan);
Result<Plan> plan_from_json(std::string_view text);
std::string to_json(const RawResult& raw);
Result<RawResult> raw_from_json(std::string_view text);

/// One result from all rounds of one mechanism. The first round of three or more is left out of the figures. A failed
/// round beside measured ones makes the whole result failed, since a figure would hide it.
ProbeResult summarise(const std::vector<RawResult>& rounds);

/// Whether more rounds would say no more: six or more, every headline and paced median's interval within 5 % of it on
/// either side, and its 99th percentile there.
bool is_steady(const std::vector<RawResult>& rounds);

}  // namespace ipc_advisor::probe
