// shmget and shmat: the older interface to the same pages.
#include <cerrno>
#include <sys/ipc.h>
#include <sys/shm.h>

#include "probe/limits.hpp"
#include "probe/namespaces.hpp"
#include "probe/reach.hpp"

namespace ipc_advisor::probe {
namespace {

// The segment of the probe's folder, which the folder's janitor removes where this process cannot any more.
int new_segment(const Place& place, std::size_t bytes) { return shmget(memory_key(place.folder), bytes, IPC_CREAT | IPC_EXCL | 0600); }

// Marked for removal as soon as it is attached: it goes with its last user, however that one dies (shmctl(2)).
Result<Mapping> fresh(const Place& place, std::size_t bytes) {
  const int id = new_segment(place, bytes);
  if (id < 0) return fail_errno("shmget", errno);
  void* address = shmat(id, nullptr, 0);
  const int number = errno;
  shmctl(id, IPC_RMID, nullptr);
  if (address == reinterpret_cast<void*>(-1)) return fail_errno("shmat", number);
  return Mapping(address, bytes, [](void* attached, std::size_t) { shmdt(attached); });
}

Result<std::unique_ptr<Link>> prepare(const Place& place) {
  auto memory = fresh(place, sizeof(Rings));
  if (!memory) return tl::unexpected(memory.error());
  return ring_link(std::move(*memory), waiting_of(place.mode, place.one_cpu));
}

Trial try_other_user_attach(const Place& place) {
  constexpr std::string_view id = "other-user-refused";
  const int segment = new_segment(place, 4096);
  if (segment < 0) return broken(id, system_error("shmget", errno));
  const auto outcome = as_other_user([&] { return shmat(segment, nullptr, 0) != reinterpret_cast<void*>(-1) ? 0 : errno; });
  shmctl(segment, IPC_RMID, nullptr);
  return judge_other_user(id, outcome, true, "attach the segment");
}

// Made where it goes with the child that looks for it, so that nothing stays if this process is killed meanwhile.
Trial try_left_segment(const Place&) {
  constexpr std::string_view id = "left-behind";
  constexpr key_t key = 0x49504341;
  const Leaving leaving{.create = [] { return shmget(key, 4096, IPC_CREAT | IPC_EXCL | 0600) >= 0; },
                        .stays = []() -> std::string { return shmget(key, 0, 0) >= 0 ? "its segment stays, with the memory, until ipcrm or a restart" : ""; },
                        .remove = [] { shmctl(shmget(key, 0, 0), IPC_RMID, nullptr); }};
  const auto verdict = with_own_objects([&] { return static_cast<int>(try_left_behind(leaving).verdict); });
  if (!verdict) return not_run(id, verdict.error().message);
  if (*verdict == static_cast<int>(Verdict::confirmed)) return confirmed(id, "its owner was killed: its segment stays, with the memory, until ipcrm or a restart");
  return refuted(id, "its owner was killed, and no segment stayed");
}

Trial try_segment_from_elsewhere(const Place& place) {
  const int segment = new_segment(place, 4096);
  if (segment < 0) return broken("other-namespace-refused", system_error("shmget", errno));
  Trial trial = try_out_of_reach("its segment", nullptr, [&] {
    shmid_ds status{};
    return shmctl(segment, IPC_STAT, &status) == 0;
  });
  shmctl(segment, IPC_RMID, nullptr);
  return trial;
}

MakeMapping maker(const Place& place) {
  return [place](std::size_t bytes) { return fresh(place, bytes); };
}

Trial try_it(const Place& place) { return try_ring("sysv-works", "", *find_probe("sysv-shm"), place); }

}  // namespace

extern const Probe sysv_shm_probe;
const Probe sysv_shm_probe{
    .id = "sysv-shm",
    .modes = {"", "spinning", "sleeping"},
    .prepare = prepare,
    .trials = {{"sysv-works", try_it},
               {"two-way", [](const Place& place) { return try_ring("two-way", "", sysv_shm_probe, place); }},
               {"other-user-refused", try_other_user_attach},
               {"other-namespace-refused", try_segment_from_elsewhere},
               {"spinning-ring", [](const Place& place) { return try_ring("spinning-ring", "spinning", sysv_shm_probe, place); }},
               {"sleeping-ring", [](const Place& place) { return try_ring("sleeping-ring", "sleeping", sysv_shm_probe, place); }},
               {"same-pages", [](const Place& place) { return try_same_pages(maker(place)); }},
               {"every-reader-sees-all", [](const Place& place) { return try_every_reader(maker(place)); }},
               {"torn-write", [](const Place& place) { return try_torn_write(maker(place)); }},
               {"torn-write-detected", [](const Place& place) { return try_sequence_lock(maker(place)); }},
               {"peer-death-seen", [](const Place& place) { return try_control_socket(bare_pair(SOCK_STREAM), place, "the control socket (memory alone is silent)"); }},
               {"left-behind", try_left_segment}},
};

}  // namespace ipc_advisor::probe
