// A Unix stream socket at a path in a private folder.
#include "probe/limits.hpp"
#include "probe/programs.hpp"
#include "probe/reach.hpp"

namespace ipc_advisor::probe {
namespace {

SocketKind kind() { return unix_kind("unix-stream", SOCK_STREAM); }

Trial try_from_elsewhere(const Place& place) {
  Trial path = try_other_host_refused(kind(), place), abstract = try_other_host_refused(abstract_kind(), place);
  if (path.verdict != Verdict::confirmed) return path;
  if (abstract.verdict != Verdict::confirmed) return abstract;
  return confirmed(path.id, "from where network and files are others, as on another host, neither its path nor its abstract name could be reached");
}

}  // namespace

extern const Probe unix_stream_probe;
const Probe unix_stream_probe{
    .id = "unix-stream",
    .polls = true,
    .tunable = true,
    .prepare = [](const Place& place) { return socket_link(kind(), place); },
    .crowd = kind,
    .trials = {{"two-way", [](const Place& place) { return try_two_way(pair_of(kind()), place); }},
               {"socket-api", [](const Place& place) { return try_socket_api(pair_of(kind()), place); }},
               {"stream-merges", [](const Place& place) { return try_merging(pair_of(kind()), place); }},
               {"clients-at-once", [](const Place& place) { return try_clients_at_once(kind(), place); }},
               {"other-user-refused", [](const Place& place) { return try_other_user("other-user-refused", kind(), place, true); }},
               {"other-namespace-refused", try_from_elsewhere},
               {"abstract-name", [](const Place& place) { return try_abstract_name(abstract_kind(), place); }},
               {"abstract-open-to-all", [](const Place& place) { return try_other_user("abstract-open-to-all", abstract_kind(), place, false); }},
               {"abstract-stays-in-network", [](const Place& place) { return try_from_other_network("abstract-stays-in-network", abstract_kind(), place, false); }},
               {"other-language-client", [](const Place& place) { return try_other_language(kind(), place); }},
               {"socat-opens", [](const Place& place) { return try_socat(kind(), place); }},
               {"descriptors-passed", [](const Place& place) { return try_descriptors(pair_of(kind()), place); }},
               {"peer-credentials", [](const Place& place) { return try_peer_credentials(pair_of(kind()), place); }},
               {"write-to-the-dead", [](const Place& place) { return try_write_to_the_dead(pair_of(kind()), place); }},
               {"taken-before-blocking", [](const Place& place) { return try_filling_up(pair_of(kind()), place); }},
               {"backlog-full", [](const Place& place) { return try_full_backlog(kind(), place); }},
               {"peer-death-seen", [](const Place& place) { return try_peer_death(kind(), place); }},
               {"path-crosses-networks", [](const Place& place) { return try_from_other_network("path-crosses-networks", kind(), place, true); }},
               {"mode-and-folder", [](const Place& place) { return try_modes(kind(), place); }},
               {"credentials-across-user-namespaces", [](const Place& place) { return try_credentials_across(kind(), place); }},
               {"left-behind", [](const Place& place) { return try_left_behind(leaving_socket(kind(), place)); }}},
};

}  // namespace ipc_advisor::probe
