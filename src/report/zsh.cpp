// The completion script for zsh: a function for each verb, made of _arguments specifications.
#include <fmt/format.h>

#include "report/completions.hpp"

namespace ipc_advisor::report {
namespace {

// Within single quotes, where brackets and colons mean something to _arguments.
std::string zsh_quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return out;
}

// "NEED=VALUE" contains no colon, but brackets: "FORMAT[=FILE]".
std::string action(const Argument& argument, const rules::Rules& rules) {
  const Candidates all = candidates(argument, rules);
  switch (all.files) {
    case Candidates::Files::any: return "_files";
    case Candidates::Files::toml: return "_files -g \"*.toml\"";
    case Candidates::Files::folders: return all.words.empty() ? "_files -/" : fmt::format("{{ compadd {}; _files -/ }}", fmt::join(all.words, " "));
    case Candidates::Files::after_equals: return fmt::format("{{ compset -P \"*=\" && _files || compadd {} }}", fmt::join(all.words, " "));
    case Candidates::Files::none: break;
  }
  return all.words.empty() ? " " : fmt::format("({})", fmt::join(all.words, " "));
}

std::string zsh_option(const Argument& argument, const rules::Rules& rules) {
  const std::string names = argument.names.size() == 1 ? argument.names.front() : fmt::format("'{{{}}}'", fmt::join(argument.names, ","));
  const std::string value = argument.value.empty() ? "" : fmt::format(":{}:{}", zsh_quoted(argument.value), action(argument, rules));
  return fmt::format(" \\\n    '*{}[{}]{}'", names, zsh_quoted(argument.says), value);
}

std::string positional(const Argument& argument, std::size_t place, const rules::Rules& rules) {
  return fmt::format(" \\\n    '{}:{}:{}'", argument.several ? "*" : std::to_string(place), zsh_quoted(argument.value), action(argument, rules));
}

std::string function_name(std::string_view path) {
  std::string name = "_ipc_advisor";
  for (const char c : path) name += c == ' ' || c == '-' ? '_' : c;
  return name;
}

// Two steps where there are verbs: the verb's name, then its own function.
std::string verbs(const Command& command, const std::string& name) {
  std::string names, calls;
  for (const Command& verb : command.verbs) {
    names += fmt::format("\n      '{}:{}'", verb.name, zsh_quoted(verb.says));
    calls += fmt::format("\n      {}) {}_{} ;;", verb.name, name, verb.name);
  }
  return fmt::format(" \\\n    '1:verb:->verb' '*::argument:->argument'\n"
                     "  case $state in\n    verb)\n      verbs=({})\n      _describe verb verbs\n      ;;\n"
                     "    argument) case $words[1] in{}\n    esac ;;\n  esac\n", names, calls);
}

void function(const Command& command, const std::string& path, const rules::Rules& rules, std::string& out) {
  for (const Command& verb : command.verbs) function(verb, fmt::format("{} {}", path, verb.name), rules, out);
  const std::string name = function_name(path);
  out += fmt::format("{}() {{\n  local context state state_descr line\n  local -a verbs\n  typeset -A opt_args\n  _arguments{}", name, command.verbs.empty() ? "" : " -C");
  for (const Argument& one : command.options) out += zsh_option(one, rules);
  for (std::size_t i = 0; i < command.positionals.size(); ++i) out += positional(command.positionals[i], i + 1, rules);
  out += command.verbs.empty() ? "\n" : verbs(command, name);
  out += "}\n\n";
}

}  // namespace

std::string zsh_completion(const Command& program, const rules::Rules& rules) {
  std::string out = "#compdef ipc-advisor\n# Completion of ipc-advisor for zsh, made by `ipc-advisor docs zsh`.\n\n";
  function(program, "", rules, out);
  out += "_ipc_advisor \"$@\"\n";
  return out;
}

}  // namespace ipc_advisor::report
