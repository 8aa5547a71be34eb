// Comments that allow a finding: "# ipc: allow[IPC203] why it is all right here".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"

namespace ipc_advisor::rules {

/// One such comment. It covers its own line where that holds more than the comment; otherwise the next line that is
/// neither blank nor a comment, and with a [[channel]] header that whole channel.
struct Suppression {
  std::vector<std::string> rules;  ///< codes or names, as they were written
  std::string reason;              ///< empty where none was given
  bool unreadable = false;         ///< it was meant to be one and is none; nothing else is known of it
  Span span;                       ///< of the comment
  Span with_blanks;                ///< what goes with it: the blanks before it, or its whole line
  int first_line = 0, last_line = 0;

  bool covers(int line) const { return line >= first_line && line <= last_line; }
};

/// All of a TOML text, in order. A '#' inside a string is none. The text need not be valid TOML.
std::vector<Suppression> find_suppressions(std::string_view text);

}  // namespace ipc_advisor::rules
