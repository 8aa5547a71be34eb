// Experiments on memory that two processes map.
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/os.hpp"
#include "probe/control.hpp"
#include "probe/harness.hpp"
#include "probe/ring.hpp"

namespace ipc_advisor::probe {
namespace {

constexpr std::size_t record_words = 1024;

void reap(int pid) {
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

Trial try_torn_write(const MakeMapping& make) {
  constexpr std::string_view id = "torn-write";
  const auto mapping = make(record_words * sizeof(std::uint64_t));
  if (!mapping) return broken(id, mapping.error());
  auto* words = static_cast<volatile std::uint64_t*>(mapping->address());
  for (std::size_t i = 0; i < record_words; ++i) words[i] = 1;
  const auto pid = fork_bound();
  if (!pid) return broken(id, pid.error());
  if (*pid == 0) {
    for (std::size_t i = 0; i < record_words; ++i) {
      if (i == record_words / 2) raise(SIGKILL);
      words[i] = 2;
    }
    _exit(0);
  }
  reap(*pid);
  std::size_t old_words = 0, new_words = 0;
  for (std::size_t i = 0; i < record_words; ++i) (words[i] == 1 ? old_words : new_words) += 1;
  if (old_words > 0 && new_words > 0)
    return confirmed(id, fmt::format("a writer killed in mid-update left {} new words beside {} old ones", new_words, old_words));
  return refuted(id, fmt::format("after a writer was killed in mid-update the record was whole: {} new words, {} old ones", new_words, old_words));
}

Trial try_same_pages(const MakeMapping& make) {
  constexpr std::string_view id = "same-pages";
  const auto mapping = make(sizeof(std::uint64_t));
  if (!mapping) return broken(id, mapping.error());
  auto* word = static_cast<volatile std::uint64_t*>(mapping->address());
  const auto pid = fork_bound();
  if (!pid) return broken(id, pid.error());
  if (*pid == 0) {
    *word = 0x1234;
    _exit(0);
  }
  reap(*pid);
  return *word == 0x1234 ? confirmed(id, "a store by one process was read by the other, with no call in between") : refuted(id, "the other process's store was not seen");
}

Trial try_late_reader(const std::string& path, const std::function<Result<Mapping>(int fd, std::size_t bytes)>& map) {
  constexpr std::string_view id = "late-reader-sees-past";
  const Fd file(open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.valid()) return broken(id, system_error("open " + path, errno));
  const auto pid = fork_bound();
  if (!pid) return broken(id, pid.error());
  if (*pid == 0) {
    const auto mapping = map(file.get(), 4096);
    if (mapping) std::memcpy(mapping->address(), "past", 4);
    _exit(mapping ? 0 : 1);
  }
  reap(*pid);
  char seen[4] = {};
  const Fd late(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const bool found = late.valid() && pread(late.get(), seen, 4, 0) == 4 && std::memcmp(seen, "past", 4) == 0;
  unlink(path.c_str());
  return found ? confirmed(id, "what a writer stored before it ended was there for a later reader") : refuted(id, "a later reader did not find what was stored");
}

namespace {

// A ring of numbers with one cursor a reader; the writer waits for the slowest. All zero is the empty state.
struct Broadcast {
  static constexpr std::size_t readers = 4, slots = 64;
  static constexpr std::uint64_t messages = 20000;
  std::atomic<std::uint64_t> written;
  std::atomic<std::uint64_t> read[readers];
  std::uint64_t slot[slots];
};

// Exit status 0 where every message came, in order.
int read_all(Broadcast& shared, std::size_t reader) {
  for (std::uint64_t next = 0; next < Broadcast::messages; ++next) {
    while (shared.written.load(std::memory_order_acquire) == next) {
      if (deadline_passed()) return 2;
      sched_yield();
    }
    if (shared.slot[next % Broadcast::slots] != next * 7) return 1;
    shared.read[reader].store(next + 1, std::memory_order_release);
  }
  return 0;
}

bool write_all(Broadcast& shared) {
  for (std::uint64_t next = 0; next < Broadcast::messages; ++next) {
    for (const auto& cursor : shared.read)
      while (next - cursor.load(std::memory_order_acquire) >= Broadcast::slots) {
        if (deadline_passed()) return false;
        sched_yield();
      }
    shared.slot[next % Broadcast::slots] = next * 7;
    shared.written.store(next + 1, std::memory_order_release);
  }
  return true;
}

}  // namespace

Trial try_every_reader(const MakeMapping& make) {
  constexpr std::string_view id = "every-reader-sees-all";
  const auto mapping = make(sizeof(Broadcast));
  if (!mapping) return broken(id, mapping.error());
  auto& shared = *static_cast<Broadcast*>(mapping->address());
  std::vector<int> readers;
  for (std::size_t i = 0; i < Broadcast::readers; ++i) {
    const auto pid = fork_bound();
    if (pid && *pid == 0) _exit(read_all(shared, i));
    if (pid) readers.push_back(*pid);
  }
  const bool all_started = readers.size() == Broadcast::readers;
  const std::int64_t begin = now_ns();
  const bool done = all_started && write_all(shared);
  int good = 0;
  for (const int pid : readers) {
    int status = 0;
    if (!done) kill_and_reap(pid);
    else if (waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0) ++good;
  }
  if (!all_started) return broken(id, {ErrorKind::exhausted, "four readers could not be started"});
  if (!done) return broken(id, {ErrorKind::timed_out, "the readers did not keep up before the deadline"});
  if (good == static_cast<int>(Broadcast::readers)) {
    Trial trial = confirmed(id, fmt::format("{} readers each saw all {} messages of one writer, in order", good, Broadcast::messages));
    trial.figure = static_cast<double>(Broadcast::messages) * 1e9 / static_cast<double>(now_ns() - begin);
    trial.unit = "messages/s";
    return trial;
  }
  return refuted(id, fmt::format("only {} of {} readers saw every message", good, Broadcast::readers));
}

namespace {

constexpr std::size_t block = 65536;

// A block handed over and back by a flag, with nothing else around the two copies.
struct Handover {
  alignas(128) std::atomic<std::uint32_t> turn;
  alignas(128) std::byte bytes[block];
};

Result<double> bare_copies(Handover& shared, const Placement& placement, double seconds) {
  const auto pid = fork_bound();
  if (!pid) return tl::unexpected(pid.error());
  std::vector<std::byte> own(block, std::byte{1});
  if (*pid == 0) {
    pin_to(placement.server_cpu);
    for (;;) {
      while (shared.turn.load(std::memory_order_acquire) == 0)
        if (deadline_passed()) _exit(0);
      std::memcpy(own.data(), shared.bytes, block);
      shared.turn.store(0, std::memory_order_release);
    }
  }
  pin_to(placement.client_cpu);
  const std::int64_t begin = now_ns(), until = begin + static_cast<std::int64_t>(seconds * 1e9);
  double copied = 0;
  for (; now_ns() < until; copied += block) {
    std::memcpy(shared.bytes, own.data(), block);
    shared.turn.store(1, std::memory_order_release);
    while (shared.turn.load(std::memory_order_acquire) == 1)
      if (deadline_passed()) break;
  }
  const double rate = copied * 1e9 / static_cast<double>(now_ns() - begin);
  kill_and_reap(*pid);
  return rate;
}

}  // namespace

Trial try_memory_bound(const MakeMapping& make, const Probe& probe, const Place& place) {
  constexpr std::string_view id = "memory-bound";
  const Placement placement = choose_placement();
  if (placement.client_cpu == placement.server_cpu) return not_run(id, "only one CPU is usable: nothing crosses from one cache to another");
  const auto mapping = make(sizeof(Handover));
  if (!mapping) return broken(id, mapping.error());
  Place own = place;
  own.mode = "spinning";
  // In turns, since whoever takes a CPU away disturbs one of the two: that can only hide what the ring is able to do.
  constexpr int turns = 5;
  constexpr double enough = 0.5, far_too_little = 0.25, busy = 0.1;
  const double waited = waited_ns();
  const std::int64_t start = now_ns();
  double best = 0, copied = 0, moved = 0;
  for (int i = 0; i < turns && best < enough; ++i) {
    const auto copies = bare_copies(*static_cast<Handover*>(mapping->address()), placement, 0.01);
    const auto flow = time_flow(probe, own, placement, block, 0.01);
    if (!copies) return broken(id, copies.error());
    if (!flow) return broken(id, flow.error());
    copied = std::max(copied, *copies);
    moved = std::max(moved, flow->bytes_per_s);
    best = moved / copied;
  }
  const bool disturbed = (waited_ns() - waited) / static_cast<double>(now_ns() - start) > busy;
  const std::string text = fmt::format("the ring moves {:.2f} of what bare copies between the two CPUs move in the same run{}", best, disturbed ? ", while other programs had the CPU" : "");
  Trial trial = best >= enough ? confirmed(id, text) : best < far_too_little && !disturbed ? refuted(id, text) : broken(id, {ErrorKind::io, text});
  trial.figure = moved;
  trial.unit = "bytes/s";
  return trial;
}

Trial try_ring(std::string_view id, std::string_view mode, const Probe& probe, const Place& place) {
  if (mode == "spinning" && place.one_cpu) return not_run(id, "only one CPU is usable: a spinning end would keep the other from running");
  Place own = place;
  own.mode = mode;
  const auto slice = time_round_trips(probe, own, choose_placement(), 64, 0.02);
  if (!slice) return broken(id, slice.error());
  if (slice->ns.empty()) return broken(id, {ErrorKind::timed_out, "no round trip was finished in 20 ms"});
  return confirmed(id, fmt::format("{} verified round trips through two rings", slice->ns.size()));
}

}  // namespace ipc_advisor::probe
