// One walk over the tree for the outline, one over its lists for the two graph languages.
#include "report/tree.hpp"

#include <fmt/format.h>
#include <set>

namespace ipc_advisor::report {

using rules::Rules;
using rules::Target;
using rules::Tree;

namespace {

std::string leaf_label(const rules::TreeLeaf& leaf) {
  return fmt::format("{} [{}]", leaf.mechanism.empty() ? "as the guide says" : leaf.mechanism, leaf.source);
}

class Outline {
 public:
  Outline(const Rules& rules, const Tree& tree, bool unicode) : rules_(rules), tree_(tree), unicode_(unicode) {}

  std::string run() {
    node({false, tree_.root}, "");
    return std::move(out_);
  }

 private:
  void node(Target target, const std::string& indent) {
    const rules::TreeNode& node = tree_.nodes[target.index];
    const rules::NeedDef& need = rules_.vocabulary[node.need];
    if (!seen_.insert(target.index).second) {
      out_ += fmt::format("(see {} above)\n", node.id);
      return;
    }
    out_ += fmt::format("{} {} ({}) [{}]\n", node.id, need.question, need.id, node.source);
    for (std::size_t i = 0; i < node.branches.size(); ++i) {
      const bool last = i + 1 == node.branches.size();
      const Target next = node.branches[i];
      out_ += indent + (unicode_ ? (last ? "└─ " : "├─ ") : (last ? "`- " : "|- ")) + node.labels[i] + (unicode_ ? " → " : " -> ");
      if (next.leaf) out_ += leaf_label(tree_.leaves[next.index]) + "\n";
      else this->node(next, indent + (last ? "   " : unicode_ ? "│  " : "|  "));
    }
  }

  const Rules& rules_;
  const Tree& tree_;
  bool unicode_;
  std::set<std::size_t> seen_;
  std::string out_;
};

std::string label_text(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '"' ? '\'' : c;
  return out;
}

}  // namespace

std::string tree_as_text(const Rules& rules, const Tree& tree, bool unicode) { return Outline(rules, tree, unicode).run(); }

std::string tree_as_dot(const Rules& rules, const Tree& tree) {
  std::string out = fmt::format("digraph {} {{\n  node [shape=box, fontname=\"sans-serif\"];\n", tree.name);
  for (const auto& node : tree.nodes)
    out += fmt::format("  \"{}\" [label=\"{}\"];\n", node.id, label_text(rules.vocabulary[node.need].question));
  for (const auto& leaf : tree.leaves) out += fmt::format("  \"{}\" [label=\"{}\", style=rounded];\n", leaf.id, label_text(leaf_label(leaf)));
  for (const auto& node : tree.nodes)
    for (std::size_t i = 0; i < node.branches.size(); ++i) {
      const Target next = node.branches[i];
      out += fmt::format("  \"{}\" -> \"{}\" [label=\"{}\"];\n", node.id, next.leaf ? tree.leaves[next.index].id : tree.nodes[next.index].id, label_text(node.labels[i]));
    }
  return out + "}\n";
}

std::string tree_as_mermaid(const Rules& rules, const Tree& tree) {
  std::string out = "flowchart TD\n";
  const auto name = [](Target target) { return fmt::format("{}{}", target.leaf ? "L" : "N", target.index); };
  for (std::size_t i = 0; i < tree.nodes.size(); ++i)
    out += fmt::format("  N{}[\"{}\"]\n", i, label_text(rules.vocabulary[tree.nodes[i].need].question));
  for (std::size_t i = 0; i < tree.leaves.size(); ++i) out += fmt::format("  L{}([\"{}\"])\n", i, label_text(leaf_label(tree.leaves[i])));
  for (std::size_t i = 0; i < tree.nodes.size(); ++i)
    for (std::size_t b = 0; b < tree.nodes[i].branches.size(); ++b)
      out += fmt::format("  N{} -->|\"{}\"| {}\n", i, label_text(tree.nodes[i].labels[b]), name(tree.nodes[i].branches[b]));
  return out;
}

TreeShape shape_of(const Rules& rules, const Tree& tree) {
  TreeShape shape{tree.name, {}};
  // The root comes first; the others keep their order, and the ends follow.
  const auto place = [&](Target target) {
    if (target.leaf) return tree.nodes.size() + target.index;
    return target.index == tree.root ? 0 : target.index == 0 ? tree.root : target.index;
  };
  shape.vertices.resize(tree.nodes.size() + tree.leaves.size());
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const rules::TreeNode& node = tree.nodes[i];
    TreeVertex& vertex = shape.vertices[place({false, i})];
    vertex = {node.id, rules.vocabulary[node.need].id, rules.vocabulary[node.need].question, {}};
    for (std::size_t b = 0; b < node.branches.size(); ++b) vertex.branches.emplace_back(node.labels[b], place(node.branches[b]));
  }
  for (std::size_t i = 0; i < tree.leaves.size(); ++i) shape.vertices[place({true, i})] = {tree.leaves[i].id, "", tree.leaves[i].mechanism, {}};
  return shape;
}

}  // namespace ipc_advisor::report
