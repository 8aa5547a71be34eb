// Which question to ask next: only one whose answer can still change the recommendation.
#pragma once

#include <string>
#include <vector>

#include "model.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::engine {

/// An open question and what hangs on it.
struct Question {
  std::size_t need = 0;
  std::vector<Value> answers;           ///< the bands that were tried
  std::vector<std::string> mechanisms;  ///< the different picks that its answers lead to
  bool changes_pick = false;            ///< else only a layer hangs on it
};

/// All open questions, the most telling first: essential ones, then those with most different picks, then those on
/// which only a layer hangs; in the vocabulary's order among equals. `asked` are needs not to ask again.
std::vector<Question> open_questions(const rules::Rules& rules, const Channel& channel, const std::vector<std::size_t>& asked);

}  // namespace ipc_advisor::engine
