// Cache line hand-overs, bare sleeps, and the kernel's own account of waiting.
#include "probe/control.hpp"

#include <atomic>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "base/files.hpp"
#include "base/os.hpp"
#include "probe/stats.hpp"

namespace ipc_advisor::probe {

double time_hop(const Placement& placement) {
  if (placement.client_cpu == placement.server_cpu) return 0;
  struct Lines {
    alignas(128) std::atomic<std::uint32_t> there;
    alignas(128) std::atomic<std::uint32_t> back;
  };
  void* memory = mmap(nullptr, sizeof(Lines), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 0;
  auto& lines = *static_cast<Lines*>(memory);
  const auto pid = fork_bound();
  if (pid && *pid == 0) {
    pin_to(placement.server_cpu);
    for (std::uint32_t turn = 1;; ++turn) {
      while (lines.there.load(std::memory_order_acquire) != turn)
        if (deadline_passed()) _exit(0);
      lines.back.store(turn, std::memory_order_release);
    }
  }
  std::vector<double> hops;
  if (pid) {
    pin_to(placement.client_cpu);
    const std::int64_t until = now_ns() + 3'000'000;
    constexpr int batch = 20;
    std::uint32_t turn = 0;
    for (std::int64_t start = now_ns(); start < until; start = now_ns()) {
      for (int i = 0; i < batch; ++i) {
        lines.there.store(++turn, std::memory_order_release);
        while (lines.back.load(std::memory_order_acquire) != turn)
          if (deadline_passed()) break;
      }
      hops.push_back(static_cast<double>(now_ns() - start) / batch);
    }
    kill_and_reap(*pid);
  }
  munmap(memory, sizeof(Lines));
  return hops.empty() ? 0 : median(std::move(hops));
}

ClockError time_clock() {
  constexpr int batches = 20, batch = 50;
  std::vector<double> costs, changes;
  double before = 0;
  for (int i = 0; i < batches; ++i) {
    const std::int64_t start = now_ns();
    std::int64_t last = start;
    for (int j = 0; j < batch; ++j) {
      const std::int64_t now = now_ns();
      const auto took = static_cast<double>(now - last);
      if (took != before) changes.push_back(std::abs(took - before));
      before = took;
      last = now;
    }
    costs.push_back(static_cast<double>(last - start) / batch);
  }
  return {median(std::move(costs)), changes.empty() ? 0 : median(std::move(changes))};
}

double sleep_until(std::int64_t due_ns) {
  const timespec time{due_ns / 1'000'000'000, due_ns % 1'000'000'000};
  // Otherwise the kernel may group timers, 50 us apart (prctl(2), PR_SET_TIMERSLACK).
  prctl(PR_SET_TIMERSLACK, 1UL);
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr) == EINTR && !deadline_passed()) {
  }
  return static_cast<double>(now_ns() - due_ns);
}

std::vector<double> time_wake_ups() {
  constexpr int count = 24;
  constexpr std::int64_t gap_ns = 100'000;
  std::vector<double> late;
  for (int i = 0; i < count && !deadline_passed(); ++i) late.push_back(sleep_until(now_ns() + gap_ns));
  return late;
}

double waited_ns() {
  const auto text = read_file("/proc/self/schedstat");
  if (!text) return 0;
  // Time on a CPU, time waiting for one, number of slices.
  const auto second = text->find(' ');
  return second == std::string::npos ? 0 : std::strtod(text->c_str() + second, nullptr);
}

}  // namespace ipc_advisor::probe
