// What the figures were taken on.
#pragma once

#include "model.hpp"

namespace ipc_advisor::probe {

/// Reads kernel, CPU, quota, container and limits from uname, /proc and /sys. What cannot be read stays empty.
Host read_host();

}  // namespace ipc_advisor::probe
