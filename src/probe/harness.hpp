// Two processes over one link: verified echo, timed round trips, timed one-way flows.
#pragma once

#include <cstdint>
#include <string>

#include "probe/probe.hpp"
#include "probe/raw.hpp"

namespace ipc_advisor::probe {

/// Where the two ends run: CPU numbers; the same one twice where only one is usable.
struct Placement {
  int client_cpu = 0;
  int server_cpu = 0;
  std::string words() const;
};
Placement choose_placement();

/// Round trips for that long, after a warm-up of 100; every echo is compared with what was sent. In the place's mode
/// "busy-polled" both ends poll; in "paced" each message waits for its turn at `rate` a second, which is how an idle
/// channel is met.
Result<Slice> time_round_trips(const Probe& probe, const Place& place, const Placement& placement, std::uint64_t bytes, double seconds, double rate = 0);

/// A one-way flow for that long, in the place's mode, in writes of that size, timed at the receiver, ending at the last byte's arrival.
Result<Flow> time_flow(const Probe& probe, const Place& place, const Placement& placement, std::uint64_t bytes, double seconds);

/// Sends awkward sizes there and back and compares every byte.
Trial try_payload(const Probe& probe, const Place& place);

}  // namespace ipc_advisor::probe
