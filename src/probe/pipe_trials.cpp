// What pipes can and cannot do, named or not.
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/pipes.hpp"
#include "probe/socket_rights.hpp"

namespace ipc_advisor::probe {

Trial try_pipe_merging(const OpenPipe& open, const Place& place) {
  constexpr std::string_view id = "stream-merges";
  const auto pipe = open(place);
  if (!pipe) return broken(id, pipe.error());
  for (const std::string_view part : {"first", "second"})
    if (auto sent = write_exactly(pipe->write_end.get(), std::as_bytes(std::span(part))); !sent) return broken(id, sent.error());
  char buffer[64];
  const ssize_t got = read(pipe->read_end.get(), buffer, sizeof buffer);
  if (got == 11) return confirmed(id, "two writes of 5 and 6 bytes were read as one of 11");
  return refuted(id, fmt::format("two writes of 5 and 6 bytes: the first read gave {}", got));
}

Trial try_one_way_only(const OpenPipe& open, const Place& place) {
  constexpr std::string_view id = "one-way-only";
  const auto pipe = open(place);
  if (!pipe) return broken(id, pipe.error());
  const char byte = 'x';
  if (write(pipe->read_end.get(), &byte, 1) == 1) return refuted(id, "the reading end took a write");
  return confirmed(id, system_error("the reading end refused a write", errno).message);
}

Trial try_pipe_death(const OpenPipe& open, const Place& place) {
  constexpr std::string_view id = "peer-death-seen";
  auto pipe = open(place);
  if (!pipe) return broken(id, pipe.error());
  const auto pid = fork_bound();
  if (!pid) return broken(id, pid.error());
  if (*pid == 0) {
    pipe->read_end.reset();
    for (;;) pause();
  }
  pipe->write_end.reset();
  const std::int64_t killed = now_ns();
  kill(*pid, SIGKILL);
  pollfd wait{pipe->read_end.get(), POLLIN, 0};
  const bool woken = poll(&wait, 1, 1000) == 1;
  const double seconds = static_cast<double>(now_ns() - killed) * 1e-9;
  char byte = 0;
  const bool end_of_file = woken && read(pipe->read_end.get(), &byte, 1) == 0;
  kill_and_reap(*pid);
  if (!end_of_file) return refuted(id, "the reader saw no end of file within a second after the writer was killed");
  Trial trial = confirmed(id, "the writer was killed: end of file");
  trial.figure = seconds;
  trial.unit = "s";
  return trial;
}

Trial try_pipe_filling(const OpenPipe& open, const Place& place) {
  constexpr std::string_view id = "taken-before-blocking";
  const auto pipe = open(place);
  if (!pipe) return broken(id, pipe.error());
  if (fcntl(pipe->write_end.get(), F_SETFL, O_NONBLOCK) != 0) return broken(id, system_error("O_NONBLOCK", errno));
  const std::vector<char> piece(4096);
  std::size_t taken = 0;
  ssize_t put = 0;
  while (taken < (1u << 28) && (put = write(pipe->write_end.get(), piece.data(), piece.size())) > 0) taken += static_cast<std::size_t>(put);
  if (put > 0) return refuted(id, "a quarter of a gigabyte that nobody read was all taken");
  if (errno != EAGAIN) return broken(id, system_error("write", errno));
  Trial trial = confirmed(id, fmt::format("{} bytes were taken; the next write would block", taken));
  trial.figure = static_cast<double>(taken);
  trial.unit = "bytes";
  return trial;
}

Trial try_pipe_without_reader(const OpenPipe& open, const Place& place) {
  constexpr std::string_view id = "write-to-the-dead";
  auto pipe = open(place);
  if (!pipe) return broken(id, pipe.error());
  pipe->read_end.reset();
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  const char byte = 'x';
  const ssize_t put = write(pipe->write_end.get(), &byte, 1);
  const int number = errno;
  std::signal(SIGPIPE, before);
  if (put >= 0 || number != EPIPE) return refuted(id, "a write after the last reader had gone raised no EPIPE");
  const std::string text = system_error("a write after the last reader had gone", number).message;
  if (!ended_by_sigpipe(pipe->write_end.get())) return refuted(id, text + ", yet no SIGPIPE for a process that takes it");
  return confirmed(id, text + ", and a SIGPIPE, of which a process that does not ignore it died");
}

Trial try_other_user_finds(int fd) {
  const std::string path = fmt::format("/proc/{}/fd/{}", getpid(), fd);
  const auto outcome = as_other_user([&] { return open(path.c_str(), O_RDWR | O_NONBLOCK) >= 0 ? 0 : errno; });
  return judge_other_user("other-user-refused", outcome, true, "open it through /proc, and it has no other name");
}

Trial judge_race(int messages, int first, int second) {
  constexpr std::string_view id = "readers-race";
  const std::string text = fmt::format("of {} messages the two readers got {} and {}", messages, first, second);
  return first < messages && second < messages ? confirmed(id, text + ": none saw them all") : refuted(id, text);
}

// Two readers, 64 short messages: how many did each get?
Trial try_racing_readers(const OpenPipe& open, const Place& place) {
  constexpr std::string_view id = "readers-race";
  const auto pipe = open(place);
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
  return judge_race(messages, shares[0], shares[1]);
}

Trial try_shell(const Place& place, const char* shell) {
  constexpr std::string_view id = "shell-writes";
  const std::string path = place.folder + "/shell";
  if (mkfifo(path.c_str(), 0600) != 0) return broken(id, system_error("mkfifo " + path, errno));
  const Fd reader(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!reader.valid()) return broken(id, system_error("open " + path, errno));
  const auto pid = fork_bound();
  if (!pid) return broken(id, pid.error());
  if (*pid == 0) {
    execl(shell, "sh", "-c", "echo hello > \"$1\"", "sh", path.c_str(), nullptr);
    _exit(127);
  }
  pollfd wait{reader.get(), POLLIN, 0};
  char buffer[32] = {};
  const bool woken = poll(&wait, 1, 1000) == 1;
  const ssize_t got = woken ? read(reader.get(), buffer, sizeof buffer) : -1;
  kill_and_reap(*pid);
  unlink(path.c_str());
  if (got == 6 && std::memcmp(buffer, "hello\n", 6) == 0) return confirmed(id, "`echo hello > fifo` arrived as one line");
  return refuted(id, "a line written by the shell's redirection did not arrive within a second");
}

// A writer that will not wait hears at once that nobody reads (fifo(7)).
Trial try_open_without_reader(const std::string& path) {
  constexpr std::string_view id = "open-without-reader";
  if (mkfifo(path.c_str(), 0600) != 0 && errno != EEXIST) return broken(id, system_error("mkfifo " + path, errno));
  const Fd writer(open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
  const int number = errno;
  unlink(path.c_str());
  if (writer.valid()) return refuted(id, "a FIFO that nobody reads could be opened for writing");
  if (number != ENXIO) return broken(id, system_error("open", number));
  return confirmed(id, system_error("opening a FIFO that nobody reads, without waiting", number).message + "; an ordinary open waits until somebody does");
}

Trial try_two_pipes(const OpenPipe& open, const Place& place) {
  constexpr std::string_view id = "two-way";
  const auto there = open(place);
  if (!there) return broken(id, there.error());
  const auto back = open(place);
  if (!back) return broken(id, back.error());
  char request = 'q', answer = 0;
  const bool went = write(there->write_end.get(), &request, 1) == 1 && read(there->read_end.get(), &answer, 1) == 1 &&
                    write(back->write_end.get(), &answer, 1) == 1 && read(back->read_end.get(), &answer, 1) == 1;
  return went && answer == request ? confirmed(id, "a request and its answer, over one pipe each way") : broken(id, {ErrorKind::io, "the answer did not come back"});
}

}  // namespace ipc_advisor::probe
