// The rule files that were compiled in. The table itself is generated from rules/ by pack_rules.cpp at build time.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace ipc_advisor::rules {

/// One file of rules/: its path below that folder ("mechanisms/tcp.toml"), the packed tree of its text (packed_toml.hpp)
/// and the text's Fnv1a. Lives as long as the program.
struct EmbeddedFile {
  std::string_view path;
  std::string_view tree;
  std::uint64_t hash;
};

/// All of them, sorted by path.
std::span<const EmbeddedFile> embedded_files();

}  // namespace ipc_advisor::rules
