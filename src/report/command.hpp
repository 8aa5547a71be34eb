// The command line as plain data: what completions and manuals are made from. Filled by app/cli.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ipc_advisor::report {

/// One option or positional argument.
struct Argument {
  std::vector<std::string> names;    ///< "-o", "--output"; empty for a positional
  std::string says;
  std::string value;                 ///< what stands for its value: "FILE"; empty for a flag
  std::vector<std::string> choices;  ///< the only values there are; empty where it is open
  bool several = false;              ///< takes any number of values
  bool required = false;
};

/// A verb, or the program itself.
struct Command {
  std::string name, says;
  std::vector<Argument> options;
  std::vector<Argument> positionals;
  std::vector<Command> verbs;
};

/// An exit code and what it means, in a whole sentence.
struct ExitMeaning {
  int code = 0;
  std::string_view says;
};

}  // namespace ipc_advisor::report
