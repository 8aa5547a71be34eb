// What guards memory that several map: seals against a hostile peer, robust mutexes against a dead one.
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <functional>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/limits.hpp"

namespace ipc_advisor::probe {

namespace {

// What came of it when a hostile process cut the memory off, and then a reader read what it had mapped.
struct Assault {
  int cut = 0;     ///< the errno with which ftruncate was refused
  int killed = 0;  ///< the signal that ended the reader
};

Result<int> status_of_child(const std::function<int()>& work) {
  const auto pid = fork_bound();
  if (!pid) return tl::unexpected(pid.error());
  if (*pid == 0) _exit(work());
  int status = 0;
  while (waitpid(*pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

Result<Assault> assault(int seals) {
  constexpr std::size_t bytes = 4096;
  const Fd memory(memfd_create("ipc-advisor", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memory.valid()) return fail_errno("memfd_create", errno);
  if (ftruncate(memory.get(), bytes) != 0) return fail_errno("ftruncate", errno);
  if (seals != 0 && fcntl(memory.get(), F_ADD_SEALS, seals) != 0) return fail_errno("F_ADD_SEALS", errno);
  const auto* mapped = static_cast<const volatile char*>(mmap(nullptr, bytes, PROT_READ, MAP_SHARED, memory.get(), 0));
  if (mapped == MAP_FAILED) return fail_errno("mmap", errno);
  const auto hostile = status_of_child([&] { return ftruncate(memory.get(), 0) == 0 ? 0 : errno; });
  const auto reader = status_of_child([&] {
    // The sanitizers' handler would turn the signal into an exit.
    std::signal(SIGBUS, SIG_DFL);
    return static_cast<int>(mapped[0]);
  });
  munmap(const_cast<char*>(mapped), bytes);
  if (!hostile) return tl::unexpected(hostile.error());
  if (!reader) return tl::unexpected(reader.error());
  return Assault{WEXITSTATUS(*hostile), WIFSIGNALED(*reader) ? WTERMSIG(*reader) : 0};
}

}  // namespace

Trial try_sealed_memory(int seals) {
  constexpr std::string_view id = "seals-hold";
  const auto sealed = assault(seals), open_one = assault(0);
  if (!sealed) return broken(id, sealed.error());
  if (!open_one) return broken(id, open_one.error());
  if (sealed->cut == 0 || sealed->killed != 0) return refuted(id, "another process cut the sealed memory off under its reader");
  if (open_one->killed != SIGBUS) return broken(id, {ErrorKind::io, "memory without seals was not cut off either"});
  return confirmed(id, system_error("another process may not cut off sealed memory", sealed->cut).message + "; without seals it did, and the reader died of SIGBUS");
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

Trial try_robust_mutex(int robustness) {
  constexpr std::string_view id = "robust-mutex";
  const auto robust = lock_after_death(robustness), stalled = lock_after_death(PTHREAD_MUTEX_STALLED);
  if (!robust) return broken(id, robust.error());
  if (!stalled) return broken(id, stalled.error());
  if (*robust == EOWNERDEAD && *stalled == EBUSY) return confirmed(id, "its holder was killed: a robust mutex told the next one (EOWNERDEAD), an ordinary one stays locked for ever");
  return refuted(id, fmt::format("its holder was killed: a robust mutex gave {}, an ordinary one {}", *robust, *stalled));
}

}  // namespace ipc_advisor::probe
