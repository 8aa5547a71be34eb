// Two named pipes in a private folder, one for each direction.
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/limits.hpp"
#include "probe/pipes.hpp"
#include "probe/sockets.hpp"

namespace ipc_advisor::probe {
namespace {

Result<std::string> make_fifo(const Place& place, std::string_view name) {
  std::string path = fmt::format("{}/{}", place.folder, name);
  unlink(path.c_str());
  if (mkfifo(path.c_str(), 0600) != 0) return fail_errno("mkfifo " + path, errno);
  return path;
}

// Blocks until the partner opens its end (fifo(7)).
Result<Fd> open_fifo(const std::string& path, int flags) {
  for (;;) {
    const int number = open(path.c_str(), flags | O_CLOEXEC);
    if (number >= 0) return Fd(number);
    if (errno != EINTR) return fail_errno("open " + path, errno);
    if (deadline_passed()) return fail(ErrorKind::timed_out, "the FIFO's other end was not opened before the deadline");
  }
}

class FifoLink : public Link {
 public:
  FifoLink(std::string to_server, std::string to_client, bool expert) : to_server_(std::move(to_server)), to_client_(std::move(to_client)), expert_(expert) {}
  ~FifoLink() override { unlink_now(); }

  Result<std::unique_ptr<End>> open(Side side) override {
    // Both sides open the same FIFO first; the other order would block both.
    auto first = open_fifo(to_server_, side == Side::server ? O_RDONLY : O_WRONLY);
    if (!first) return tl::unexpected(first.error());
    auto second = open_fifo(to_client_, side == Side::server ? O_WRONLY : O_RDONLY);
    if (!second) return tl::unexpected(second.error());
    if (expert_) fcntl(first->get(), F_SETPIPE_SZ, 1 << 20);
    return side == Side::server ? descriptor_end(std::move(*first), std::move(*second)) : descriptor_end(std::move(*second), std::move(*first));
  }

  void unlink_names() override { unlink_now(); }

 private:
  void unlink_now() const {
    unlink(to_server_.c_str());
    unlink(to_client_.c_str());
  }

