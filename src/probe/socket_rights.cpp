// Ancillary data, credentials, limits.
#include "probe/socket_rights.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ipc_advisor::probe {
namespace {

// As much as SCM_MAX_FD of the kernel, and one more (unix(7)).
constexpr std::size_t most_tried = 254;

int send_descriptors(int socket, int descriptor, std::size_t count) {
  alignas(cmsghdr) char control[CMSG_SPACE(most_tried * sizeof(int))] = {};
  char byte = 'd';
  iovec data{&byte, 1};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = CMSG_SPACE(count * sizeof(int));
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(count * sizeof(int));
  for (std::size_t i = 0; i < count; ++i) std::memcpy(CMSG_DATA(header) + i * sizeof(int), &descriptor, sizeof descriptor);
  return sendmsg(socket, &message, MSG_NOSIGNAL) == 1 ? 0 : errno;
}

std::vector<Fd> receive_descriptors(int socket) {
  alignas(cmsghdr) char control[CMSG_SPACE(most_tried * sizeof(int))] = {};
  char byte = 0;
  iovec data{&byte, 1};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  std::vector<Fd> out;
  if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != 1) return out;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    for (std::size_t at = 0; at + sizeof(int) <= header->cmsg_len - CMSG_LEN(0); at += sizeof(int)) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(header) + at, sizeof number);
      out.emplace_back(number);
    }
  }
  return out;
}

}  // namespace

Trial try_descriptors(const MakePair& make, const Place& place) {
  constexpr std::string_view id = "descriptors-passed";
  const auto pair = make(place);
  if (!pair) return broken(id, pair.error());
  const auto pipe = make_pipe();
  if (!pipe) return broken(id, pipe.error());
  if (const int number = send_descriptors(pair->first.get(), pipe->write_end.get(), 1); number != 0) return refuted(id, system_error("sendmsg with SCM_RIGHTS", number).message);
  const auto got = receive_descriptors(pair->second.get());
  if (got.size() != 1) return refuted(id, fmt::format("one descriptor was sent, {} arrived", got.size()));
  char byte = 'x';
  pollfd wait{pipe->read_end.get(), POLLIN, 0};
  if (write(got.front().get(), &byte, 1) != 1 || poll(&wait, 1, 500) != 1) return refuted(id, "what arrived is not the pipe that was sent");
  std::size_t most = most_tried;
  while (most > 1 && send_descriptors(pair->first.get(), pipe->write_end.get(), most) != 0) --most;
  Trial trial = confirmed(id, fmt::format("a pipe's end crossed and was written to; up to {} cross in one message", most));
  trial.figure = static_cast<double>(most);
  trial.unit = "descriptors";
  return trial;
}

