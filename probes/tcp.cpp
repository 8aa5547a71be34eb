// TCP over 127.0.0.1 with TCP_NODELAY on both ends: a stream that any local user can reach.
#include "probe/socket_rights.hpp"

namespace ipc_advisor::probe {

extern const Probe tcp_probe;
const Probe tcp_probe{
    .id = "tcp",
    .polls = true,
    .prepare = [](const Place& place) { return socket_link(tcp_kind(), place); },
    .crowd = tcp_kind,
    .trials = {{"two-way", [](const Place& place) { return try_two_way(tcp_kind(), place); }},
               {"stream-merges", [](const Place& place) { return try_merging(tcp_kind(), place); }},
               {"clients-at-once", [](const Place& place) { return try_clients_at_once(tcp_kind(), place); }},
               {"other-user-refused", [](const Place& place) { return try_other_user("other-user-refused", tcp_kind(), place, true); }},
               {"other-user-connects", [](const Place& place) { return try_other_user("other-user-connects", tcp_kind(), place, false); }},
               {"other-namespace-reached", [](const Place&) { return try_other_host_reached(); }},
               {"write-to-the-dead", [](const Place& place) { return try_write_to_the_dead(pair_of(tcp_kind()), place); }},
               {"taken-before-blocking", [](const Place& place) { return try_filling_up(pair_of(tcp_kind()), place); }},
               {"nagle-stall", try_nagle},
               {"peer-death-seen", [](const Place& place) { return try_peer_death(tcp_kind(), place); }}},
};

}  // namespace ipc_advisor::probe
