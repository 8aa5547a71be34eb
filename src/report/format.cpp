// The table of formats.
#include "report/format.hpp"

namespace ipc_advisor::report {

std::span<const Format> all_formats() {
  static constexpr Format formats[] = {{"text", "for people, in a terminal", render_text},
                                       {"json", "for programs; versioned", render_json},
                                       {"markdown", "for pull requests", render_markdown},
                                       {"html", "one page to look at, with pictures", render_html},
                                       {"adr", "an architecture decision record", render_adr},
                                       {"sarif", "for code scanning; SARIF 2.1.0", render_sarif},
                                       {"junit", "for test reports", render_junit},
                                       {"github", "annotations of GitHub Actions", render_github},
                                       {"gitlab", "GitLab's code quality", render_gitlab}};
  return formats;
}

const Format* find_format(std::string_view id) {
  for (const Format& format : all_formats())
    if (format.id == id) return &format;
  return nullptr;
}

}  // namespace ipc_advisor::report
