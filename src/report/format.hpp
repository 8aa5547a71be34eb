// The report formats: pure functions from a Report to text. One row in format.cpp and one file make a new one.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model.hpp"

namespace ipc_advisor::report {

/// How a terminal, or a file, wants its text.
struct Style {
  bool colour = false;
  bool unicode = true;
  int width = 100;  ///< columns, 40 to 120
  bool verbose = false;
  bool sizes = false;   ///< every size that was measured
  bool legend = false;  ///< what the figures mean and do not mean
  bool links = false;   ///< hyperlinks (OSC 8)
};

struct Format {
  std::string_view id;
  std::string_view says;
  std::string (*render)(const Report& report, const Style& style);
};

std::span<const Format> all_formats();
/// The format of that id, or nullptr.
const Format* find_format(std::string_view id);

std::string render_text(const Report& report, const Style& style);
std::string render_json(const Report& report, const Style& style);
std::string render_markdown(const Report& report, const Style& style);
std::string render_html(const Report& report, const Style& style);
std::string render_adr(const Report& report, const Style& style);
std::string render_sarif(const Report& report, const Style& style);
std::string render_junit(const Report& report, const Style& style);
std::string render_github(const Report& report, const Style& style);
std::string render_gitlab(const Report& report, const Style& style);

}  // namespace ipc_advisor::report
