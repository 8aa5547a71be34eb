// Anonymous pipes as links, and what pipes can and cannot do.
#include "probe/pipes.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/sockets.hpp"

namespace ipc_advisor::probe {
namespace {

class PipeLink : public Link {
 public:
  PipeLink(Pipe to_server, Pipe to_client, bool as_stdio) : to_server_(std::move(to_server)), to_client_(std::move(to_client)), as_stdio_(as_stdio) {}

  Result<std::unique_ptr<End>> open(Side side) override {
    Pipe& in = side == Side::server ? to_server_ : to_client_;
    Pipe& out = side == Side::server ? to_client_ : to_server_;
    // A forgotten copy of the other end would keep end of file away for ever.
    in.write_end.reset();
    out.read_end.reset();
    if (!as_stdio_ || side == Side::client) return descriptor_end(std::move(in.read_end), std::move(out.write_end));
    if (dup2(in.read_end.get(), STDIN_FILENO) < 0 || dup2(out.write_end.get(), STDOUT_FILENO) < 0) return fail_errno("dup2", errno);
    in.read_end.reset();
    out.write_end.reset();
    return descriptor_end(Fd(STDIN_FILENO), Fd(STDOUT_FILENO));
  }

 private:
  Pipe to_server_, to_client_;
  bool as_stdio_;
};

}  // namespace

Result<std::unique_ptr<Link>> pipe_link(bool as_stdio, const Place& place) {
  auto to_server = make_pipe();
  if (!to_server) return tl::unexpected(to_server.error());
  auto to_client = make_pipe();
  if (!to_client) return tl::unexpected(to_client.error());
  if (place.mode == "expert")
    for (const Pipe* pipe : {&*to_server, &*to_client}) fcntl(pipe->write_end.get(), F_SETPIPE_SZ, 1 << 20);
  return std::make_unique<PipeLink>(std::move(*to_server), std::move(*to_client), as_stdio);
}

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
  if (put < 0 && number == EPIPE) return confirmed(id, system_error("a write after the last reader had gone", number).message + ", and a SIGPIPE unless that is ignored");
  return refuted(id, "a write after the last reader had gone raised no EPIPE");
}

Trial try_other_user_finds(int fd) {
  const std::string path = fmt::format("/proc/{}/fd/{}", getpid(), fd);
  const auto outcome = as_other_user([&] { return open(path.c_str(), O_RDWR | O_NONBLOCK) >= 0 ? 0 : errno; });
  return judge_other_user("other-user-refused", outcome, true, "open it through /proc, and it has no other name");
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
