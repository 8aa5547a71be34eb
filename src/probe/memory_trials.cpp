// Experiments on memory that two processes map.
#include <csignal>
#include <cerrno>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/os.hpp"
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
