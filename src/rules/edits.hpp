// Mends a requirements file's text: comments and layout stay, and what cannot be done cleanly is left alone.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"

namespace ipc_advisor::rules {

struct Mended {
  std::string text;
  std::size_t fixes = 0;
};

/// Applies the findings' fixes, the unsafe ones too where asked. Of two that touch each other only the first is applied;
/// suppressed findings are left alone. A key inside an inline table has no line of its own, so that it is not removed.
Mended apply_fixes(std::string_view text, const std::vector<Finding>& findings, bool unsafe_too);

}  // namespace ipc_advisor::rules
