// Two UDP sockets on 127.0.0.1, connected to each other: one write, one datagram, and no word when one is lost.
#include "probe/limits.hpp"
#include "probe/sockets.hpp"

namespace ipc_advisor::probe {
namespace {

Result<std::unique_ptr<Link>> prepare(const Place& place) {
  auto pair = pair_of(udp_kind())(place);
  if (!pair) return tl::unexpected(pair.error());
  return pair_link(std::move(*pair), place, true);
}

Trial try_left_port(const Place& place) {
  const auto leaving = leaving_port(udp_kind(), place);
  return leaving ? try_left_behind(*leaving) : broken("left-behind", leaving.error());
}

}  // namespace

extern const Probe udp_probe;
const Probe udp_probe{
    .id = "udp",
    .largest_message = 65507,  // udp(7): 64 KiB less the headers
    .polls = true,
    .tunable = true,
    .lossy = true,
    .prepare = prepare,
    .trials = {{"two-way", [](const Place& place) { return try_two_way(pair_of(udp_kind()), place); }},
               {"boundaries", [](const Place& place) { return try_boundaries(pair_of(udp_kind()), place); }},
               {"clients-at-once", [](const Place& place) { return try_senders(udp_kind(), place); }},
               {"lost-when-full", [](const Place& place) { return try_loss(pair_of(udp_kind()), place); }},
               {"largest-message", [](const Place& place) { return try_largest_record(pair_of(udp_kind()), place); }},
               {"other-user-connects", [](const Place& place) { return try_other_user_sends("other-user-connects", udp_kind(), place, false); }},
               {"other-user-refused", [](const Place& place) { return try_other_user_sends("other-user-refused", udp_kind(), place, true); }},
               {"left-behind", try_left_port}},
};

}  // namespace ipc_advisor::probe
