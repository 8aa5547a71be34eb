// Files read and written whole or not at all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace ipc_advisor {

/// The largest requirements or rules file that is read. 100 000 channels fit.
inline constexpr std::uint64_t max_file_bytes = 64ull << 20;

/// The file's bytes; "-" is standard input. Errors: missing, a directory, no permission, larger than `limit` bytes.
Result<std::string> read_file(const std::string& path, std::uint64_t limit = max_file_bytes);

/// The paths of the files below a folder whose names end so, relative to it and sorted. Hidden ones are left out.
Result<std::vector<std::string>> list_files(const std::string& folder, std::string_view ending);

/// Replaces the file with these bytes by writing a neighbour and renaming it, so that a reader sees the old text or the
/// new one. The mode of an existing file is kept.
Result<void> write_file(const std::string& path, std::string_view bytes);

/// Several at once: none is replaced before all are written. A link's target is written, not the link; a file that may not
/// be written to is left alone, even where its folder would let it be replaced.
Result<void> write_files(const std::vector<std::pair<std::string, std::string_view>>& files);

/// Adds to the end of a file, which is made where it is missing.
Result<void> append_to_file(const std::string& path, std::string_view bytes);

}  // namespace ipc_advisor
