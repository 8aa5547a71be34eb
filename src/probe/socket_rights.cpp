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
#include <sys/un.h>
#include <unistd.h>

#include "base/addresses.hpp"

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

MakePair pair_of(const SocketKind& kind) {
  return [kind](const Place& place) -> Result<ConnectedPair> {
    std::string address;
    const auto listener = kind.listen(place, address);
    if (!listener) return tl::unexpected(listener.error());
    auto client = kind.connect(address);
    if (address.front() == '/') unlink(address.c_str());
    if (!client) return tl::unexpected(client.error());
    Fd server(accept4(listener->get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!server.valid()) return fail_errno("accept", errno);
    return ConnectedPair{std::move(*client), std::move(server)};
  };
}

MakePair bare_pair(int type) {
  return [type](const Place&) -> Result<ConnectedPair> {
    int ends[2];
    if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) != 0) return fail_errno("socketpair", errno);
    return ConnectedPair{Fd(ends[0]), Fd(ends[1])};
  };
}

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
  if (number == EPIPE || number == ECONNRESET || number == ECONNREFUSED) return confirmed(id, system_error("a write to a peer that had closed", number).message + ", and a SIGPIPE unless that is ignored");
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

Trial try_full_backlog(const SocketKind& kind, const Place& place) {
  constexpr std::string_view id = "backlog-full";
  std::string path;
  const auto listener = kind.listen(place, path);
  if (!listener) return broken(id, listener.error());
  constexpr int backlog = 4;
  if (listen(listener->get(), backlog) != 0) return broken(id, system_error("listen", errno));
  const sockaddr_un address = path_address(path);
  std::vector<Fd> clients;
  int number = 0;
  while (number == 0 && clients.size() < 64) {
    Fd client(socket(AF_UNIX, kind.type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    number = connect(client.get(), general(address), sizeof address) == 0 ? 0 : errno;
    if (number == 0) clients.push_back(std::move(client));
  }
  unlink(path.c_str());
  if (number == 0) return refuted(id, "64 connections were taken with a backlog of 4 and nobody accepting");
  Trial trial = confirmed(id, fmt::format("with a backlog of {} and nobody accepting, {} connections were taken; the next heard {}, at once", backlog, clients.size(),
                                          number == EAGAIN ? "EAGAIN" : system_error("connect", number).message));
  trial.figure = static_cast<double>(clients.size());
  trial.unit = "clients";
  return trial;
}

Trial try_nagle(const Place& place) {
  constexpr std::string_view id = "nagle-stall";
  const auto pair = pair_of(tcp_kind())(place);
  if (!pair) return broken(id, pair.error());
  // tcp_kind() sets TCP_NODELAY on a link's ends only; here both ends have the default.
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
