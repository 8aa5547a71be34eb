// What all pictures share.
#pragma once

#include <string>
#include <string_view>

#include "report/chart.hpp"

namespace ipc_advisor::report {

/// The picture around its parts, with its words for screen readers.
std::string frame(const Caption& caption, double height, std::string_view body);

/// The text, printable, cut to so many columns with an ellipsis; not escaped yet.
std::string clipped(std::string_view text, std::size_t most);

}  // namespace ipc_advisor::report
