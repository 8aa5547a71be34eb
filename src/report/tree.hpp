// Pictures of the decision trees as text, Graphviz or Mermaid.
#pragma once

#include <string>
#include <string_view>

#include "rules/rules.hpp"

namespace ipc_advisor::report {

/// An indented outline with a line each for a question, an answer and a leaf; a node met again is referred to.
std::string tree_as_text(const rules::Rules& rules, const rules::Tree& tree, bool unicode);

/// A digraph for dot(1).
std::string tree_as_dot(const rules::Rules& rules, const rules::Tree& tree);

/// A flowchart for Markdown viewers that draw Mermaid.
std::string tree_as_mermaid(const rules::Rules& rules, const rules::Tree& tree);

/// The tree as a report carries it: questions with all answers, and ends.
TreeShape shape_of(const rules::Rules& rules, const rules::Tree& tree);

}  // namespace ipc_advisor::report
