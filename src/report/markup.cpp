// One table of characters a markup; the rest is printable().
#include "report/markup.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

#include "base/text.hpp"

namespace ipc_advisor::report {
namespace {

// Each special character as a numeric reference between `open` and ";".
std::string escape(std::string_view text, std::string_view special, std::string_view open) {
  std::string out;
  for (const char c : printable(text)) {
    if (special.find(c) == std::string_view::npos) out += c;
    else out += fmt::format("{}{};", open, static_cast<int>(c));
  }
  return out;
}

// What a cut has to close behind itself.
struct Open {
  bool fence = false;
  int details = 0;

  void pass(std::string_view line) {
    if (line.starts_with("```")) fence = !fence;
    if (line.starts_with("<details>")) ++details;
    if (line.starts_with("</details>")) --details;
  }

  std::string closing() const {
    std::string out = fence ? "```\n" : "";
    for (int i = 0; i < details; ++i) out += "\n</details>\n";
    return out;
  }
};

std::string cut_notice(std::string_view rest) {
  return fmt::format("\n*{} lines ({} bytes) were left out: the report is longer than a comment may be.*\n", std::count(rest.begin(), rest.end(), '\n'), rest.size());
}

}  // namespace

std::string escape_html(std::string_view text) { return escape(text, "&<>\"'`", "&#"); }

// Within a word an underscore is nothing but that, and a reference in its place could not be read in the file itself.
std::string escape_markdown(std::string_view text) {
  constexpr std::string_view reference = "&#95;";
  std::string out = escape(text, "\\`*_{}[]<>#+|~@&$", "&#");
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  for (std::size_t at = out.find(reference); at != std::string::npos; at = out.find(reference, at + 1)) {
    const std::size_t after = at + reference.size();
    if (at > 0 && after < out.size() && is_word(out[at - 1]) && is_word(out[after])) out.replace(at, reference.size(), "_");
  }
  return out;
}

std::string escape_mermaid(std::string_view text) { return escape(text, "\\`*_{}[]()<>#|~@&\"';%", "#"); }

std::string squeeze_blank_lines(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '\n' || !out.ends_with("\n\n")) out += c;
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

std::string shorten_markdown(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  Open open;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    Open after = open;
    after.pass(text.substr(at, end - at));
    if (end + after.closing().size() + cut_notice(text).size() > limit) break;
    open = after;
    at = end;
  }
  return fmt::format("{}{}{}", text.substr(0, at), open.closing(), cut_notice(text.substr(at)));
}

}  // namespace ipc_advisor::report
