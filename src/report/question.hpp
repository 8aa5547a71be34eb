// A question of the interview as lines of text, for the terminal and for a screen reader.
#pragma once

#include <string>
#include <vector>

#include "engine/interview.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::report {

/// What is still possible: "9 outcomes remain (8 mechanisms, or that none is left); 12 open questions".
std::string remaining_told(const engine::Interview& interview);

/// The question itself with its need, wrapped.
std::vector<std::string> question_lines(const rules::NeedDef& need, std::size_t number, std::size_t width);

/// An option after its mark, wrapped: its word, what it means, and why it is ruled out, where it is.
std::vector<std::string> option_lines(const std::string& mark, const engine::Option& option, std::size_t id_width, std::size_t width);

/// Why it is asked, what hangs on it, and what each answer leads to, wrapped.
std::vector<std::string> explanation_lines(const rules::Rules& rules, const engine::Interview& interview, std::size_t width);

/// An answer as it was given: "same-host", "yes", "linux, macos"; "unknown, so: no web page is a client".
std::string answer_told(const rules::NeedDef& need, const Value& answer);

/// A text beside a first column, wrapped and indented by it; below it where the column takes more than half the width.
std::vector<std::string> hanging(const std::string& first, const std::string& text, std::size_t width);

}  // namespace ipc_advisor::report
