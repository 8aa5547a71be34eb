// Text is put together first, read back and held against what was there, and only then written.
#include "app/ask_write.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/files.hpp"
#include "base/text.hpp"
#include "engine/lint.hpp"
#include "report/requirements_file.hpp"
#include "rules/requirements.hpp"

namespace ipc_advisor::app {
namespace {

using rules::Requirements;
using rules::Rules;

bool exists(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0;
}

std::string project_name() {
  std::error_code error;
  const std::string name = std::filesystem::current_path(error).filename();
  return error || name.empty() || first_invalid_utf8(name) ? "project" : name;
}

const Channel* named(const Requirements& requirements, const std::string& name) {
  for (const Channel& channel : requirements.channels)
    if (channel.name == name) return &channel;
  return nullptr;
}

// A file that lint reads without complaint about its form, and that has something of ours.
bool is_requirements(const Requirements& read) { return read.readable() && !(read.channels.empty() && read.project.empty()); }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size() - 1) + 1;
    lines.push_back(text.substr(at, end - at));
    at = end;
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

std::string first_of(const std::string& line) {
  const auto at = line.find_first_not_of(" \t");
  return at == std::string::npos ? "" : line.substr(at, 1);
}

// From the channel's header to before the next table and the comments right above that.
std::pair<std::size_t, std::size_t> lines_of_channel(const std::vector<std::string>& lines, const Channel& channel) {
  const auto begin = static_cast<std::size_t>(channel.header.begin.line - 1);
  std::size_t end = begin + 1;
  while (end < lines.size() && first_of(lines[end]) != "[") ++end;
  if (end < lines.size())
    while (end > begin + 1 && first_of(lines[end - 1]) == "#") --end;
  return {begin, end};
}

// The whole text with the section in its place, and the line where the section begins.
std::string placed(const std::string& old, const Requirements& before, const std::string& name, std::string section) {
  if (old.find("\r\n") != std::string::npos) {
    std::string with;
    for (const char c : section) with += c == '\n' ? std::string("\r\n") : std::string(1, c);
    section = std::move(with);
  }
  const std::string end_of_line = old.find("\r\n") == std::string::npos ? "\n" : "\r\n";
  const Channel* present = named(before, name);
  if (present == nullptr) return old + (old.empty() || old.back() == '\n' ? "" : end_of_line) + (old.empty() ? "" : end_of_line) + section;
  const std::vector<std::string> lines = lines_of(old);
  const auto [begin, end] = lines_of_channel(lines, *present);
  const bool last = end >= lines.size();
  return joined({lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(begin)}) + section + (last ? "" : end_of_line) +
         joined({lines.begin() + static_cast<std::ptrdiff_t>(std::min(end, lines.size())), lines.end()});
}

// The same channels as before, but for the one that was written.
bool others_kept(const Requirements& before, const Requirements& after, const std::string& name) {
  const std::size_t more = named(before, name) == nullptr ? 1 : 0;
  if (!after.readable() || after.channels.size() != before.channels.size() + more) return false;
  for (const Channel& channel : before.channels) {
    if (channel.name == name) continue;
    const Channel* same = named(after, channel.name);
    if (same == nullptr) return false;
    for (std::size_t i = 0; i < channel.needs.size(); ++i)
      if (!(channel.needs[i].value == same->needs[i].value)) return false;
  }
  return true;
}

// Comments that allow what the linter remarks on this channel: it was told when it was decided.
std::string with_permissions(const Rules& rules, const std::string& text, const std::string& file, const std::string& name) {
  const Requirements read = rules::read_requirements(text, file, rules);
  std::vector<Finding> found = engine::lint(rules, read);
  std::erase_if(found, [&](const Finding& finding) { return finding.channel != name || finding.suppressed || finding.level == Level::error; });
  std::stable_sort(found.begin(), found.end(), [](const Finding& a, const Finding& b) { return a.span.begin.line > b.span.begin.line; });
  std::vector<std::string> lines = lines_of(text);
  for (const Finding& finding : found) {
    if (finding.span.begin.line < 1 || static_cast<std::size_t>(finding.span.begin.line) > lines.size()) continue;
    const auto at = lines.begin() + (finding.span.begin.line - 1);
    const std::string end_of_line = at->ends_with("\r\n") ? "\r\n" : "\n";
    lines.insert(at, fmt::format("# ipc: allow[{}] known when this was decided: {}{}", finding.rule, printable(finding.message), end_of_line));
  }
  return joined(lines);
}

Error not_ours(const Options& options) {
  return {ErrorKind::usage, fmt::format("\"{}\" exists and is no requirements file that can be read; --force replaces it", printable(options.write))};
}

}  // namespace

Result<void> check_target(const Rules& rules, const Options& options, const std::string& channel) {
  if (options.write.empty() || options.force || !exists(options.write)) return {};
  const auto text = read_file(options.write);
  if (!text) return tl::unexpected(text.error());
  const Requirements read = rules::read_requirements(*text, options.write, rules);
  if (!is_requirements(read)) return tl::unexpected(not_ours(options));
  if (named(read, channel) == nullptr) return {};
  return fail(ErrorKind::usage, fmt::format("\"{}\" has a channel \"{}\" already; --name NAME adds another one, --force replaces it",
                                            printable(options.write), printable(channel)));
}

Result<std::string> write_channel(const Rules& rules, const Options& options, const Channel& channel, const Decision& decision) {
  // The file may have changed while the questions were answered.
  if (const auto still = check_target(rules, options, channel.name); !still) return tl::unexpected(still.error());
  std::string old;
  if (exists(options.write)) {
    auto text = read_file(options.write);
    if (!text) return tl::unexpected(text.error());
    old = std::move(*text);
  }
  const Requirements before = rules::read_requirements(old, options.write, rules);
  const bool adds = !old.empty() && is_requirements(before);
  const bool replaces = adds && named(before, channel.name) != nullptr;
  std::string text = adds ? placed(old, before, channel.name, report::channel_section(rules, channel, &decision))
                          : report::requirements_file(rules, project_name(), channel, &decision);
  text = with_permissions(rules, text, options.write, channel.name);
  if (adds && !others_kept(before, rules::read_requirements(text, options.write, rules), channel.name))
    return fail(ErrorKind::usage, fmt::format("\"{}\" cannot be changed without touching more than this channel; nothing was written", printable(options.write)));
  if (const auto written = write_file(options.write, text); !written) return tl::unexpected(written.error());
  const std::string file = printable(options.write);
  if (replaces) return fmt::format("wrote {}: channel \"{}\" is replaced, the rest is as it was", file, printable(channel.name));
  if (adds) return fmt::format("wrote {}: channel \"{}\" is added, the rest is as it was", file, printable(channel.name));
  return fmt::format("wrote {}", file);
}

Result<std::string> save_unfinished(const Rules& rules, const Options& options, const Channel& channel) {
  const std::string base = (options.write.empty() ? "ipc.toml" : options.write) + ".unfinished";
  std::string path = base;
  for (int i = 2; exists(path) && i < 1000; ++i) path = fmt::format("{}-{}", base, i);
  if (const auto written = write_file(path, report::requirements_file(rules, project_name(), channel, nullptr)); !written) return tl::unexpected(written.error());
  return path;
}

}  // namespace ipc_advisor::app