Trial try_peer_credentials(const MakePair& make, const Place& place) {
  constexpr std::string_view id = "peer-credentials";
  const auto pair = make(place);
  if (!pair) return broken(id, pair.error());
  ucred peer{};
  socklen_t length = sizeof peer;
  if (getsockopt(pair->second.get(), SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return refuted(id, system_error("SO_PEERCRED", errno).message);
  if (peer.pid == getpid() && peer.uid == geteuid() && peer.gid == getegid())
    return confirmed(id, fmt::format("the kernel names the peer: process, user {} and group {}", peer.uid, peer.gid));
  return refuted(id, fmt::format("the kernel names process {} of user {}, which is not the peer", peer.pid, peer.uid));
}

Trial try_write_to_the_dead(const MakePair& make, const Place& place) {
  constexpr std::string_view id = "write-to-the-dead";
  auto pair = make(place);
  if (!pair) return broken(id, pair.error());
  pair->second.reset();
  char byte = 'x';
  // TCP hears of it with the answer to its first write.
  int number = 0;
  for (int i = 0; i < 50 && number == 0; ++i) {
    if (send(pair->first.get(), &byte, 1, MSG_NOSIGNAL) < 0) number = errno;
    else usleep(1000);
  }
  const std::string text = system_error("a write to a peer that had closed", number).message;
  if (number == ECONNRESET || number == ECONNREFUSED) return confirmed(id, text);
  if (number == EPIPE && ended_by_sigpipe(pair->first.get())) return confirmed(id, text + ", and a SIGPIPE, of which a process that does not ignore it died");
  // The kernel sends the signal for streams only, whatever send(2) says.
  int type = 0;
  socklen_t length = sizeof type;
  getsockopt(pair->first.get(), SOL_SOCKET, SO_TYPE, &type, &length);
  if (number == EPIPE) return type == SOCK_STREAM ? refuted(id, text + ", yet no SIGPIPE for a process that takes it") : confirmed(id, text + ", and no SIGPIPE");
  return refuted(id, number == 0 ? "50 writes to a peer that had closed raised no error" : system_error("write", number).message);
}

Trial try_filling_up(const MakePair& make, const Place& place) {
  constexpr std::string_view id = "taken-before-blocking";
  const auto pair = make(place);
  if (!pair) return broken(id, pair.error());
  std::vector<char> piece(4096);
  std::size_t messages = 0;
  ssize_t put = 0;
  while (messages < 100000 && (put = send(pair->first.get(), piece.data(), piece.size(), MSG_DONTWAIT | MSG_NOSIGNAL)) > 0) ++messages;
  if (put > 0) return refuted(id, "100000 writes that nobody read were all taken");
  if (errno != EAGAIN) return broken(id, system_error("send", errno));
  Trial trial = confirmed(id, fmt::format("{} writes of 4 KiB were taken; the next would block", messages));
  trial.figure = static_cast<double>(messages * piece.size());
  trial.unit = "bytes";
  return trial;
}

namespace {

// Connects to where that socket listens: 0, or why not; ETIMEDOUT where nothing is heard for a tenth of a second.
int connect_without_waiting(int listener, int type, Fd& client) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  auto* general = reinterpret_cast<sockaddr*>(&address);
  if (getsockname(listener, general, &length) != 0) return errno;
  client = Fd(socket(address.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!client.valid()) return errno;
  if (connect(client.get(), general, length) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd wait{client.get(), POLLOUT, 0};
  int number = 0;
  length = sizeof number;
  if (poll(&wait, 1, 100) != 1) return ETIMEDOUT;
  return getsockopt(client.get(), SOL_SOCKET, SO_ERROR, &number, &length) == 0 ? number : errno;
}

}  // namespace

Trial try_full_backlog(const SocketKind& kind, const Place& place, int backlog) {
  constexpr std::string_view id = "backlog-full";
  std::string address;
  const auto listener = kind.listen(place, address);
  if (!listener) return broken(id, listener.error());
  if (listen(listener->get(), backlog) != 0) return broken(id, system_error("listen", errno));
  std::vector<Fd> clients;
  int number = 0;
  while (number == 0 && clients.size() < 64) {
    Fd client;
    number = connect_without_waiting(listener->get(), kind.type, client);
    if (number == 0) clients.push_back(std::move(client));
  }
  remove_name(address);
  if (number == 0) return refuted(id, fmt::format("64 connections were taken with a backlog of {} and nobody accepting", backlog));
  if (number != EAGAIN && number != ETIMEDOUT) return broken(id, system_error("connect", number));
  Trial trial = confirmed(id, fmt::format("with a backlog of {} and nobody accepting, {} connections were taken; the next {}", backlog, clients.size(),
                                          number == EAGAIN ? "heard EAGAIN, at once" : "heard nothing for 100 ms"));
  trial.figure = static_cast<double>(clients.size());
  trial.unit = "clients";
  return trial;
}

bool ended_by_sigpipe(int descriptor) {
  const auto pid = fork_bound();
  if (!pid) return false;
  if (*pid == 0) {
    std::signal(SIGPIPE, SIG_DFL);
    _exit(write(descriptor, "x", 1) == 1 ? 0 : 1);
  }
  int status = 0;
  while (waitpid(*pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE;
}

Trial try_nagle(const MakePair& make, const Place& place) {
  constexpr std::string_view id = "nagle-stall";
  const auto pair = make(place);
  if (!pair) return broken(id, pair.error());
  const auto pid = fork_bound();
  if (!pid) return broken(id, pid.error());
  if (*pid == 0) {
    char two[2];
    while (read_exactly(pair->second.get(), std::as_writable_bytes(std::span(two))) && write_exactly(pair->second.get(), std::as_bytes(std::span(two).first(1)))) {
    }
    _exit(0);
  }
  const auto slowest = [&](bool no_delay) {
    const int on = no_delay ? 1 : 0;
    setsockopt(pair->first.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    double most = 0;
    for (int i = 0; i < 40 && most < 0.01; ++i) {
      char byte = 'x';
      const std::int64_t start = now_ns();
      if (write(pair->first.get(), &byte, 1) != 1 || write(pair->first.get(), &byte, 1) != 1 || read(pair->first.get(), &byte, 1) != 1) return -1.0;
      most = std::max(most, static_cast<double>(now_ns() - start) * 1e-9);
    }
    return most;
  };
  const double with = slowest(false), without = slowest(true);
  kill_and_reap(*pid);
  if (with < 0 || without < 0) return broken(id, {ErrorKind::disconnected, "the peer left"});
  // A stall is the delayed acknowledgement's 40 ms; a crowded host reaches 10 ms without any.
  Trial trial = with >= 0.03 && without < 0.03 ? confirmed(id, fmt::format("a request in two writes took {:.0f} ms; with TCP_NODELAY at most {:.2f} ms", with * 1e3, without * 1e3))
                : with < 0.03                  ? refuted(id, fmt::format("forty requests in two writes took at most {:.2f} ms each", with * 1e3))
                                               : broken(id, {ErrorKind::io, "slow with TCP_NODELAY too: this host is too crowded to tell"});
  trial.figure = with;
  trial.unit = "s";
  return trial;
}

}  // namespace ipc_advisor::probe
