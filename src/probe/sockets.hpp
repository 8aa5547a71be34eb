// Sockets as links, whatever their family and type; and the trials that all of them share.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <sys/socket.h>

#include "base/os.hpp"
#include "probe/probe.hpp"

namespace ipc_advisor::probe {

/// How a mechanism listens and connects. Both are called with the place; `listen` first, in the parent.
struct SocketKind {
  std::string mechanism;
  int type = SOCK_STREAM;
  /// A listening (or bound) socket and the words that connect() takes to reach it.
  std::function<Result<Fd>(const Place&, std::string& address)> listen;
  std::function<Result<Fd>(const std::string& address)> connect;
};

/// A Unix socket of that type at PLACE/s, mode 0600; a loopback TCP port of the kernel's choice with TCP_NODELAY.
SocketKind unix_kind(std::string mechanism, int type);
SocketKind tcp_kind();

/// A link over a connection of that kind.
Result<std::unique_ptr<Link>> socket_link(const SocketKind& kind, const Place& place);

/// An end over two descriptors that read(2) and write(2) take; the same one twice for a socket. Owns them.
std::unique_ptr<End> descriptor_end(Fd in, Fd out);

/// An end that keeps records: one send is one packet, at most `largest` bytes.
std::unique_ptr<End> record_end(Fd socket);

/// Trials for connection-oriented sockets.
Trial try_clients_at_once(const SocketKind& kind, const Place& place);
Trial try_peer_death(const SocketKind& kind, const Place& place);
Trial try_merging(const SocketKind& kind, const Place& place);
Trial try_boundaries(const SocketKind& kind, const Place& place);
Trial try_two_way(const SocketKind& kind, const Place& place);
/// Whether another user reaches it: confirmed where that agrees with `expect_refused`.
Trial try_other_user(std::string_view id, const SocketKind& kind, const Place& place, bool expect_refused);

/// Whether TCP crosses from one network namespace to another, and whether a local socket is out of reach there.
Trial try_other_host_reached();
Trial try_other_host_refused(const SocketKind& kind, const Place& place);
/// Whether an address that is no file can be used (unix(7)), and who can.
Trial try_abstract_name(const Place& place);
/// Whether python3 and socat, where they are installed, can talk length-prefixed JSON to it.
Trial try_other_language(const SocketKind& kind, const Place& place);
Trial try_socat(const SocketKind& kind, const Place& place);

/// The peer's death seen by end of file on a socket pair; `beside` says what the pair is: itself, or the control socket
/// of memory, which by itself tells nobody of a death.
Trial try_control_socket(std::string_view beside);

/// Runs an attempt as user 65534 in a child; nothing where this process may not change its user. The attempt returns 0
/// or the errno with which it was refused.
Result<int> as_other_user(const std::function<int()>& attempt);
/// The trial's words for the outcome of as_other_user.
Trial judge_other_user(std::string_view id, const Result<int>& outcome, bool expect_refused, std::string_view what);

}  // namespace ipc_advisor::probe
