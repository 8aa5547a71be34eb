// Completion scripts for shells, from the command line and the words of the rules.
#pragma once

#include <string>
#include <vector>

#include "report/command.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::report {

/// What may stand in a value's place.
struct Candidates {
  enum class Files { none, any, toml, folders, after_equals };
  std::vector<std::string> words;
  Files files = Files::none;  ///< beside the words; after_equals: once "word=" is written
};

/// From the choices, else from what the value is called: FILE, DIR, MECHANISM, NEED=VALUE, FORMAT[=FILE], ID.
Candidates candidates(const Argument& argument, const rules::Rules& rules);

/// The scripts. Each is to be installed under the shell's own name for it.
std::string bash_completion(const Command& program, const rules::Rules& rules);
std::string zsh_completion(const Command& program, const rules::Rules& rules);
std::string fish_completion(const Command& program, const rules::Rules& rules);

}  // namespace ipc_advisor::report
