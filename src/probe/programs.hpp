// Programs of others that talk to a probe's server, where they are installed.
#pragma once

#include <string>
#include <vector>

#include "probe/sockets.hpp"

namespace ipc_advisor::probe {

/// Which program of that name would be run; empty where none is installed.
std::string installed(const std::string& name);

/// What the program prints to its standard output within that time; it is killed then. The first word is its path.
Result<std::string> output_of(const std::vector<std::string>& words, int milliseconds);

/// Whether a Python client or socat, at that path, can talk length-prefixed JSON to it.
Trial try_other_language(const SocketKind& kind, const Place& place, const std::string& python = installed("python3"));
Trial try_socat(const SocketKind& kind, const Place& place, const std::string& socat = installed("socat"));

}  // namespace ipc_advisor::probe
