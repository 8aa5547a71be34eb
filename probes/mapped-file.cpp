// A file that both map: two rings in it, and what stays when a process goes.
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/os.hpp"
#include "probe/ring.hpp"
#include "probe/sockets.hpp"

namespace ipc_advisor::probe {
namespace {

Result<Fd> create(const std::string& path) {
  const int number = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (number < 0) return fail_errno("open " + path, errno);
  return Fd(number);
}

Result<Mapping> fresh(const Place& place, std::size_t bytes) {
  const std::string path = place.folder + "/map";
  const auto file = create(path);
  if (!file) return tl::unexpected(file.error());
  unlink(path.c_str());
  return map_shared(file->get(), bytes);
}

Result<std::unique_ptr<Link>> prepare(const Place& place) {
  auto mapping = fresh(place, sizeof(Rings));
  if (!mapping) return tl::unexpected(mapping.error());
  return ring_link(std::move(*mapping), waiting_of(place.mode, place.one_cpu));
}

MakeMapping maker(const Place& place) {
  return [place](std::size_t bytes) { return fresh(place, bytes); };
}

Trial try_other_user_open(const Place& place) {
  constexpr std::string_view id = "other-user-refused";
  const std::string path = place.folder + "/guarded";
  const auto file = create(path);
  if (!file) return broken(id, file.error());
  const auto outcome = as_other_user([&] { return open(path.c_str(), O_RDWR) >= 0 ? 0 : errno; });
  unlink(path.c_str());
  return judge_other_user(id, outcome, true, "open the file");
}

// A writer maps, stores and exits; a reader that comes later finds what was stored.
Trial try_late_reader(const Place& place) {
  constexpr std::string_view id = "late-reader-sees-past";
  const std::string path = place.folder + "/past";
  const auto file = create(path);
  if (!file) return broken(id, file.error());
  const auto pid = fork_bound();
  if (!pid) return broken(id, pid.error());
  if (*pid == 0) {
    const auto mapping = map_shared(file->get(), 4096);
    if (mapping) std::memcpy(mapping->address(), "past", 4);
    _exit(mapping ? 0 : 1);
  }
  while (waitpid(*pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  char seen[4] = {};
  const Fd late(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const bool found = late.valid() && pread(late.get(), seen, 4, 0) == 4 && std::memcmp(seen, "past", 4) == 0;
  unlink(path.c_str());
  return found ? confirmed(id, "what a writer stored before it ended was there for a later reader") : refuted(id, "a later reader did not find what was stored");
}

}  // namespace

extern const Probe mapped_file_probe;
const Probe mapped_file_probe{
    .id = "mapped-file",
    .modes = {"", "spinning", "sleeping"},
    .prepare = prepare,
    .trials = {{"two-way", [](const Place& place) { return try_ring("two-way", "", mapped_file_probe, place); }},
               {"spinning-ring", [](const Place& place) { return try_ring("spinning-ring", "spinning", mapped_file_probe, place); }},
               {"same-pages", [](const Place& place) { return try_same_pages(maker(place)); }},
               {"torn-write", [](const Place& place) { return try_torn_write(maker(place)); }},
               {"late-reader-sees-past", try_late_reader},
               {"other-user-refused", try_other_user_open},
               {"peer-death-seen", [](const Place&) { return try_control_socket("the control socket (a mapping alone is silent)"); }}},
};

}  // namespace ipc_advisor::probe
