// Sockets as links, whatever their family and type; and the trials that all of them share.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <sys/socket.h>
#include <utility>

#include "base/os.hpp"
#include "probe/probe.hpp"

namespace ipc_advisor::probe {

/// How a mechanism listens and connects. Both are called with the place; `listen` first, in the parent.
struct SocketKind {
  std::string mechanism;
  int type = SOCK_STREAM;  ///< where it is SOCK_DGRAM nobody listens or accepts: the bound socket hears all
  /// A listening (or bound) socket and the words that connect() takes to reach it.
  std::function<Result<Fd>(const Place&, std::string& address)> listen;
  std::function<Result<Fd>(const std::string& address)> connect;
};

/// A Unix socket of that type at PLACE/s, mode 0600; a loopback TCP port of the kernel's choice, of IPv4 (AF_INET) or IPv6
/// (AF_INET6); a UDP port of IPv4.
SocketKind unix_kind(std::string mechanism, int type);
SocketKind tcp_kind(int family = AF_INET);
SocketKind udp_kind();

/// A Unix stream socket in the abstract namespace (unix(7)): its address is no file, and is written with an @ in front.
SocketKind abstract_kind();
/// Removes the address's name, where it is a file.
void remove_name(const std::string& address);

/// Two connected sockets: the client's and the server's.
using ConnectedPair = std::pair<Fd, Fd>;
using MakePair = std::function<Result<ConnectedPair>(const Place&)>;
/// A pair of that kind, made through its name.
MakePair pair_of(const SocketKind& kind);
/// A pair of socketpair(2).
MakePair bare_pair(int type);

/// A link over a connection of that kind.
Result<std::unique_ptr<Link>> socket_link(const SocketKind& kind, const Place& place);

/// A link over two connected sockets, made before the fork, with the place's buffers.
std::unique_ptr<Link> pair_link(ConnectedPair pair, const Place& place, bool keeps_records);

/// Asks for buffers of that many bytes both ways; the kernel gives as much as it allows to anybody (socket(7)).
void ask_for_buffers(int socket, std::uint64_t bytes);

/// An end over two descriptors that read(2) and write(2) take; the same one twice for a socket. Owns them.
std::unique_ptr<End> descriptor_end(Fd in, Fd out);

/// An end that keeps records: one send is one packet, at most `largest` bytes.
std::unique_ptr<End> record_end(Fd socket);

/// Trials for any two connected sockets: whether two writes are read as one or stay apart, whether an answer comes back.
Trial try_merging(const MakePair& make, const Place& place);
Trial try_boundaries(const MakePair& make, const Place& place);
Trial try_two_way(const MakePair& make, const Place& place);
/// The same as TCP's programs make their connection with: only the address is a path.
Trial try_socket_api(const MakePair& make, const Place& place);

/// Trials for sockets with a name.
Trial try_clients_at_once(const SocketKind& kind, const Place& place);
Trial try_peer_death(const SocketKind& kind, const Place& place);
/// Whether another user reaches it: confirmed where that agrees with `expect_refused`.
Trial try_other_user(std::string_view id, const SocketKind& kind, const Place& place, bool expect_refused);

/// Trials for datagram sockets: many senders to one receiver, another user among them.
Trial try_senders(const SocketKind& kind, const Place& place);
Trial try_other_user_sends(std::string_view id, const SocketKind& kind, const Place& place, bool expect_refused);
/// Datagrams for a receiver that does not read are lost without a word to their sender (udp(7)).
Trial try_loss(const MakePair& make, const Place& place);

/// The peer's death seen by end of file on a pair that each holds one end of; `beside` says what the pair is: itself, or the control socket
/// of memory, which by itself tells nobody of a death.
Trial try_control_socket(const MakePair& make, const Place& place, std::string_view beside);

/// Runs an attempt as user 65534 in a child; nothing where this process may not change its user. The attempt returns 0
/// or the errno with which it was refused.
Result<int> as_other_user(const std::function<int()>& attempt);
/// The trial's words for the outcome of as_other_user.
Trial judge_other_user(std::string_view id, const Result<int>& outcome, bool expect_refused, std::string_view what);

}  // namespace ipc_advisor::probe
