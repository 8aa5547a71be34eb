// Escapes, sentences and lines of mdoc(7).
#include "report/mdoc.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <vector>

#include "base/text.hpp"

namespace ipc_advisor::report {
namespace {

constexpr std::size_t line_width = 78;
// The day on which what is said here, and not in the rules, last changed.
constexpr std::string_view revised = "November 24, 2026";

// A backslash begins an escape; a hyphen that is typed must stay one, or it could not be copied into a shell.
std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool option = text[i] == '-' && ((i > 0 && text[i - 1] == '-') || (i + 1 < text.size() && text[i + 1] == '-'));
    if (text[i] == '\\') out += "\\e";
    else if (option) out += "\\-";
    else out += text[i];
  }
  return out;
}

// A line that begins with a dot or an apostrophe would be a macro.
std::string harmless(const std::string& line) { return line.starts_with('.') || line.starts_with('\'') ? fmt::format("\\&{}", line) : line; }

// Where a sentence ends: a stop, a space and a capital.
std::vector<std::string_view> sentences(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    const bool stop = text[i] == '.' || text[i] == '?' || text[i] == '!';
    if (!stop || text[i + 1] != ' ' || std::isupper(static_cast<unsigned char>(text[i + 2])) == 0) continue;
    out.push_back(text.substr(begin, i + 1 - begin));
    begin = i + 2;
  }
  out.push_back(text.substr(begin));
  return out;
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

}  // namespace

Mdoc::Mdoc(std::string_view name, int section, std::string_view says) {
  line(".\\\" Made by `./dev docs` from the rules and the command line; change those, not this file.");
  line(fmt::format(".Dd {}\n.Dt {} {}\n.Os\n.Sh NAME\n.Nm {}\n.Nd {}", revised, upper(name), section, name, escaped(says)));
}

void Mdoc::section(std::string_view title) {
  line(fmt::format(".Sh {}", upper(title)));
  fresh_ = true;
}

void Mdoc::subsection(std::string_view title) {
  line(fmt::format(".Ss {}", escaped(title)));
  fresh_ = true;
}

void Mdoc::paragraph(std::string_view text_of_it) {
  if (!fresh_) line(".Pp");
  text(text_of_it);
}

void Mdoc::text(std::string_view text) {
  for (const std::string_view sentence : sentences(text))
    for (const std::string& part : wrap(escaped(sentence), line_width)) line(harmless(part));
  fresh_ = false;
}

void Mdoc::begin_list() { line(".Bl -tag -width indent"); }

void Mdoc::item(std::string_view head) {
  line(fmt::format(".It Cm {}", escaped(head)));
  fresh_ = true;
}

void Mdoc::end_list() {
  line(".El");
  fresh_ = false;
}

void Mdoc::literal(std::string_view lines) {
  line(".Bd -literal -offset indent");
  for (std::size_t at = 0; at < lines.size();) {
    const auto end = std::min(lines.find('\n', at), lines.size());
    line(harmless(escaped(lines.substr(at, end - at))));
    at = end + 1;
  }
  line(".Ed");
  fresh_ = false;
}

void Mdoc::macro(std::string_view text) {
  line(text);
  fresh_ = false;
}

}  // namespace ipc_advisor::report
