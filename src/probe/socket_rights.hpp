// Experiments on what else Unix sockets carry, and on what happens when something is full or gone.
#pragma once

#include <functional>
#include <utility>

#include "base/os.hpp"
#include "probe/probe.hpp"
#include "probe/sockets.hpp"

namespace ipc_advisor::probe {

/// Two connected sockets: the client's and the server's.
using ConnectedPair = std::pair<Fd, Fd>;
using MakePair = std::function<Result<ConnectedPair>(const Place&)>;

/// A pair of that kind, made through its name.
MakePair pair_of(const SocketKind& kind);
/// A pair of socketpair(2).
MakePair bare_pair(int type);

/// A pipe's end crosses as SCM_RIGHTS and is written to on the other side; and how many cross at once (unix(7)).
Trial try_descriptors(const MakePair& make, const Place& place);
/// The kernel names the peer's process and user (SO_PEERCRED).
Trial try_peer_credentials(const MakePair& make, const Place& place);
/// A write to a peer that is gone is an error, not a silence.
Trial try_write_to_the_dead(const MakePair& make, const Place& place);
/// How much is taken before a writer that nobody reads from would block.
Trial try_filling_up(const MakePair& make, const Place& place);
/// Connections beyond the backlog that nobody accepts: how many are taken, and what the next one hears.
Trial try_full_backlog(const SocketKind& kind, const Place& place);
/// The stall of a request in two writes without TCP_NODELAY.
Trial try_nagle(const Place& place);

/// A sealed memory descriptor crosses a socket, and the receiver cannot shrink it under the sender (memfd_create(2)).
Trial try_sealed_memory();
/// The holder of a robust mutex dies, and the next one is told (pthread_mutexattr_setrobust(3)).
Trial try_robust_mutex();

}  // namespace ipc_advisor::probe
