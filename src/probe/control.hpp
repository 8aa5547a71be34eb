// Controls: what the host does while figures are taken, measured without any mechanism. They tell a slow mechanism from a
// disturbed host.
#pragma once

#include <cstdint>
#include <vector>

#include "probe/harness.hpp"

namespace ipc_advisor::probe {

/// How long two cache lines, one for each direction, take to say "there" and "back" between the CPUs, in nanoseconds: the
/// median of some hundreds. No hand-over through memory can be faster; it labels the state that the host is in. 0 where both ends share a CPU.
double time_hop(const Placement& placement);

/// What a pair of readings of the clock adds to what lies between them, and the steps that it counts in, both in ns.
struct ClockError {
  double cost = 0, step = 0;
};
ClockError time_clock();

/// Sleeps until that time of CLOCK_MONOTONIC and returns by how many nanoseconds the wake-up was late.
double sleep_until(std::int64_t due_ns);

/// How late each of a few dozen bare sleeps ended, in nanoseconds.
std::vector<double> time_wake_ups();

/// The nanoseconds that this process has been ready to run and waited for a CPU so far (proc(5), /proc/pid/schedstat); 0
/// where the kernel does not say.
double waited_ns();

}  // namespace ipc_advisor::probe
