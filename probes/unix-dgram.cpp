// Two Unix datagram sockets bound to paths and connected to each other: one write, one record.
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/addresses.hpp"
#include "probe/limits.hpp"
#include "probe/reach.hpp"

namespace ipc_advisor::probe {
namespace {

Result<Fd> bound(const std::string& path) {
  Fd out(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!out.valid()) return fail_errno("socket", errno);
  unlink(path.c_str());
  const sockaddr_un name = path_address(path);
  if (bind(out.get(), general(name), sizeof name) != 0) return fail_errno("bind " + path, errno);
  chmod(path.c_str(), 0600);
  return out;
}

int connect_to(int socket, const std::string& path) {
  const sockaddr_un name = path_address(path);
  return connect(socket, general(name), sizeof name);
}

SocketKind kind() { return unix_kind("unix-dgram", SOCK_DGRAM); }

// Both have a name, so that each can be answered; the names go as soon as the two have met.
Result<ConnectedPair> make_pair(const Place& place) {
  const std::string server_path = place.folder + "/server", client_path = place.folder + "/client";
  auto server = bound(server_path);
  if (!server) return tl::unexpected(server.error());
  auto client = bound(client_path);
  if (!client) return tl::unexpected(client.error());
  const bool met = connect_to(client->get(), server_path) == 0 && connect_to(server->get(), client_path) == 0;
  const int number = errno;
  unlink(server_path.c_str());
  unlink(client_path.c_str());
  if (!met) return fail_errno("connect", number);
  return ConnectedPair{std::move(*client), std::move(*server)};
}

Result<std::unique_ptr<Link>> prepare(const Place& place) {
  auto pair = make_pair(place);
  if (!pair) return tl::unexpected(pair.error());
  return pair_link(std::move(*pair), place, true);
}

// A datagram socket has no one peer: the kernel names the sender of each message (SCM_CREDENTIALS, unix(7)).
Trial try_sender_credentials(const Place& place) {
  constexpr std::string_view id = "peer-credentials";
  const auto pair = make_pair(place);
  if (!pair) return broken(id, pair.error());
  const int on = 1;
  if (setsockopt(pair->second.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0) return broken(id, system_error("SO_PASSCRED", errno));
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(ucred))] = {};
  char byte = 'x';
  iovec data{&byte, 1};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (write(pair->first.get(), &byte, 1) != 1 || recvmsg(pair->second.get(), &message, 0) != 1) return broken(id, system_error("recvmsg", errno));
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_CREDENTIALS) return refuted(id, "the message came without its sender's credentials");
  ucred sender{};
  std::memcpy(&sender, CMSG_DATA(header), sizeof sender);
  if (sender.pid == getpid() && sender.uid == geteuid()) return confirmed(id, fmt::format("the kernel names the sender of each message: process, user {} and group {}", sender.uid, sender.gid));
  return refuted(id, fmt::format("the kernel names process {} of user {}, which is not the sender", sender.pid, sender.uid));
}

}  // namespace

extern const Probe unix_dgram_probe;
const Probe unix_dgram_probe{
    .id = "unix-dgram",
    .largest_message = 65536,  // within the default send buffer (unix(7))
    .polls = true,
    .tunable = true,
    .prepare = prepare,
    .trials = {{"two-way", [](const Place& place) { return try_two_way(make_pair, place); }},
               {"socket-api", [](const Place& place) { return try_socket_api(make_pair, place); }},
               {"boundaries", [](const Place& place) { return try_boundaries(make_pair, place); }},
               {"clients-at-once", [](const Place& place) { return try_senders(kind(), place); }},
               {"descriptors-passed", [](const Place& place) { return try_descriptors(bare_pair(SOCK_DGRAM), place); }},
               {"peer-credentials", try_sender_credentials},
               {"write-to-the-dead", [](const Place& place) { return try_write_to_the_dead(bare_pair(SOCK_DGRAM), place); }},
               {"taken-before-blocking", [](const Place& place) { return try_filling_up(bare_pair(SOCK_DGRAM), place); }},
               {"other-user-refused", [](const Place& place) { return try_other_user("other-user-refused", kind(), place, true); }},
               {"other-namespace-refused", [](const Place& place) { return try_other_host_refused(kind(), place); }},
               {"largest-message", [](const Place& place) { return try_largest_record(bare_pair(SOCK_DGRAM), place); }},
               {"queue-full", [](const Place& place) { return try_full_queue(bare_pair(SOCK_DGRAM), place); }},
               {"left-behind", [](const Place& place) { return try_left_behind(leaving_socket(kind(), place)); }}},
};

}  // namespace ipc_advisor::probe
