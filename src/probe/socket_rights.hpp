// Experiments on what else Unix sockets carry, and on what happens when something is full or gone.
#pragma once

#include "probe/probe.hpp"
#include "probe/sockets.hpp"

namespace ipc_advisor::probe {

/// A pipe's end crosses as SCM_RIGHTS and is written to on the other side; and how many cross at once (unix(7)).
Trial try_descriptors(const MakePair& make, const Place& place);
/// The kernel names the peer's process and user (SO_PEERCRED).
Trial try_peer_credentials(const MakePair& make, const Place& place);
/// A write to a peer that is gone is an error, not a silence.
Trial try_write_to_the_dead(const MakePair& make, const Place& place);
/// How much is taken before a writer that nobody reads from would block.
Trial try_filling_up(const MakePair& make, const Place& place);
/// Connections beyond the backlog that nobody accepts: how many are taken, and what the next one hears.
Trial try_full_backlog(const SocketKind& kind, const Place& place, int backlog = 4);
/// The stall of a request in two writes without TCP_NODELAY, over a pair that has it off.
Trial try_nagle(const MakePair& make, const Place& place);

/// Whether a process that writes there, and takes SIGPIPE as it comes, dies of it.
bool ended_by_sigpipe(int descriptor);

}  // namespace ipc_advisor::probe
