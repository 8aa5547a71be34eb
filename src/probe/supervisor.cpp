// Spawns, waits on pidfd and pipe together, kills the group, reaps.
#include "probe/supervisor.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/os.hpp"
#include "base/text.hpp"
#include "probe/wire.hpp"

namespace ipc_advisor::probe {
namespace {

constexpr std::size_t most_output = 32u << 20;

// glibc 2.36 declares pidfd_open without C linkage, so the call is made directly.
int open_pidfd(int pid) { return static_cast<int>(syscall(SYS_pidfd_open, pid, 0)); }

[[noreturn]] void become_child(const std::vector<std::string>& words, int out, int parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  const int null = open("/dev/null", O_RDWR);
  // Otherwise the child's result would go where the report belongs.
  if (dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0) _exit(126);
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  _exit(127);
}

struct Child {
  int pid = -1;
  Fd pidfd, out;
};

Result<Child> spawn(const std::vector<std::string>& words) {
  auto pipe = make_pipe();
  if (!pipe) return tl::unexpected(pipe.error());
  const int parent = getpid();
  Child child;
  child.pid = fork();
  if (child.pid < 0) return fail_errno("fork", errno);
  if (child.pid == 0) become_child(words, pipe->write_end.get(), parent);
  setpgid(child.pid, child.pid);
  child.pidfd = Fd(open_pidfd(child.pid));
  child.out = std::move(pipe->read_end);
  return child;
}

// Reads what comes until the child has ended; an orphan that still holds the pipe is not waited for. False: deadline.
bool collect(Child& child, double deadline_s, std::string& text) {
  const std::int64_t until = now_ns() + static_cast<std::int64_t>(deadline_s * 1e9);
  fcntl(child.out.get(), F_SETFL, O_NONBLOCK);
  char buffer[65536];
  bool open = true, ended = false;
  while (!ended) {
    const auto left = (until - now_ns()) / 1'000'000;
    if (left <= 0 || text.size() > most_output) return false;
    // Without a pidfd (an old kernel, a filter) the child is looked at every few milliseconds.
    pollfd waits[] = {{child.pidfd.get(), POLLIN, 0}, {open ? child.out.get() : -1, POLLIN, 0}};
    poll(waits, 2, child.pidfd.valid() ? static_cast<int>(left) : 5);
    siginfo_t info{};
    ended = waitid(P_PID, static_cast<id_t>(child.pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == child.pid;
    for (;;) {
      const ssize_t got = read(child.out.get(), buffer, sizeof buffer);
      if (got == 0) open = false;
      if (got <= 0) break;
      text.append(buffer, static_cast<std::size_t>(got));
    }
  }
  return true;
}

int end_child(const Child& child) {
  kill(-child.pid, SIGKILL);
  kill(child.pid, SIGKILL);
  int status = 0;
  while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

RawResult ended(const Request& request, ProbeEnd end, std::string because) {
  RawResult out;
  out.mechanism = request.mechanism;
  out.end = end;
  out.because = std::move(because);
  return out;
}

// The whole of a budget goes to: one round with trials, then rounds of figures alone.
constexpr double trial_share = 0.35;

// Guards against a hang, and is no budget: a crowded or instrumented host must not turn a slow probe into a hung one.
constexpr double hang_s = 10;

}  // namespace

std::vector<std::string> own_command(const Request& request) {
  char path[4096];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  // Without /proc the name that the kernel was given for execve has to do (getauxval(3)).
  const std::string self = length > 0 ? std::string(path, static_cast<std::size_t>(length)) : std::string(reinterpret_cast<const char*>(getauxval(AT_EXECFN)));
  return {self, "probe", request.mechanism, "--here", "--format", "json", "--plan", to_json(request.plan)};
}

RawResult run_child(const Request& request, double deadline_s, const CommandFor& command) {
  auto child = spawn(command(request));
  if (!child) return ended(request, ProbeEnd::failed, child.error().message);
  std::string text;
  const bool in_time = collect(*child, deadline_s, text);
  const int status = end_child(*child);
  if (!in_time) return ended(request, ProbeEnd::timed_out, fmt::format("the probe had not ended after {:.1f} s and was killed", deadline_s));
  if (WIFSIGNALED(status)) {
    const char* name = sigabbrev_np(WTERMSIG(status));
    return ended(request, ProbeEnd::crashed, fmt::format("the probe was ended by SIG{}", name == nullptr ? "?" : name));
  }
  auto raw = raw_from_json(text);
  if (raw && raw->mechanism == request.mechanism) return std::move(*raw);
  const std::string seen = printable(std::string_view(text).substr(0, 60));
  return ended(request, WEXITSTATUS(status) == 0 ? ProbeEnd::failed : ProbeEnd::crashed,
               fmt::format("the probe exited with {} and no result{}", WEXITSTATUS(status), seen.empty() ? "" : "; it printed \"" + seen + "\""));
}

namespace {

// What starting a child and ending it take beside its figures.
constexpr double start_s = 0.015;

// Rounds of all probes in turn, so that each meets the host in the same states as the others.
class Schedule {
 public:
  Schedule(std::vector<Request> requests, double budget_s, const Progress& progress, const CommandFor& command)
      : requests_(std::move(requests)), budget_s_(budget_s), progress_(progress), command_(command), rounds_(requests_.size()) {}

  std::vector<ProbeResult> run() {
    double weights = 0;
    for (const Request& request : requests_) weights += request.weight;
    const double count = std::max(weights, 1.0);
    double share = std::clamp(budget_s_ * trial_share / count / 2, 0.04, 0.25);
    constexpr int most_rounds = 12;
    for (int round = 0; round < most_rounds; ++round) {
      // After the first round, with its trials, the rest is spread over about six rounds of figures.
      if (round == 1) share = std::clamp((budget_s_ - spent()) / count / 6 - start_s, 0.04, 1.0);
      const bool spent_up = round > 0 && spent() + cost_of(round, share) > budget_s_;
      for (std::size_t i = 0; i < requests_.size(); ++i)
        if (wants(i, round) && (!spent_up || owes_pauses(i, round))) run_one(i, round, share);
      if (spent_up) break;
    }
    std::vector<ProbeResult> results;
    for (std::size_t i = 0; i < rounds_.size(); ++i) {
      results.push_back(summarise(rounds_[i]));
      const Plan& plan = requests_[i].plan;
      results.back().parameters = {plan.message_bytes, plan.clients, plan.rate, plan.together};
    }
    return results;
  }

 private:
  double spent() const { return static_cast<double>(now_ns() - start_) * 1e-9; }

  bool wants(std::size_t i, int round) const {
    if (round >= requests_[i].most_rounds) return false;
    // What cannot be measured at all is not tried again.
    return rounds_[i].empty() || (rounds_[i].back().end == ProbeEnd::measured && !is_steady(rounds_[i]));
  }

  // A channel with pauses is not judged without one round of them, however slow the host.
  bool owes_pauses(std::size_t i, int round) const { return round == 1 && requests_[i].plan.rate > 0; }

  double cost_of(int round, double share) const {
    double sum = 0;
    for (std::size_t i = 0; i < requests_.size(); ++i)
      if (wants(i, round)) sum += share * requests_[i].weight + start_s;
    return sum;
  }

  void run_one(std::size_t i, int round, double share) {
    Request request = requests_[i];
    request.plan.seconds = share * request.weight;
    request.plan.run_trials = round == 0;
    // What the first round found is kept, so that all others measure the same thing.
    for (const RawResult& earlier : rounds_[i])
      for (const Flow& flow : earlier.flows)
        if (flow.mode == "expert") request.plan.buffer = flow.buffer;
    // The first round warms up and is left out of the figures, so that patience would be wasted on it.
    if (round == 0) request.plan.rate = 0;
    request.plan.trial_seconds = std::max(hang_s, budget_s_);
    if (progress_) progress_(request.mechanism, round);
    rounds_[i].push_back(run_child(request, request.plan.seconds + request.plan.trial_seconds + 1, command_));
  }

  std::vector<Request> requests_;
  double budget_s_;
  const Progress& progress_;
  const CommandFor& command_;
  std::vector<std::vector<RawResult>> rounds_;
  std::int64_t start_ = now_ns();
};

}  // namespace

std::vector<ProbeResult> supervise(std::vector<Request> requests, double budget_s, const Progress& progress, const CommandFor& command) {
  return Schedule(std::move(requests), budget_s, progress, command).run();
}

}  // namespace ipc_advisor::probe
