// One function a kind; differences by kind and id.
#include "rules/inventory.hpp"

#include <fmt/format.h>
#include <map>

#include "base/text.hpp"

namespace ipc_advisor::rules {
namespace {

void add_needs(const Rules& rules, std::vector<InventoryEntry>& out) {
  for (const NeedDef& need : rules.vocabulary.all()) {
    std::string detail(word(need.type));
    if (!need.choices.empty()) detail += ": " + join(need.choice_ids(), ", ", ", ");
    if (is_known(need.assumed)) detail += "; assumed " + format_value(need, need.assumed);
    out.push_back({"need", need.id, detail, need.place});
  }
  for (const Derivation& derivation : rules.derivations)
    out.push_back({"derivation", fmt::format("{} where {}", rules.vocabulary[derivation.need].id, derivation.when.text()), derivation.says, derivation.place});
}

std::string target_name(const Tree& tree, Target target) { return target.leaf ? tree.leaves[target.index].id : tree.nodes[target.index].id; }

void add_tree(const Rules& rules, const Tree& tree, std::vector<InventoryEntry>& out) {
  for (const TreeNode& node : tree.nodes) {
    std::string detail = "asks " + rules.vocabulary[node.need].id;
    for (std::size_t i = 0; i < node.branches.size(); ++i) detail += fmt::format("; {} -> {}", node.labels[i], target_name(tree, node.branches[i]));
    out.push_back({"node", tree.name + "/" + node.id, detail, node.place});
  }
  for (const TreeLeaf& leaf : tree.leaves) out.push_back({"leaf", tree.name + "/" + leaf.id, leaf.mechanism.empty() ? "as the guide says" : leaf.mechanism, leaf.place});
}

void add_mechanisms(const Rules& rules, std::vector<InventoryEntry>& out) {
  for (const Mechanism& mechanism : rules.mechanisms) {
    out.push_back({"mechanism", mechanism.id, mechanism.name, mechanism.place});
    for (const Trait& trait : mechanism.traits)
      out.push_back({"trait", mechanism.id + "/" + trait.id,
                     trait.contradicts ? fmt::format("{} where {}", trait.advice ? "advised against" : "falls", trait.contradicts->text()) : trait.says, trait.place});
  }
}

using Key = std::pair<std::string, std::string>;

std::map<Key, const InventoryEntry*> by_key(const std::vector<InventoryEntry>& entries) {
  std::map<Key, const InventoryEntry*> out;
  for (const InventoryEntry& entry : entries) out[{entry.kind, entry.id}] = &entry;
  return out;
}

}  // namespace

std::vector<InventoryEntry> inventory(const Rules& rules) {
  std::vector<InventoryEntry> out;
  add_needs(rules, out);
  add_tree(rules, rules.guide, out);
  add_tree(rules, rules.refine, out);
  add_mechanisms(rules, out);
  for (const LayerRule& layer : rules.layers)
    out.push_back({"layer", fmt::format("{}={}{} where {}", layer.kind, layer.value, layer.platform.empty() ? "" : " on " + layer.platform, layer.when.text()), layer.because, layer.place});
  for (const LintRule& rule : rules.lint)
    out.push_back({"rule", rule.code, fmt::format("{} ({}){}", rule.name, word(rule.level), rule.when ? " where " + rule.when->text() : ""), rule.place});
  for (const Claim& claim : rules.claims) out.push_back({"claim", claim.id, claim.says, claim.place});
  for (const DisagreementRule& rule : rules.disagreements) out.push_back({"disagreement", rule.id, rule.when.text(), rule.place});
  for (const Pitfall& pitfall : rules.pitfalls) out.push_back({"pitfall", pitfall.id, pitfall.title, pitfall.place});
  return out;
}

InventoryDiff difference(const std::vector<InventoryEntry>& before, const std::vector<InventoryEntry>& after) {
  const auto old = by_key(before), now = by_key(after);
  InventoryDiff out;
  for (const InventoryEntry& entry : after) {
    const auto found = old.find({entry.kind, entry.id});
    if (found == old.end()) out.added.push_back(entry);
    else if (found->second->detail != entry.detail) out.changed.push_back(entry);
  }
  for (const InventoryEntry& entry : before)
    if (now.count({entry.kind, entry.id}) == 0) out.removed.push_back(entry);
  return out;
}

}  // namespace ipc_advisor::rules
