// One server and many clients: how a socket's latency and rate change as clients grow.
#pragma once

#include "probe/harness.hpp"
#include "probe/sockets.hpp"

namespace ipc_advisor::probe {

/// Round trips and the bytes that were answered a second, with that many clients in flight.
struct Crowd {
  Slice slice;
  Flow flow;
};

/// Every client has one message of that size under way at any time, and the server, one process with epoll(7), echoes
/// them; every echo is compared with what was sent. The mode of what comes back is "N clients". Errors: exhausted where
/// the descriptors do not suffice.
Result<Crowd> time_crowd(const SocketKind& kind, const Place& place, const Placement& placement, int clients, std::uint64_t bytes, double seconds);

}  // namespace ipc_advisor::probe
