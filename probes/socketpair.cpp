// socketpair(2), handed over by fork: one descriptor each, both ways, no name.
#include "probe/pipes.hpp"
#include "probe/socket_rights.hpp"
#include "probe/sockets.hpp"

namespace ipc_advisor::probe {
namespace {

Result<ConnectedPair> make_pair(const Place& place) { return bare_pair(SOCK_STREAM)(place); }

Trial try_finding_it(const Place& place) {
  const auto pair = make_pair(place);
  return pair ? try_other_user_finds(pair->second.get()) : broken("other-user-refused", pair.error());
}

}  // namespace

extern const Probe socketpair_probe;
const Probe socketpair_probe{
    .id = "socketpair",
    .polls = true,
    .tunable = true,
    .prepare = [](const Place& place) -> Result<std::unique_ptr<Link>> {
      auto pair = make_pair(place);
      if (!pair) return tl::unexpected(pair.error());
      return pair_link(std::move(*pair), place, false);
    },
    .trials = {{"two-way", [](const Place& place) { return try_two_way(make_pair, place); }},
               {"stream-merges", [](const Place& place) { return try_merging(make_pair, place); }},
               {"other-user-refused", try_finding_it},
               {"descriptors-passed", [](const Place& place) { return try_descriptors(make_pair, place); }},
               {"peer-credentials", [](const Place& place) { return try_peer_credentials(make_pair, place); }},
               {"write-to-the-dead", [](const Place& place) { return try_write_to_the_dead(make_pair, place); }},
               {"taken-before-blocking", [](const Place& place) { return try_filling_up(make_pair, place); }},
               {"peer-death-seen", [](const Place& place) { return try_control_socket(make_pair, place, "a bare socket pair"); }}},
};

}  // namespace ipc_advisor::probe
