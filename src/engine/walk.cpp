// First match from the root down; distances by breadth-first search over the tree's edges.
#include "engine/walk.hpp"

#include <algorithm>
#include <cassert>
#include <queue>

namespace ipc_advisor::engine {

using rules::NeedType;
using rules::Rules;
using rules::Target;
using rules::Tree;
using rules::TreeLeaf;
using rules::TreeNode;

std::optional<std::size_t> branch_of(const TreeNode& node, const rules::NeedDef& need, const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1 : 0;
  if (const auto* number = std::get_if<double>(&value))
    return static_cast<std::size_t>(std::upper_bound(node.cuts.begin(), node.cuts.end(), *number) - node.cuts.begin());
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
    const auto holds = [&](const rules::WithinSet& set) {
      return std::all_of(list->begin(), list->end(),
                         [&](const std::string& item) { return std::find(set.words.begin(), set.words.end(), item) != set.words.end(); });
    };
    return static_cast<std::size_t>(std::find_if(node.within.begin(), node.within.end(), holds) - node.within.begin());
  }
  if (const auto* text = std::get_if<std::string>(&value))
    for (std::size_t i = 0; i < need.choices.size(); ++i)
      if (need.choices[i].id == *text) return i;
  return std::nullopt;
}

const TreeLeaf* leaf_of(const Rules& rules, const Tree& tree, const std::vector<Need>& needs) {
  Target at{false, tree.root};
  while (!at.leaf) {
    const TreeNode& node = tree.nodes[at.index];
    // An answer that nobody assumes (a size, a rate) takes the ordinary, lowest branch.
    at = node.branches[branch_of(node, rules.vocabulary[node.need], needs[node.need].value).value_or(0)];
  }
  return &tree.leaves[at.index];
}

Walk walk(const Rules& rules, const Tree& tree, const std::vector<Need>& needs) {
  Walk out;
  Target at{false, tree.root};
  while (!at.leaf) {
    const TreeNode& node = tree.nodes[at.index];
    const Need& need = needs[node.need];
    const rules::NeedDef& def = rules.vocabulary[node.need];
    const std::size_t branch = branch_of(node, def, need.value).value_or(0);
    const bool labelled = rules::is_number(def.type) || def.type == NeedType::list;
    out.trace.push_back({tree.name, node.id, def.id, labelled ? node.labels[branch] : rules::format_value(def, need.value), node.source, need.origin.kind, branch});
    at = node.branches[branch];
  }
  out.leaf = &tree.leaves[at.index];
  return out;
}

int steps_between(const Tree& tree, const TreeLeaf* from, std::string_view mechanism) {
  // Vertices: nodes first, then leaves.
  const std::size_t count = tree.nodes.size();
  std::vector<std::vector<std::size_t>> edges(count + tree.leaves.size());
  for (std::size_t i = 0; i < count; ++i)
    for (const Target next : tree.nodes[i].branches) {
      const std::size_t other = next.leaf ? count + next.index : next.index;
      edges[i].push_back(other);
      edges[other].push_back(i);
    }
  std::vector<int> distance(edges.size(), -1);
  std::queue<std::size_t> queue;
  const std::size_t start = count + static_cast<std::size_t>(from - tree.leaves.data());
  distance[start] = 0;
  queue.push(start);
  while (!queue.empty()) {
    const std::size_t at = queue.front();
    queue.pop();
    if (at >= count && tree.leaves[at - count].mechanism == mechanism) return distance[at];
    for (const std::size_t next : edges[at])
      if (distance[next] < 0) {
        distance[next] = distance[at] + 1;
        queue.push(next);
      }
  }
  return 1000;
}

}  // namespace ipc_advisor::engine
