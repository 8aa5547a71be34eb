// shmget and shmat: the older interface to the same pages.
#include <cerrno>
#include <sys/ipc.h>
#include <sys/shm.h>

#include "base/os.hpp"
#include "probe/limits.hpp"
#include "probe/namespaces.hpp"
#include "probe/ring.hpp"
#include "probe/sockets.hpp"

namespace ipc_advisor::probe {
namespace {

// Not a Mapping: System V memory is detached, not unmapped.
class Attached {
 public:
  explicit Attached(void* address) : address_(address) {}
  Attached(Attached&& other) noexcept : address_(std::exchange(other.address_, nullptr)) {}
  Attached(const Attached&) = delete;
  Attached& operator=(const Attached&) = delete;
  Attached& operator=(Attached&&) = delete;
  ~Attached() {
    if (address_ != nullptr) shmdt(address_);
  }
  void* address() const { return address_; }

 private:
  void* address_;
};

// Marked for removal as soon as it is attached: it goes with its last user, however that one dies (shmctl(2)).
Result<Attached> fresh(std::size_t bytes) {
  const int id = shmget(IPC_PRIVATE, bytes, IPC_CREAT | 0600);
  if (id < 0) return fail_errno("shmget", errno);
  void* address = shmat(id, nullptr, 0);
  const int number = errno;
  shmctl(id, IPC_RMID, nullptr);
  if (address == reinterpret_cast<void*>(-1)) return fail_errno("shmat", number);
  return Attached(address);
}

class SysvLink : public Link {
 public:
  SysvLink(Attached memory, Waiting waiting) : memory_(std::move(memory)), waiting_(waiting) {}
  Result<std::unique_ptr<End>> open(Side side) override { return ring_end(*static_cast<Rings*>(memory_.address()), side, waiting_); }

 private:
  Attached memory_;
  Waiting waiting_;
};

Result<std::unique_ptr<Link>> prepare(const Place& place) {
  auto memory = fresh(sizeof(Rings));
  if (!memory) return tl::unexpected(memory.error());
  return std::make_unique<SysvLink>(std::move(*memory), waiting_of(place.mode, place.one_cpu));
}

Trial try_other_user_attach(const Place&) {
  constexpr std::string_view id = "other-user-refused";
  const int segment = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
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
               {"peer-death-seen", [](const Place&) { return try_control_socket("the control socket (memory alone is silent)"); }},
               {"left-behind", try_left_segment}},
};

}  // namespace ipc_advisor::probe
