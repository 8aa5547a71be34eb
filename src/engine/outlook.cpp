// Splits what is open, depth first, only where the outcome hangs on it; what a whole scope has in common is noted at once.
#include "engine/outlook.hpp"

#include <algorithm>

#include "engine/complete.hpp"
#include "engine/lint.hpp"
#include "engine/walk.hpp"

namespace ipc_advisor::engine {

using rules::Facts;
using rules::Mechanism;
using rules::Rules;
using rules::Trait;
using rules::Truth;

Outlook::Outlook(const Rules& rules, const Channel& channel, const std::vector<std::size_t>& passed, Orders& orders) : rules_(rules), orders_(orders), classes_(open_classes(rules, channel, passed)) {
  make_tables(channel);
  merge_classes();
  make_tables(channel);
  read_trees();
  for (const auto& values : classes_.values) by_class_.emplace_back(values.size());
  hangs_.resize(classes_.values.size());
  Scope scope = classes_.whole();
  all_ = go(scope);
  for (const Doubt& doubt : doubts_)
    if (!hangs_[doubt.split.need]) hangs_[doubt.split.need] = confirm(doubt);
}

void Outlook::make_tables(const Channel& channel) {
  contradictions_.clear();
  forbidden_.clear();
  const Scope whole = classes_.whole();
  for (const Mechanism& mechanism : rules_.mechanisms) {
    contradictions_.emplace_back();
    for (const bool advice : {false, true})
      for (const Trait& trait : mechanism.traits)
        if (trait.contradicts && trait.advice == advice)
          if (ClassTable table(classes_, *trait.contradicts, mechanism.id); table.over(whole) != Truth::no) contradictions_.back().push_back({std::move(table), advice});
  }
  // What nobody said contradicts nothing, and what contradicts itself already is no news.
  const Classes said{derive(rules_, channel.needs), classes_.values, {}};
  for (const rules::LintRule& rule : rules_.lint) {
    if (!is_contradiction(rules_, rule) || rule.level == Level::info || rule.when->evaluate(Facts{said.given, "", ""}) == Truth::yes) continue;
    ClassTable table(said, *rule.when, "");
    if (!table.constant()) forbidden_.push_back(std::move(table));
  }
}

void Outlook::merge_classes() {
  classes_.merge([&](std::size_t need, std::size_t one, std::size_t other) {
    const auto alike = [&](const ClassTable& table) { return table.alike(need, one, other); };
    for (const auto& list : contradictions_)
      if (!std::all_of(list.begin(), list.end(), [&](const Contradiction& each) { return alike(each.table); })) return false;
    const rules::NeedDef& def = rules_.vocabulary[need];
    for (const rules::Tree* tree : {&rules_.guide, &rules_.refine})
      for (const rules::TreeNode& node : tree->nodes)
        if (node.need == need && branch_of(node, def, classes_.values[need][one]) != branch_of(node, def, classes_.values[need][other])) return false;
    return std::all_of(forbidden_.begin(), forbidden_.end(), alike);
  });
}

void Outlook::read_trees() {
  for (QuickTree* quick : {&guide_, &refine_}) {
    quick->tree = quick == &guide_ ? &rules_.guide : &rules_.refine;
    for (const rules::TreeNode& node : quick->tree->nodes) {
      const auto to = [&](const Value& value) { return branch_of(node, rules_.vocabulary[node.need], value).value_or(0); };
      auto& branches = quick->branches.emplace_back();
      for (const Value& value : classes_.values[node.need]) branches.push_back(to(value));
      if (branches.empty()) branches.push_back(to(classes_.given[node.need].value));
    }
  }
}

bool Outlook::contradicts_itself(const Scope& scope) const {
  return std::any_of(forbidden_.begin(), forbidden_.end(), [&](const ClassTable& table) { return table.over(scope) == Truth::yes; });
}

Picks Outlook::go(Scope& scope) {
  if (contradicts_itself(scope)) return {};
  End end;
  Split split;
  if (settle(scope, end, split)) {
    note(scope, end.pick);
    if (std::find(guides_.begin(), guides_.end(), end.guide) == guides_.end()) guides_.push_back(end.guide);
    return Picks().set(end.pick);
  }
  Picks all, first;
  bool alike = true;
  const std::uint64_t before = scope[split.need];
  for (const std::uint64_t part : split.parts) {
    scope[split.need] = part;
    const Picks picks = go(scope);
    alike = alike && (picks.none() || first.none() || picks == first);
    if (first.none()) first = picks;
    all |= picks;
  }
  scope[split.need] = before;
  if (!alike) hangs_[split.need] = true;
  else if (all.count() > 1 && !hangs_[split.need]) doubts_.push_back({scope, split});
  return all;
}

// Every class that the scope leaves may have the pick, but one that contradicts what the scope has settled.
void Outlook::note(const Scope& scope, std::size_t pick) {
  for (std::size_t need = 0; need < scope.size(); ++need) {
    if (scope[need] == 0) continue;
    for (std::size_t one = 0; one < by_class_[need].size(); ++one) {
      if ((scope[need] >> one & 1) == 0 || by_class_[need][one].test(pick)) continue;
      if (!single(scope[need])) {
        Scope with = scope;
        with[need] = std::uint64_t{1} << one;
        if (contradicts_itself(with)) continue;
      }
      by_class_[need][one].set(pick);
    }
  }
}

bool Outlook::walk(const QuickTree& quick, const Scope& scope, const rules::TreeLeaf*& leaf, Split& split) const {
  rules::Target at{false, quick.tree->root};
  while (!at.leaf) {
    const rules::TreeNode& node = quick.tree->nodes[at.index];
    const std::vector<std::size_t>& branches = quick.branches[at.index];
    std::vector<std::uint64_t> parts(node.branches.size());
    std::size_t taken = branches[0];
    for (std::size_t one = 0; one < branches.size(); ++one)
      if (!classes_.open(node.need) || (scope[node.need] >> one & 1) != 0) parts[taken = branches[one]] |= std::uint64_t{1} << one;
    std::erase(parts, 0u);
    if (parts.size() > 1) {
      split = {node.need, std::move(parts)};
      return false;
    }
    at = node.branches[taken];
  }
  leaf = &quick.tree->leaves[at.index];
  return true;
}

Outlook::Fate Outlook::fate_of(std::size_t mechanism, const Scope& scope) const {
  Fate fate;
  for (const Contradiction& contradiction : contradictions_[mechanism]) {
    const Truth truth = contradiction.table.over(scope);
    if (truth == Truth::no) continue;
    if (truth == Truth::yes) {
      (contradiction.advice ? fate.advised_against : fate.cannot) = true;
      return fate;
    }
    auto& open = contradiction.advice ? fate.advice_open : fate.cannot_open;
    if (open == nullptr) open = &contradiction.table;
  }
  return fate;
}

Outlook::Split Outlook::split_by(const ClassTable& table, const Scope& scope) {
  auto [need, parts] = table.apart_in(scope);
  return {need, std::move(parts)};
}

const std::vector<std::size_t>& Outlook::order_for(const Outcome& outcome) const {
  auto& order = orders_[{outcome.guide, outcome.refined}];
  if (order.empty())
    for (const Mechanism* mechanism : ordered_mechanisms(rules_, outcome)) order.push_back(static_cast<std::size_t>(mechanism - rules_.mechanisms.data()));
  return order;
}

// As outcome_of() decides, but over a whole scope. False where the outcome still hangs on the split.
bool Outlook::settle(const Scope& scope, End& end, Split& split) const {
  Outcome out;
  if (!walk(guide_, scope, out.guide, split) || !walk(refine_, scope, out.refined, split)) return false;
  end.guide = out.guide;
  out.wanted = out.refined->mechanism.empty() ? out.guide->mechanism : out.refined->mechanism;
  const auto wanted = static_cast<std::size_t>(rules_.mechanism(out.wanted) - rules_.mechanisms.data());
  std::vector<std::pair<std::size_t, Fate>> last_resorts;
  const auto look = [&](std::size_t mechanism, bool& settled) {
    const Fate fate = fate_of(mechanism, scope);
    if (fate.cannot) return false;
    if (fate.advised_against) return last_resorts.emplace_back(mechanism, fate), false;
    settled = fate.open() == nullptr;
    if (settled) end.pick = mechanism;
    else split = split_by(*fate.open(), scope);
    return true;
  };
  bool settled = false;
  // Nearly always the wanted one stands, and the order of the others is not needed.
  if (look(wanted, settled)) return settled;
  for (const std::size_t mechanism : order_for(out))
    if (mechanism != wanted && look(mechanism, settled)) return settled;
  end.pick = no_pick;
  if (last_resorts.empty()) return true;
  const auto& [mechanism, fate] = last_resorts.front();
  end.pick = mechanism;
  if (fate.cannot_open != nullptr) split = split_by(*fate.cannot_open, scope);
  return fate.cannot_open == nullptr;
}

// Whether some completion of two scopes that differ in one need alone ends in different picks.
bool Outlook::differ(Scope& one, Scope& other, std::size_t need) const {
  if (contradicts_itself(one) || contradicts_itself(other)) return false;
  End end, other_end;
  Split split;
  Scope* open = settle(one, end, split) ? nullptr : &one;
  if (open == nullptr && !settle(other, other_end, split)) open = &other;
  if (open == nullptr) return end.pick != other_end.pick;
  const std::uint64_t before = (*open)[split.need];
  bool found = false;
  for (std::size_t i = 0; i < split.parts.size() && !found; ++i) {
    (*open)[split.need] = split.parts[i];
    if (split.need != need) (open == &one ? other : one)[split.need] = split.parts[i];
    found = differ(one, other, need);
  }
  (*open)[split.need] = before;
  if (split.need != need) (open == &one ? other : one)[split.need] = before;
  return found;
}

bool Outlook::confirm(const Doubt& doubt) const {
  for (std::size_t i = 0; i + 1 < doubt.split.parts.size(); ++i) {
    Scope one = doubt.scope, other = doubt.scope;
    one[doubt.split.need] = doubt.split.parts[i];
    other[doubt.split.need] = doubt.split.parts[i + 1];
    if (differ(one, other, doubt.split.need)) return true;
  }
  return false;
}

Picks Outlook::with(std::size_t need, const Value& answer) const {
  const auto one = classes_.class_of(need, answer);
  return one ? by_class_[need][*one] : all_;
}

}  // namespace ipc_advisor::engine
