// A Unix sequenced-packet socket: a connection whose kernel keeps each write apart.
#include "probe/limits.hpp"
#include "probe/reach.hpp"

namespace ipc_advisor::probe {
namespace {

SocketKind kind() { return unix_kind("unix-seqpacket", SOCK_SEQPACKET); }

}  // namespace

extern const Probe unix_seqpacket_probe;
const Probe unix_seqpacket_probe{
    .id = "unix-seqpacket",
    .largest_message = 65536,  // within the default send buffer (unix(7))
    .polls = true,
    .tunable = true,
    .prepare = [](const Place& place) { return socket_link(kind(), place); },
    .crowd = kind,
    .trials = {{"two-way", [](const Place& place) { return try_two_way(pair_of(kind()), place); }},
               {"socket-api", [](const Place& place) { return try_socket_api(pair_of(kind()), place); }},
               {"boundaries", [](const Place& place) { return try_boundaries(pair_of(kind()), place); }},
               {"clients-at-once", [](const Place& place) { return try_clients_at_once(kind(), place); }},
               {"other-user-refused", [](const Place& place) { return try_other_user("other-user-refused", kind(), place, true); }},
               {"other-namespace-refused", [](const Place& place) { return try_other_host_refused(kind(), place); }},
               {"descriptors-passed", [](const Place& place) { return try_descriptors(pair_of(kind()), place); }},
               {"peer-credentials", [](const Place& place) { return try_peer_credentials(pair_of(kind()), place); }},
               {"write-to-the-dead", [](const Place& place) { return try_write_to_the_dead(pair_of(kind()), place); }},
               {"taken-before-blocking", [](const Place& place) { return try_filling_up(pair_of(kind()), place); }},
               {"backlog-full", [](const Place& place) { return try_full_backlog(kind(), place); }},
               {"peer-death-seen", [](const Place& place) { return try_peer_death(kind(), place); }},
               {"largest-message", [](const Place& place) { return try_largest_record(pair_of(kind()), place); }},
               {"left-behind", [](const Place& place) { return try_left_behind(leaving_socket(kind(), place)); }}},
};

}  // namespace ipc_advisor::probe
