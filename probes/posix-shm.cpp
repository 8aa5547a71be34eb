// shm_open and mmap: two rings in one shared mapping.
#include <cerrno>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probe/limits.hpp"
#include "probe/reach.hpp"

namespace ipc_advisor::probe {
namespace {

Result<Fd> create(const std::string& name) {
  const int number = shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600);
  if (number < 0) return fail_errno("shm_open " + name, errno);
  return Fd(number);
}

// The name goes at once: the mapping is inherited, and a name left behind would outlive a crash.
Result<Mapping> fresh(const Place& place, std::size_t bytes) {
  const std::string name = memory_name(place.folder);
  const auto object = create(name);
  if (!object) return tl::unexpected(object.error());
  shm_unlink(name.c_str());
  return map_shared(object->get(), bytes);
}

Result<std::unique_ptr<Link>> prepare(const Place& place) {
  auto mapping = fresh(place, sizeof(Rings));
  if (!mapping) return tl::unexpected(mapping.error());
  return ring_link(std::move(*mapping), waiting_of(place.mode, place.one_cpu));
}

Trial try_other_user_open(const Place& place) {
  constexpr std::string_view id = "other-user-refused";
  const std::string name = memory_name(place.folder);
  const auto object = create(name);
  if (!object) return broken(id, object.error());
  const auto outcome = as_other_user([&] { return shm_open(name.c_str(), O_RDWR, 0) >= 0 ? 0 : errno; });
  shm_unlink(name.c_str());
  return judge_other_user(id, outcome, true, "open the object");
}

Trial try_object_from_elsewhere(const Place& place) {
  const std::string name = memory_name(place.folder);
  const auto object = create(name);
  if (!object) return broken("other-namespace-refused", object.error());
  Trial trial = try_out_of_reach("its object", "/dev/shm", [&] { return Fd(shm_open(name.c_str(), O_RDWR, 0)).valid(); });
  shm_unlink(name.c_str());
  return trial;
}

Leaving leaving_object(const Place& place) {
  const std::string name = memory_name(place.folder);
  return {.create = [=] { return shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600) >= 0; },
          .stays = [=]() -> std::string {
            const Fd object(shm_open(name.c_str(), O_RDWR, 0));
            return object.valid() ? "its object stays, with the memory, until somebody unlinks it or the host restarts" : "";
          },
          .remove = [=] { shm_unlink(name.c_str()); }};
}

MakeMapping maker(const Place& place) {
  return [place](std::size_t bytes) { return fresh(place, bytes); };
}

}  // namespace

extern const Probe posix_shm_probe;
const Probe posix_shm_probe{
    .id = "posix-shm",
    .modes = {"", "spinning", "sleeping"},
    .prepare = prepare,
    .trials = {{"two-way", [](const Place& place) { return try_ring("two-way", "", posix_shm_probe, place); }},
               {"spinning-ring", [](const Place& place) { return try_ring("spinning-ring", "spinning", posix_shm_probe, place); }},
               {"sleeping-ring", [](const Place& place) { return try_ring("sleeping-ring", "sleeping", posix_shm_probe, place); }},
               {"same-pages", [](const Place& place) { return try_same_pages(maker(place)); }},
               {"every-reader-sees-all", [](const Place& place) { return try_every_reader(maker(place)); }},
               {"memory-bound", [](const Place& place) { return try_memory_bound(maker(place), posix_shm_probe, place); }},
               {"descriptors-passed", [](const Place& place) { return try_descriptors(bare_pair(SOCK_STREAM), place); }},
               {"peer-credentials", [](const Place& place) { return try_peer_credentials(bare_pair(SOCK_STREAM), place); }},
               {"seals-hold", [](const Place&) { return try_sealed_memory(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL); }},
               {"robust-mutex", [](const Place&) { return try_robust_mutex(PTHREAD_MUTEX_ROBUST); }},
               {"torn-write", [](const Place& place) { return try_torn_write(maker(place)); }},
               {"other-user-refused", try_other_user_open},
               {"peer-death-seen", [](const Place& place) { return try_control_socket(bare_pair(SOCK_STREAM), place, "the control socket (memory alone is silent)"); }},
               {"other-namespace-refused", try_object_from_elsewhere},
               {"full-memory", [](const Place& place) { return try_small_memory(place); }},
               {"torn-write-detected", [](const Place& place) { return try_sequence_lock(maker(place)); }},
               {"left-behind", [](const Place& place) { return try_left_behind(leaving_object(place)); }}},
};

}  // namespace ipc_advisor::probe
