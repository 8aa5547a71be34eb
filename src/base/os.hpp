// Thin owners and clocks over system calls, for probes and their supervisor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace ipc_advisor {

/// Owns a file descriptor; closes it at the end. -1 means none.
class Fd {
 public:
  explicit Fd(int number = -1) : number_(number) {}
  Fd(Fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { reset(); }

  int get() const { return number_; }
  bool valid() const { return number_ >= 0; }
  int release() { return std::exchange(number_, -1); }
  void reset();

 private:
  int number_;
};

/// A pipe, both ends close-on-exec.
struct Pipe {
  Fd read_end, write_end;
};
Result<Pipe> make_pipe();

/// CLOCK_MONOTONIC in nanoseconds; comparable between processes of one host.
std::int64_t now_ns();

/// After this many seconds every blocking call of this process that is made through this file's functions, and every
/// loop that asks deadline_passed(), gives up. A deadline of the process, since SIGALRM is one.
void arm_deadline(double seconds);
bool deadline_passed();

/// Reads or writes exactly all bytes. ErrorKind::disconnected at end of file, timed_out after the deadline.
Result<void> read_exactly(int fd, std::span<std::byte> bytes);
Result<void> write_exactly(int fd, std::span<const std::byte> bytes);

/// Whether read(2) or accept(2) would not block by then.
bool readable_within(int fd, int milliseconds);

/// The CPUs that this process may run on (sched_getaffinity(2)).
std::vector<int> usable_cpus();
/// Pins the calling process to one CPU; false where that is refused.
bool pin_to(int cpu);

/// A private folder (mode 0700) below $XDG_RUNTIME_DIR, $TMPDIR or /tmp. It goes with everything in it, and with the
/// POSIX shared memory object and the System V segment that belong to it, when this object does, and also when this process is killed: a janitor
/// process in a session of its own waits for the end of this process and of all that it forked, and then cleans up.
class PrivateFolder {
 public:
  static Result<PrivateFolder> make();
  PrivateFolder(PrivateFolder&& other) noexcept;
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  PrivateFolder& operator=(PrivateFolder&&) = delete;
  ~PrivateFolder();
  const std::string& path() const { return path_; }

 private:
  PrivateFolder() = default;
  std::string path_;
  int janitor_ = -1;
  Fd lifeline_;
};

/// The name of the shared memory object that belongs to a private folder: "/" and the folder's last part.
std::string memory_name(const std::string& folder);
/// The key of the System V segment that belongs to it: 31 bits of the folder's random name, never IPC_PRIVATE.
std::int32_t memory_key(const std::string& folder);

/// Forks; the child dies with its parent (PR_SET_PDEATHSIG, with the race closed). Returns as fork(2).
Result<int> fork_bound();

/// Kills with SIGKILL and reaps.
void kill_and_reap(int pid);

/// Becomes user and group 65534 for good. False where that is refused.
bool become_nobody();

}  // namespace ipc_advisor
