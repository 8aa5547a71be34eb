// The rule files that were compiled in. The table itself is generated from rules/ at build time.
#pragma once

#include <span>
#include <string_view>

namespace ipc_advisor::rules {

/// One file of rules/: its path below that folder ("mechanisms/tcp.toml") and its text. Lives as long as the program.
struct EmbeddedFile {
  std::string_view path;
  std::string_view text;
};

/// All of them, sorted by path.
std::span<const EmbeddedFile> embedded_files();

/// The same files in the same order, each as the packed tree of its text (packed_toml.hpp).
std::span<const EmbeddedFile> packed_files();

}  // namespace ipc_advisor::rules
