// The difference of two texts in the form that patch(1) reads.
#pragma once

#include <string>
#include <string_view>

namespace ipc_advisor {

/// A unified diff with three lines of context; empty where the texts are the same. Not always the shortest: texts of
/// many thousand lines that differ all over are shown as one change.
std::string unified_diff(std::string_view name, std::string_view before, std::string_view after);

}  // namespace ipc_advisor
