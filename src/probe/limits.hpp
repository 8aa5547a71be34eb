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
/// A file at that path; `words` say what its staying means.
Leaving leaving_file(const std::string& path, const std::string& words);
/// A port of that kind, of which nothing is expected to stay.
Result<Leaving> leaving_port(const SocketKind& kind, const Place& place);

/// A file system of `size` (tmpfs(5)) that is too small for a mebibyte of memory: ftruncate is no proof, posix_fallocate is,
/// and a store is a SIGBUS.
Trial try_small_memory(const Place& place, const char* size = "64k");
/// Memory with those seals (memfd_create(2)) cannot be cut off by a hostile process that holds its descriptor; without them
/// its reader is killed.
Trial try_sealed_memory(int seals);
/// The holder of a mutex dies: the next one is told where it is robust, and waits for ever where it is not
/// (pthread_mutexattr_setrobust(3)). `robustness` is the one that should tell.
Trial try_robust_mutex(int robustness);
/// With a sequence number around it, a record that a killed writer tore is known to be torn.
Trial try_sequence_lock(const MakeMapping& make);

}  // namespace ipc_advisor::probe
