// Walks a decision tree with completed needs.
#pragma once

#include <string_view>
#include <vector>

#include "model.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::engine {

/// Where a walk ended and how it came there. `leaf` points into the tree.
struct Walk {
  const rules::TreeLeaf* leaf = nullptr;
  std::vector<TraceStep> trace;
};

/// The branch that an answer takes. Nothing where the answer is unknown.
std::optional<std::size_t> branch_of(const rules::TreeNode& node, const rules::NeedDef& need, const Value& value);

/// Ends in a leaf for every set of needs in which each need that the tree asks for is known.
Walk walk(const rules::Rules& rules, const rules::Tree& tree, const std::vector<Need>& needs);

/// The leaf alone, without a trace; for enumerations.
const rules::TreeLeaf* leaf_of(const rules::Rules& rules, const rules::Tree& tree, const std::vector<Need>& needs);

/// How many edges lie between a leaf and the nearest leaf of that mechanism; a large number where there is none.
int steps_between(const rules::Tree& tree, const rules::TreeLeaf* from, std::string_view mechanism);

}  // namespace ipc_advisor::engine
