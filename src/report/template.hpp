// The templates of the written reports: Mustache files beside this one, compiled in, filled with JSON values.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

namespace ipc_advisor::report {

/// One template or style sheet: its file's name and its text. Lives as long as the program.
struct EmbeddedFile {
  std::string_view path;
  std::string_view text;
};

std::span<const EmbeddedFile> embedded_files();

/// The text of an embedded file; asserts that it is there.
std::string_view embedded_file(std::string_view path);

/// Fills the template of that name. `{{x}}` goes through `escape`, `{{{x}}}` does not. An empty string, list or null
/// counts as absent, and for every list x that has something in it there is a has_x.
std::string fill(std::string_view path, const nlohmann::ordered_json& values, std::string (*escape)(std::string_view));

}  // namespace ipc_advisor::report