  std::string to_server_, to_client_;
  bool expert_;
};

Result<std::unique_ptr<Link>> prepare(const Place& place) {
  auto to_server = make_fifo(place, "there");
  if (!to_server) return tl::unexpected(to_server.error());
  auto to_client = make_fifo(place, "back");
  if (!to_client) return tl::unexpected(to_client.error());
  return std::make_unique<FifoLink>(std::move(*to_server), std::move(*to_client), place.mode == "expert");
}

// Both ends in one process: the reader first and without blocking, then the writer.
Result<Pipe> fresh(const Place& place) {
  auto path = make_fifo(place, "one");
  if (!path) return tl::unexpected(path.error());
  auto reader = open_fifo(*path, O_RDONLY | O_NONBLOCK);
  if (!reader) return tl::unexpected(reader.error());
  auto writer = open_fifo(*path, O_WRONLY);
  unlink(path->c_str());
  if (!writer) return tl::unexpected(writer.error());
  fcntl(reader->get(), F_SETFL, 0);
  return Pipe{std::move(*reader), std::move(*writer)};
}

Trial try_other_user_open(const Place& place) {
  constexpr std::string_view id = "other-user-refused";
  const auto path = make_fifo(place, "guarded");
  if (!path) return broken(id, path.error());
  const auto outcome = as_other_user([&] { return open(path->c_str(), O_RDWR | O_NONBLOCK) >= 0 ? 0 : errno; });
  unlink(path->c_str());
  return judge_other_user(id, outcome, true, "open the FIFO");
}

Trial try_shell(const Place& place) {
  constexpr std::string_view id = "shell-writes";
  const auto path = make_fifo(place, "shell");
  if (!path) return broken(id, path.error());
  auto reader = open_fifo(*path, O_RDONLY | O_NONBLOCK);
  if (!reader) return broken(id, reader.error());
  const auto pid = fork_bound();
  if (!pid) return broken(id, pid.error());
  if (*pid == 0) {
    execl("/bin/sh", "sh", "-c", "echo hello > \"$1\"", "sh", path->c_str(), nullptr);
    _exit(127);
  }
  pollfd wait{reader->get(), POLLIN, 0};
  char buffer[32] = {};
  const bool woken = poll(&wait, 1, 1000) == 1;
  const ssize_t got = woken ? read(reader->get(), buffer, sizeof buffer) : -1;
  kill_and_reap(*pid);
  unlink(path->c_str());
  if (got == 6 && std::memcmp(buffer, "hello\n", 6) == 0) return confirmed(id, "`echo hello > fifo` arrived as one line");
  return refuted(id, "a line written by the shell's redirection did not arrive within a second");
}

// A writer that will not wait hears at once that nobody reads (fifo(7)).
Trial try_nobody_reads(const Place& place) {
  constexpr std::string_view id = "open-without-reader";
  const auto path = make_fifo(place, "lonely");
  if (!path) return broken(id, path.error());
  const Fd writer(open(path->c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
  const int number = errno;
  unlink(path->c_str());
  if (writer.valid()) return refuted(id, "a FIFO that nobody reads could be opened for writing");
  if (number != ENXIO) return broken(id, system_error("open", number));
  return confirmed(id, system_error("opening a FIFO that nobody reads, without waiting", number).message + "; an ordinary open waits until somebody does");
}

// Two readers, 64 short messages: how many did each get?
Trial try_racing_readers(const Place& place) {
  constexpr std::string_view id = "readers-race";
  const auto pipe = fresh(place);
  if (!pipe) return broken(id, pipe.error());
  constexpr int messages = 64;
  for (int i = 0; i < messages; ++i)
    if (write(pipe->write_end.get(), "m", 1) != 1) return broken(id, system_error("write", errno));
  auto counts = make_pipe();
  if (!counts) return broken(id, counts.error());
  int shares[2] = {}, pids[2] = {};
  for (int i = 0; i < 2; ++i) {
    const auto pid = fork_bound();
    if (!pid) return broken(id, pid.error());
    if (*pid == 0) {
      unsigned char got = 0;
      char byte = 0;
      fcntl(pipe->read_end.get(), F_SETFL, O_NONBLOCK);
      // After each message the other reader gets its turn, as when each message is worked on.
      while (read(pipe->read_end.get(), &byte, 1) == 1) ++got, usleep(100);
      _exit(write(counts->write_end.get(), &got, 1) == 1 ? 0 : 1);
    }
    pids[i] = *pid;
  }
  for (int& share : shares) {
    unsigned char got = 0;
    if (auto read_one = read_exactly(counts->read_end.get(), std::as_writable_bytes(std::span(&got, 1))); !read_one) return broken(id, read_one.error());
    share = got;
  }
  for (const int pid : pids) kill_and_reap(pid);
  const std::string text = fmt::format("of {} messages the two readers got {} and {}", messages, shares[0], shares[1]);
  return shares[0] < messages && shares[1] < messages ? confirmed(id, text + ": none saw them all") : refuted(id, text);
}

Leaving leaving_fifo(const Place& place) {
  const std::string path = place.folder + "/left";
  return {.create = [=] { return mkfifo(path.c_str(), 0600) == 0; },
          .stays = [=]() -> std::string { return access(path.c_str(), F_OK) == 0 ? "its path stays, and opening it waits for a partner for ever" : ""; },
          .remove = [=] { unlink(path.c_str()); }};
}

}  // namespace

extern const Probe fifo_probe;
const Probe fifo_probe{
    .id = "fifo",
    .polls = true,
    .tunable = true,
    .prepare = prepare,
    .trials = {{"two-way", [](const Place& place) { return try_two_pipes(fresh, place); }},
               {"one-way-only", [](const Place& place) { return try_one_way_only(fresh, place); }},
               {"stream-merges", [](const Place& place) { return try_pipe_merging(fresh, place); }},
               {"other-user-refused", try_other_user_open},
               {"shell-writes", try_shell},
               {"readers-race", try_racing_readers},
               {"open-without-reader", try_nobody_reads},
               {"taken-before-blocking", [](const Place& place) { return try_pipe_filling(fresh, place); }},
               {"write-to-the-dead", [](const Place& place) { return try_pipe_without_reader(fresh, place); }},
               {"peer-death-seen", [](const Place& place) { return try_pipe_death(fresh, place); }},
               {"torn-records", [](const Place& place) { return try_torn_records(fresh, place); }},
               {"left-behind", [](const Place& place) { return try_left_behind(leaving_fifo(place)); }}},
};

}  // namespace ipc_advisor::probe
