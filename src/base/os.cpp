// System calls with their interruptions and partial results handled once.
#include "base/os.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ipc_advisor {
namespace {

volatile std::sig_atomic_t expired = 0;

void on_alarm(int) { expired = 1; }

}  // namespace

void Fd::reset() {
  if (number_ >= 0) close(number_);
  number_ = -1;
}

Result<Pipe> make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return fail_errno("pipe", errno);
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

std::int64_t now_ns() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

void arm_deadline(double seconds) {
  expired = 0;
  struct sigaction action {};
  action.sa_handler = on_alarm;  // without SA_RESTART, so that blocking calls return EINTR
  sigaction(SIGALRM, &action, nullptr);
  itimerval timer{};
  timer.it_value.tv_sec = static_cast<time_t>(seconds);
  timer.it_value.tv_usec = static_cast<suseconds_t>((seconds - static_cast<double>(timer.it_value.tv_sec)) * 1e6);
  // Again and again: the first signal may arrive just before a call that then blocks.
  timer.it_interval.tv_usec = 5000;
  setitimer(ITIMER_REAL, &timer, nullptr);
}

bool deadline_passed() { return expired != 0; }

Result<void> read_exactly(int fd, std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = read(fd, bytes.data(), bytes.size());
    if (got > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(got));
      continue;
    }
    if (got == 0) return fail(ErrorKind::disconnected, "end of file: the peer closed its end");
    if (errno != EINTR) return fail_errno("read", errno);
    if (deadline_passed()) return fail(ErrorKind::timed_out, "read: nothing came before the deadline");
  }
  return {};
}

Result<void> write_exactly(int fd, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(put));
      continue;
    }
    if (errno != EINTR) return fail_errno("write", errno);
    if (deadline_passed()) return fail(ErrorKind::timed_out, "write: nothing was taken before the deadline");
  }
  return {};
}

bool readable_within(int fd, int milliseconds) {
  pollfd wait{fd, POLLIN, 0};
  return poll(&wait, 1, milliseconds) == 1;
}

std::vector<int> usable_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cpus;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return {0};
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  return cpus;
}

bool pin_to(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  return sched_setaffinity(0, sizeof set, &set) == 0;
}

namespace {

// Where the folder goes: the first base that is there, may be written to, and leaves room for a socket's name (unix(7)).
Result<std::string> choose_path() {
  std::uint64_t random = 0;
  if (getrandom(&random, sizeof random, 0) != sizeof random) return fail_errno("getrandom", errno);
  int last = ENOENT;
  for (const char* name : {"XDG_RUNTIME_DIR", "TMPDIR", ""}) {
    const char* base = *name == '\0' ? "/tmp" : getenv(name);
    if (base == nullptr || *base != '/' || std::string_view(base).size() > 70) continue;
    if (access(base, W_OK | X_OK) == 0) return fmt::format("{}/ipc-advisor-{:016x}", base, random);
    last = errno;
  }
  return fail_errno("no private folder can be made in $XDG_RUNTIME_DIR, $TMPDIR or /tmp", last);
}

void remove_folder(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  DIR* folder = fd < 0 ? nullptr : fdopendir(fd);
  if (folder != nullptr) {
    while (const dirent* entry = readdir(folder)) unlinkat(dirfd(folder), entry->d_name, 0);
    closedir(folder);
  } else if (fd >= 0) {
    close(fd);
  }
  rmdir(path.c_str());
  shm_unlink(memory_name(path).c_str());
  // Another user's segment of the same key, one in two thousand millions, is not ours to remove, and shmctl(2) says so.
  const int segment = shmget(memory_key(path), 0, 0);
  if (segment >= 0) shmctl(segment, IPC_RMID, nullptr);
}

// Waits for end of file on the lifeline, which every process of the probe's tree holds, then cleans up.
[[noreturn]] void be_janitor(int lifeline, int ready, const std::string& path) {
  const pid_t parent = getppid();
  setsid();
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGALRM}) std::signal(number, SIG_IGN);
  char byte = 0;
  (void)!write(ready, &byte, 1);
  // Whoever waits for end of file on what was inherited must not wait for the janitor.
  if (dup2(lifeline, 0) == 0) close_range(1, ~0u, 0);
  for (ssize_t got = -1; got != 0;) {
    got = read(0, &byte, 1);
    if (got >= 0 || errno == EINTR) continue;
    // Where reading is not to be had, its parent's end has to do for the whole tree's.
    if (getppid() != parent) break;
    poll(nullptr, 0, 50);
  }
  remove_folder(path);
  _exit(0);
}

}  // namespace

std::string memory_name(const std::string& folder) { return folder.substr(folder.rfind('/')); }

std::int32_t memory_key(const std::string& folder) {
  const std::uint64_t random = std::strtoull(folder.c_str() + folder.rfind('-') + 1, nullptr, 16);
  return static_cast<std::int32_t>(random & 0x7fffffff) | 1;
}

Result<PrivateFolder> PrivateFolder::make() {
  auto path = choose_path();
  if (!path) return tl::unexpected(path.error());
  auto lifeline = make_pipe();
  if (!lifeline) return tl::unexpected(lifeline.error());
  auto ready = make_pipe();
  if (!ready) return tl::unexpected(ready.error());
  PrivateFolder folder;
  // The janitor is there before the folder, in a session of its own, so that there is no moment at which a kill of this
  // process or of its group leaves the folder behind.
  folder.janitor_ = fork();
  if (folder.janitor_ < 0) return fail_errno("fork", errno);
  if (folder.janitor_ == 0) {
    lifeline->write_end.reset();
    be_janitor(lifeline->read_end.get(), ready->write_end.get(), *path);
  }
  folder.lifeline_ = std::move(lifeline->write_end);
  ready->write_end.reset();
  std::byte byte{};
  if (auto told = read_exactly(ready->read_end.get(), std::span(&byte, 1)); !told) return fail(told.error().kind, "the janitor of the private folder did not start: " + told.error().message);
  if (mkdir(path->c_str(), 0700) != 0) return fail_errno("mkdir " + *path, errno);
  folder.path_ = std::move(*path);
  return folder;
}

PrivateFolder::PrivateFolder(PrivateFolder&& other) noexcept
    : path_(std::exchange(other.path_, "")), janitor_(std::exchange(other.janitor_, -1)), lifeline_(std::move(other.lifeline_)) {}

PrivateFolder::~PrivateFolder() {
  if (!path_.empty()) remove_folder(path_);
  lifeline_.reset();
  if (janitor_ > 0)
    while (waitpid(janitor_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

Result<int> fork_bound() {
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) return fail_errno("fork", errno);
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The parent may have died before the signal was asked for.
    if (getppid() != parent) _exit(1);
  }
  return child;
}

void kill_and_reap(int pid) {
  if (pid <= 0) return;
  kill(pid, SIGKILL);
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

bool become_nobody() {
  constexpr uid_t nobody = 65534;
  return setgroups(0, nullptr) == 0 && setresgid(nobody, nobody, nobody) == 0 && setresuid(nobody, nobody, nobody) == 0;
}

}  // namespace ipc_advisor
