// The table of formats.
#include "report/format.hpp"

namespace ipc_advisor::report {

std::span<const Format> all_formats() {
  static constexpr Format formats[] = {{"text", "for people, in a terminal", render_text},
                                       {"json", "for programs; versioned", render_json},
                                       {"markdown", "for pull requests", render_markdown}};
  return formats;
}

const Format* find_format(std::string_view id) {
  for (const Format& format : all_formats())
    if (format.id == id) return &format;
  return nullptr;
}

}  // namespace ipc_advisor::report
