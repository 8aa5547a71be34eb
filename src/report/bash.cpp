// The completion script for bash: one case for each verb, in it one for each option that takes a value.
#include <fmt/format.h>

#include "report/completions.hpp"

namespace ipc_advisor::report {
namespace {

// bash breaks words at "=", so the word under the cursor is taken from the line itself, and what bash has split off is
// taken off the replies again.
constexpr std::string_view bash_head = R"(# Completion of ipc-advisor for bash, made by `ipc-advisor docs bash`.
_ipc_advisor() {
  local line=${COMP_LINE:0:COMP_POINT} verb='' option='' flags='' words='' files='' text item
  local -a typed
  read -ra typed <<<"$line"
  [[ $line == *[[:space:]] ]] && typed+=('')
  local value=${typed[-1]} shown=''
  for item in "${typed[@]:1:${#typed[@]}-2}"; do
    case "$verb $item" in
)";

constexpr std::string_view middle = R"(    esac
  done
  if [[ $value == --*=* ]]; then
    option=${value%%=*} shown=${value%%=*}= value=${value#*=}
  elif [[ ${typed[-2]} == -* ]]; then
    option=${typed[-2]}
  fi
  case $verb in
)";

constexpr std::string_view tail = R"(  esac
  [[ $value == -* ]] && words=$flags files=''
  text=${value##*=}
  mapfile -t COMPREPLY < <(
    [[ -n $words ]] && compgen -W "$words" -- "$value"
    case $files in
      any) compgen -f -- "$value" ;;
      toml) compgen -f -X '!*.toml' -- "$value"; compgen -d -- "$value" ;;
      folders) compgen -d -- "$value" ;;
      after_equals) [[ $value == *=* ]] && compgen -P "${value%"$text"}" -f -- "$text" ;;
    esac
  )
  [[ -n $files ]] && compopt -o filenames 2>/dev/null
  [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  if [[ $COMP_WORDBREAKS == *=* ]]; then
    COMPREPLY=("${COMPREPLY[@]#"${value%"$text"}"}")
  else
    COMPREPLY=("${COMPREPLY[@]/#/$shown}")
  fi
}
complete -F _ipc_advisor ipc-advisor
)";

std::string_view word(Candidates::Files files) {
  switch (files) {
    case Candidates::Files::none: return "";
    case Candidates::Files::any: return "any";
    case Candidates::Files::toml: return "toml";
    case Candidates::Files::folders: return "folders";
    case Candidates::Files::after_equals: return "after_equals";
  }
  return "";
}

std::string assignments(const Candidates& candidates) { return fmt::format("words='{}' files='{}'", fmt::join(candidates.words, " "), word(candidates.files)); }

// The verbs in the order in which they are typed: "rules", then "rules check".
void list_verbs(const Command& command, const std::string& path, std::string& out) {
  for (const Command& verb : command.verbs) {
    const std::string longer = path.empty() ? verb.name : fmt::format("{} {}", path, verb.name);
    out += fmt::format("      '{} {}') verb='{}' ;;\n", path, verb.name, longer);
    list_verbs(verb, longer, out);
  }
}

std::string flags_of(const Command& command) {
  std::vector<std::string> names;
  for (const Argument& option : command.options) names.insert(names.end(), option.names.begin(), option.names.end());
  return fmt::format("{}", fmt::join(names, " "));
}

// What stands where no option asks for a value: the verbs below, or the positional.
Candidates bare(const Command& command, const rules::Rules& rules) {
  Candidates all;
  for (const Command& verb : command.verbs) all.words.push_back(verb.name);
  return command.positionals.empty() ? all : candidates(command.positionals.front(), rules);
}

void list_arguments(const Command& command, const std::string& path, const rules::Rules& rules, std::string& out) {
  out += fmt::format("    '{}')\n      flags='{}'\n      case $option in\n", path, flags_of(command));
  for (const Argument& option : command.options)
    if (!option.value.empty()) out += fmt::format("        {}) {} ;;\n", fmt::join(option.names, " | "), assignments(candidates(option, rules)));
  out += fmt::format("        *) {} ;;\n      esac\n      ;;\n", assignments(bare(command, rules)));
  for (const Command& verb : command.verbs) list_arguments(verb, path.empty() ? verb.name : fmt::format("{} {}", path, verb.name), rules, out);
}

}  // namespace

std::string bash_completion(const Command& program, const rules::Rules& rules) {
  std::string out(bash_head);
  list_verbs(program, "", out);
  out += middle;
  list_arguments(program, "", rules, out);
  out += tail;
  return out;
}

}  // namespace ipc_advisor::report
