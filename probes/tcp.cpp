// TCP over 127.0.0.1 or ::1 with TCP_NODELAY on both ends: a stream that any local user can reach.
#include "probe/limits.hpp"
#include "probe/reach.hpp"

namespace ipc_advisor::probe {
namespace {

Trial try_ipv6(const Place& place) {
  Trial trial = try_two_way(pair_of(tcp_kind(AF_INET6)), place);
  trial.id = "ipv6";
  if (trial.verdict == Verdict::confirmed) trial.because = "a request and its answer over ::1";
  return trial;
}

Trial try_left_port(const Place& place) {
  const auto leaving = leaving_port(tcp_kind(), place);
  return leaving ? try_left_behind(*leaving) : broken("left-behind", leaving.error());
}

}  // namespace

extern const Probe tcp_probe;
const Probe tcp_probe{
    .id = "tcp",
    .modes = {"", "ipv6"},
    .polls = true,
    .tunable = true,
    .prepare = [](const Place& place) { return socket_link(tcp_kind(place.mode == "ipv6" ? AF_INET6 : AF_INET), place); },
    .crowd = [] { return tcp_kind(); },
    .trials = {{"two-way", [](const Place& place) { return try_two_way(pair_of(tcp_kind()), place); }},
               {"ipv6", try_ipv6},
               {"stream-merges", [](const Place& place) { return try_merging(pair_of(tcp_kind()), place); }},
               {"clients-at-once", [](const Place& place) { return try_clients_at_once(tcp_kind(), place); }},
               {"other-user-refused", [](const Place& place) { return try_other_user("other-user-refused", tcp_kind(), place, true); }},
               {"other-user-connects", [](const Place& place) { return try_other_user("other-user-connects", tcp_kind(), place, false); }},
               {"other-namespace-reached", [](const Place&) { return try_other_host_reached(); }},
               {"write-to-the-dead", [](const Place& place) { return try_write_to_the_dead(pair_of(tcp_kind()), place); }},
               {"taken-before-blocking", [](const Place& place) { return try_filling_up(pair_of(tcp_kind()), place); }},
               {"backlog-full", [](const Place& place) { return try_full_backlog(tcp_kind(), place); }},
               // A link's ends have TCP_NODELAY; such a pair has what programs get unasked.
               {"nagle-stall", [](const Place& place) { return try_nagle(pair_of(tcp_kind()), place); }},
               {"peer-death-seen", [](const Place& place) { return try_peer_death(tcp_kind(), place); }},
               {"left-behind", try_left_port}},
};

}  // namespace ipc_advisor::probe
