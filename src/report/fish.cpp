// The completion script for fish: a line for each verb, option and positional.
#include <fmt/format.h>

#include "report/completions.hpp"

namespace ipc_advisor::report {
namespace {

// The verbs that are typed already: at least these, or exactly these.
constexpr std::string_view fish_head = R"fish(# Completion of ipc-advisor for fish, made by `ipc-advisor docs fish`.
function __ipc_advisor_typed
    string match -v -- '-*' (commandline -opc)[2..-1]
end
function __ipc_advisor_in
    set -l typed (__ipc_advisor_typed)
    test "$typed[1..$(count $argv)]" = "$argv"
end
function __ipc_advisor_at
    test "$(__ipc_advisor_typed | string join " ")" = "$argv"
end
complete -c ipc-advisor -f
)fish";

std::string fish_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string source(const Argument& argument, const rules::Rules& rules) {
  const Candidates all = candidates(argument, rules);
  const std::string words = fmt::format("{}", fmt::join(all.words, " "));
  switch (all.files) {
    case Candidates::Files::any: return "-F";
    case Candidates::Files::toml: return "-a '(__fish_complete_suffix .toml)'";
    case Candidates::Files::folders: return fmt::format("-a '{} (__fish_complete_directories)'", words);
    case Candidates::Files::after_equals: return fmt::format("-a '{} (__fish_complete_suffix \"\")'", words);
    case Candidates::Files::none: break;
  }
  return words.empty() ? "" : fmt::format("-a {}", fish_quoted(words));
}

std::string option(const Argument& argument, const rules::Rules& rules) {
  std::string out;
  for (const std::string& name : argument.names) out += name.starts_with("--") ? fmt::format(" -l {}", name.substr(2)) : fmt::format(" -s {}", name.substr(1));
  if (!argument.value.empty()) out += fmt::format(" -r {}", source(argument, rules));
  return fmt::format("{} -d {}", out, fish_quoted(argument.says));
}

void command_lines(const Command& command, const std::string& path, const rules::Rules& rules, std::string& out) {
  const std::string line = fmt::format("complete -c ipc-advisor -n '__ipc_advisor_{}{}'", command.verbs.empty() ? "in" : "at", path);
  for (const Command& verb : command.verbs) out += fmt::format("{} -a {} -d {}\n", line, verb.name, fish_quoted(verb.says));
  for (const Argument& one : command.options) out += fmt::format("{}{}\n", line, option(one, rules));
  for (const Argument& one : command.positionals) out += fmt::format("{} {}\n", line, source(one, rules));
  for (const Command& verb : command.verbs) command_lines(verb, fmt::format("{} {}", path, verb.name), rules, out);
}

}  // namespace

std::string fish_completion(const Command& program, const rules::Rules& rules) {
  std::string out(fish_head);
  command_lines(program, "", rules, out);
  return out;
}

}  // namespace ipc_advisor::report
