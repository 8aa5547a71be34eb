// What a person types at a question: an answer, or a word of the interview.
#pragma once

#include <string>
#include <string_view>

#include "engine/interview.hpp"
#include "model.hpp"
#include "rules/vocabulary.hpp"

namespace ipc_advisor::app {

struct Reply {
  enum class Kind { answer, explain, unknown, back, done, quit, mistake };
  Kind kind = Kind::mistake;
  Value answer;
  int steps = 1;         ///< of back
  std::string mistake;   ///< what is wrong, in one line
  std::size_t at = 0;    ///< where, as a byte offset into what was typed
  std::string nearest;   ///< the nearest form that would do; may be empty
};

/// Reads a line: an option's number or word, several for a list, a number with its unit; or ?, unknown, back, back N,
/// done, quit. Does not look at what earlier answers rule out.
Reply read_reply(const rules::NeedDef& need, const engine::Question& question, std::string_view line);

}  // namespace ipc_advisor::app
