// Experiments on where a mechanism ends: the largest record, a full queue, records torn and jammed, what a dead owner leaves.
#pragma once

#include <functional>
#include <string>

#include "probe/pipes.hpp"
#include "probe/probe.hpp"
#include "probe/ring.hpp"
#include "probe/socket_rights.hpp"

namespace ipc_advisor::probe {

/// The largest record that is taken at the default settings; larger ones are EMSGSIZE (unix(7), udp(7)).
Trial try_largest_record(const MakePair& make, const Place& place);
/// How many one-byte datagrams wait for a receiver that does not read, before a sender would block.
Trial try_full_queue(const MakePair& make, const Place& place);

/// Two writers at once: records of PIPE_BUF stay whole, and larger ones get mixed (pipe(7)).
Trial try_torn_records(const OpenPipe& open, const Place& place);
/// Two processes that each write before they read, over a pipe each way: from which size on neither comes to its reading.
Trial try_two_way_deadlock(const OpenPipe& open, const Place& place);

/// A path is found from another network namespace that shares its folder, and an abstract name is not (unix(7)).
Trial try_path_from_other_network(const SocketKind& kind, const Place& place);
/// Another user is kept out by the folder's mode as well as by the socket's own, and let in where both allow it.
Trial try_modes(const SocketKind& kind, const Place& place);
/// What SO_PEERCRED says on both sides of a user namespace (user_namespaces(7)).
Trial try_credentials_across(const SocketKind& kind, const Place& place);

/// What stays of a name whose owner is killed: `create` makes it in a child that then dies by SIGKILL, `stays` looks for it
/// and says what it sees ("" for nothing), `remove` takes it away.
struct Leaving {
  std::function<bool()> create;
  std::function<std::string()> stays;
  std::function<void()> remove;
  bool expected = true;  ///< whether something is known to stay
};
Trial try_left_behind(const Leaving& leaving);
Leaving leaving_socket(const SocketKind& kind, const Place& place);

/// A file system that is too small for the memory: ftruncate is no proof, posix_fallocate is, and a store is a SIGBUS.
Trial try_small_memory(const Place& place);
/// With a sequence number around it, a record that a killed writer tore is known to be torn.
Trial try_sequence_lock(const MakeMapping& make);

}  // namespace ipc_advisor::probe
