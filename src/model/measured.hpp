// What the probes found on this host: figures, trials, and the host itself. Plain data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ipc_advisor {

/// How a probe ended. Only `measured` can support a verdict of confirmed.
enum class ProbeEnd { measured, unsupported, failed, crashed, timed_out, not_run };

enum class Verdict { confirmed, refuted, inconclusive, not_run, not_applicable };

/// One of the states that a host was in: how far apart its two CPUs were, and the median of the rounds in that state.
struct HostState {
  double hop_ns = 0;
  double median_ns = 0;
  std::size_t rounds = 0;
};

/// Round trips of one payload size, in nanoseconds. low/high: 95 % interval of the median, with what a host may differ by
/// from one minute to the next.
struct RoundTrip {
  std::uint64_t bytes = 0;
  double median_ns = 0, low_ns = 0, high_ns = 0;
  std::optional<double> p99_ns, p99_low_ns, p99_high_ns;  ///< absent where there were too few samples
  std::uint64_t samples = 0;
  std::string mode;  ///< "" the headline; else "spinning", "sleeping", "busy-polled", "one-cpu", "paced" or what the probe names
  double switches = 0;  ///< voluntary context switches of the timing end a round trip
  std::vector<HostState> states;  ///< where the host changed its state between rounds: the median in each, nearest CPUs first
  std::vector<double> rounds_ns;  ///< the median of each round, in the order in which they were taken
  std::uint64_t outliers = 0;     ///< samples beyond the upper quartile by more than three times the quartiles' distance; kept
};

/// One-way bytes per second at one write size, with a 95 % interval.
struct Throughput {
  std::uint64_t bytes = 0;
  double bytes_per_s = 0, low = 0, high = 0;
  std::string mode;  ///< "" with the defaults that users get; "expert": buffers, a receiver that polls, TCP gathering small writes
  std::vector<double> rounds;  ///< bytes a second of each round, in the order in which they were taken
  std::uint64_t buffer = 0;    ///< bytes that the kernel was asked to buffer; 0: what programs get unasked
};

/// A yes/no experiment. `figure` is what it measured beside the verdict, where there is such a thing.
struct Trial {
  std::string id;
  Verdict verdict = Verdict::not_run;
  std::string because;
  std::optional<double> figure;
  std::string unit;
};

/// What a probe was told to measure. Figures of different parameters say nothing of each other.
struct Parameters {
  std::uint64_t message_bytes = 0;
  int clients = 0;
  double rate = 0;        ///< messages a second of the rounds with pauses; 0: there were none
  bool together = false;  ///< both ends on one CPU
};

struct ProbeResult {
  std::string mechanism;
  ProbeEnd end = ProbeEnd::not_run;
  std::string because;  ///< the reason, for every end but measured
  std::vector<RoundTrip> round_trip;
  std::vector<Throughput> throughput;
  std::vector<Trial> trials;
  std::string placement;  ///< "CPUs 0 and 1", "CPU 0"
  double waited = 0;                  ///< share of the time in which the timing end was ready and another program had its CPU
  std::optional<Parameters> parameters;  ///< absent in recordings that are older than they are
  std::optional<double> late_p99_ns;  ///< how late a bare sleep ended meanwhile, 99th percentile: no mechanism can do better
};

/// What the figures were taken on. Unknown fields are empty or absent.
struct Host {
  std::string kernel, cpu_model, governor, hypervisor, container;
  int usable_cpus = 0;
  std::optional<double> cpu_quota;  ///< CPUs allowed by the cgroup
  double load_1min = 0;
  std::vector<std::pair<std::string, std::string>> limits;
  std::vector<std::string> warnings;
};

}  // namespace ipc_advisor
