// A tree of TOML as bytes and back: the embedded rules are parsed when the program is built, not at each start.
#pragma once

#include <string>
#include <string_view>

#include "rules/toml.hpp"

namespace ipc_advisor::rules {

/// The whole tree, places included.
std::string pack(const TomlValue& root);

/// The inverse, for bytes that pack() made; others are a programming error.
TomlValue unpack(std::string_view bytes);

}  // namespace ipc_advisor::rules
