// Two hosts on one: processes in network namespaces of their own, joined by a pair of virtual interfaces.
#pragma once

#include <functional>

#include "base/error.hpp"

namespace ipc_advisor::probe {

/// Runs `first` on one host and, once it has written a byte to `ready`, `second` on the other, each in a process of its
/// own that is given its own or the first's IPv4 address. Returns the exit status (0 to 119) of the second. Error
/// forbidden where this process may make no namespaces. Namespaces and interfaces go with the two processes.
Result<int> on_two_hosts(const std::function<int(const char* own, int ready)>& first, const std::function<int(const char* other)>& second);

/// Runs the work in a process with a network and System V objects of its own and a new file system of that size (tmpfs(5))
/// over `hidden_folder`, so that it sees as little of it as another host would; with nullptr all files are shared.
/// Errors: forbidden.
Result<int> on_other_host(const char* hidden_folder, const std::function<int()>& work, const char* size = "64k");

/// Runs the work in a process with System V objects of its own, which go with it whatever becomes of anybody. Errors:
/// forbidden.
Result<int> with_own_objects(const std::function<int()>& work);

}  // namespace ipc_advisor::probe
