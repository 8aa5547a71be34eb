// Experiments on who gets at a channel, from where and with what.
#pragma once

#include <functional>
#include <string_view>

#include "probe/sockets.hpp"

namespace ipc_advisor::probe {

/// Answers one byte with the next one at `own`, after it has said at `ready` that it listens; returns an errno if it cannot.
using FarServer = std::function<int(const char* own, int ready)>;
/// Whether TCP crosses from one network namespace to another; without a server of the caller's, to one that answers.
Trial try_other_host_reached(const FarServer& serve = {});

/// Whether a thing is out of reach from where network, System V objects and the files of that folder are others, as on
/// another host. `reach` tries to get at it, here and there.
Trial try_out_of_reach(std::string_view what, const char* hidden_folder, const std::function<bool()>& reach);
/// The same for a socket in the place's folder.
Trial try_other_host_refused(const SocketKind& kind, const Place& place);

/// Whether it is reached from another network namespace that shares all files: a path is, an abstract name is not (unix(7)).
Trial try_from_other_network(std::string_view id, const SocketKind& kind, const Place& place, bool expect_reached);
/// Whether an address that is no file can be used (unix(7)).
Trial try_abstract_name(const SocketKind& kind, const Place& place);
/// Another user is kept out by the folder's mode as well as by the socket's own, and let in where both allow it.
Trial try_modes(const SocketKind& kind, const Place& place);
/// What SO_PEERCRED says on both sides of a user namespace (user_namespaces(7)).
Trial try_credentials_across(const SocketKind& kind, const Place& place);

}  // namespace ipc_advisor::probe
