// What guards memory that several map: seals against a hostile peer, robust mutexes against a dead one.
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/ring.hpp"
#include "probe/socket_rights.hpp"

namespace ipc_advisor::probe {

Trial try_sealed_memory() {
  constexpr std::string_view id = "seals-hold";
  const Fd memory(memfd_create("ipc-advisor", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memory.valid()) return broken(id, system_error("memfd_create", errno));
  if (ftruncate(memory.get(), 4096) != 0) return broken(id, system_error("ftruncate", errno));
  const Fd open_one(memfd_create("ipc-advisor", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  const bool shrinks = open_one.valid() && ftruncate(open_one.get(), 4096) == 0 && ftruncate(open_one.get(), 0) == 0;
  if (fcntl(memory.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) return broken(id, system_error("F_ADD_SEALS", errno));
  if (ftruncate(memory.get(), 0) == 0) return refuted(id, "sealed memory could be cut off under those who map it");
  return confirmed(id, fmt::format("{}; without a seal a peer {} it, and reading on is a SIGBUS", system_error("cutting off sealed memory", errno).message,
                                   shrinks ? "may cut off" : "could not cut off"));
}

namespace {

// What the parent's lock says once a child that held it is dead: 0 and an errno otherwise.
Result<int> lock_after_death(int robustness) {
  void* memory = mmap(nullptr, sizeof(pthread_mutex_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return fail_errno("mmap", errno);
  auto* mutex = static_cast<pthread_mutex_t*>(memory);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, robustness);
  pthread_mutex_init(mutex, &attributes);
  pthread_mutexattr_destroy(&attributes);
  const auto pid = fork_bound();
  if (pid && *pid == 0) {
    pthread_mutex_lock(mutex);
    raise(SIGKILL);
  }
  int number = -1;
  if (pid) {
    while (waitpid(*pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    number = pthread_mutex_trylock(mutex);
  }
  munmap(memory, sizeof(pthread_mutex_t));
  if (!pid) return tl::unexpected(pid.error());
  return number;
}

}  // namespace

Trial try_robust_mutex() {
  constexpr std::string_view id = "robust-mutex";
  const auto robust = lock_after_death(PTHREAD_MUTEX_ROBUST), stalled = lock_after_death(PTHREAD_MUTEX_STALLED);
  if (!robust) return broken(id, robust.error());
  if (!stalled) return broken(id, stalled.error());
  if (*robust == EOWNERDEAD && *stalled == EBUSY) return confirmed(id, "its holder was killed: a robust mutex told the next one (EOWNERDEAD), an ordinary one stays locked for ever");
  return refuted(id, fmt::format("its holder was killed: a robust mutex gave {}, an ordinary one {}", *robust, *stalled));
}

}  // namespace ipc_advisor::probe
