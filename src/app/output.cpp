// Terminal questions and the writing of reports.
#include "app/output.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/files.hpp"
#include "base/text.hpp"

namespace ipc_advisor::app {
namespace {

std::string_view environment(const char* name) {
  const char* value = getenv(name);
  return value == nullptr ? "" : value;
}

int terminal_width(bool terminal) {
  winsize size{};
  if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return std::clamp<int>(size.ws_col, 40, 120);
  return 100;
}

void write_to(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
}

}  // namespace

// NO_COLOR (no-color.org) beats the terminal; the two forcing variables beat NO_COLOR's absence only.
bool wants_colour(const Options& options, bool terminal) {
  if (options.colour != "auto") return options.colour == "always";
  if (!environment("NO_COLOR").empty()) return false;
  const auto forced = [](std::string_view value) { return !value.empty() && value != "0"; };
  if (forced(environment("FORCE_COLOR")) || forced(environment("CLICOLOR_FORCE"))) return true;
  return terminal && environment("TERM") != "dumb";
}

bool wants_unicode() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string value(environment(name));
    if (value.empty()) continue;
    std::transform(value.begin(), value.end(), value.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return value.find("UTF-8") != std::string::npos || value.find("UTF8") != std::string::npos;
  }
  return false;
}

report::Style style_for_stdout(const Options& options) {
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  report::Style style;
  style.colour = wants_colour(options, terminal);
  style.unicode = wants_unicode();
  style.width = terminal_width(terminal);
  style.verbose = options.verbose;
  style.sizes = options.sizes;
  style.legend = options.legend;
  style.links = terminal && style.colour && environment("TERM") != "linux";
  return style;
}

Result<void> print(std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = write(STDOUT_FILENO, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return fail_errno("cannot write to standard output", errno);
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

// GitHub shows what a step writes to this file as the job's summary; annotations alone say too little.
static Result<void> add_job_summary(const Report& report, const std::vector<OutputRequest>& requests) {
  const std::string path(environment("GITHUB_STEP_SUMMARY"));
  const bool annotated = std::any_of(requests.begin(), requests.end(), [](const OutputRequest& request) { return request.format == "github"; });
  if (path.empty() || !annotated) return {};
  return append_to_file(path, report::find_format("markdown")->render(report, {false, true, 100, false}));
}

Result<void> write_report(const Report& report, const Options& options) {
  std::vector<OutputRequest> requests = options.outputs;
  if (requests.empty()) requests.push_back({"text", ""});
  if (!options.save.empty()) requests.push_back({"json", options.save});
  std::string for_stdout;
  std::vector<std::pair<std::string, std::string>> texts;
  for (const OutputRequest& request : requests) {
    const report::Format* format = report::find_format(request.format);
    report::Style style = style_for_stdout(options);
    if (!request.file.empty()) style = {options.colour == "always", true, 100, options.verbose, options.sizes, options.legend};
    const std::string text = format->render(report, style);
    if (request.file.empty()) for_stdout += text;
    else texts.emplace_back(request.file, text);
  }
  const std::vector<std::pair<std::string, std::string_view>> files(texts.begin(), texts.end());
  if (auto written = write_files(files); !written) return written;
  if (auto summed_up = add_job_summary(report, requests); !summed_up) return summed_up;
  return print(for_stdout);
}

void say(std::string_view line) {
  clear_progress();
  write_to(STDERR_FILENO, without_commands(line) + "\n");
}

void complain(std::string_view message) {
  // Each line apart, so that a line break in a message stays one and nothing else gets through.
  std::string out;
  for (std::size_t at = 0; at <= message.size();) {
    const auto end = std::min(message.find('\n', at), message.size());
    out += fmt::format("ipc-advisor: error: {}\n", printable(message.substr(at, end - at)));
    at = end + 1;
  }
  clear_progress();
  write_to(STDERR_FILENO, out);
}

void show_progress(std::string_view line) {
  if (isatty(STDERR_FILENO) != 1 || environment("TERM") == "dumb") return;
  write_to(STDERR_FILENO, fmt::format("\r\x1b[K{}", printable(line)));
}

void clear_progress() {
  if (isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb") write_to(STDERR_FILENO, "\r\x1b[K");
}

}  // namespace ipc_advisor::app
