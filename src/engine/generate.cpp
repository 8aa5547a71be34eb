// Branch cases walk the trees breadth first; elimination cases search each condition's combinations of bands.
#include "engine/generate.hpp"

#include <deque>
#include <fmt/format.h>
#include <set>

#include "engine/complete.hpp"
#include "engine/decide.hpp"
#include "engine/walk.hpp"

namespace ipc_advisor::engine {

using rules::Case;
using rules::Facts;
using rules::Mechanism;
using rules::Rules;
using rules::Trait;
using rules::Tree;
using rules::TreeNode;
using rules::Truth;

namespace {

Case case_with(const Rules& rules, const std::vector<Need>& needs) {
  Case out;
  out.channel.needs = needs;
  for (std::size_t i = 0; i < needs.size(); ++i)
    if (is_known(needs[i].value)) out.body += fmt::format("{} = {}\n", rules.vocabulary[i].id, rules::toml_value(rules.vocabulary[i], needs[i].value));
  return out;
}

Need stated(const Value& value) { return {value, {OriginKind::file, "", {}, {}}}; }

// What is assumed anyway where it takes the branch, else the first band that does.
Value answer_for(const Rules& rules, const TreeNode& node, std::size_t branch) {
  const rules::NeedDef& need = rules.vocabulary[node.need];
  if (is_known(need.assumed) && branch_of(node, need, need.assumed) == branch) return need.assumed;
  for (const Value& value : bands(rules, node.need))
    if (branch_of(node, need, value) == branch) return value;
  return {};
}

void add_outcome(const Rules& rules, Case& out) {
  const std::vector<Need> needs = complete(rules, out.channel.needs);
  const Outcome outcome = outcome_of(rules, needs);
  out.guide = outcome.guide->mechanism;
  out.picks = outcome.pick;
  for (const Layer& layer : layers_of(rules, needs, outcome.pick, outcome.guide->mechanism)) out.layers.push_back(layer.kind + "=" + layer.value);
}

void add_branches(const Rules& rules, const Tree& tree, std::vector<Case>& out) {
  struct Way {
    std::size_t node;
    std::vector<Need> needs;
  };
  std::deque<Way> open{{tree.root, std::vector<Need>(rules.vocabulary.size())}};
  std::set<std::size_t> seen{tree.root};
  while (!open.empty()) {
    const Way way = std::move(open.front());
    open.pop_front();
    const TreeNode& node = tree.nodes[way.node];
    for (std::size_t branch = 0; branch < node.branches.size(); ++branch) {
      std::vector<Need> needs = way.needs;
      const Value answer = answer_for(rules, node, branch);
      // What holds unsaid stays unsaid: a short case is read more closely.
      if (complete(rules, needs)[node.need].value != answer) needs[node.need] = stated(answer);
      Case one = case_with(rules, needs);
      one.takes = tree.name + "/" + node.id + "/" + node.labels[branch];
      one.ends = tree.name + "/" + leaf_of(rules, tree, complete(rules, needs))->id;
      add_outcome(rules, one);
      out.push_back(std::move(one));
      const rules::Target next = node.branches[branch];
      if (!next.leaf && seen.insert(next.index).second) open.push_back({next.index, std::move(needs)});
    }
  }
}

// All combinations of bands of the needs of one condition.
class Combinations {
 public:
  Combinations(const Rules& rules, const Mechanism& mechanism, const Trait& trait)
      : rules_(rules), mechanism_(mechanism), trait_(trait), hangs_on_(trait.contradicts->needs()) {
    for (const std::size_t need : hangs_on_) bands_.push_back(bands(rules, need));
  }

  // For each need the plainest pair: the one that departs least from what is assumed.
  std::vector<std::pair<std::vector<Need>, std::vector<Need>>> pairs() {
    std::vector<std::pair<std::vector<Need>, std::vector<Need>>> out;
    for (std::size_t i = 0; i < hangs_on_.size(); ++i) {
      at_ = i;
      best_ = -1;
      std::vector<Need> needs(rules_.vocabulary.size());
      others(0, needs, 0);
      if (best_ >= 0) out.push_back({falls_, stays_});
    }
    return out;
  }

 private:
  void others(std::size_t i, std::vector<Need>& needs, int departures) {
    if (best_ >= 0 && departures >= best_) return;
    if (i == at_) return others(i + 1, needs, departures);
    if (i >= hangs_on_.size()) return look(needs, departures);
    for (const Value& value : bands_[i]) {
      needs[hangs_on_[i]] = stated(value);
      others(i + 1, needs, departures + (value == rules_.vocabulary[hangs_on_[i]].assumed ? 0 : 1));
    }
    needs[hangs_on_[i]] = {};
  }

  void look(std::vector<Need>& needs, int departures) {
    const std::size_t need = hangs_on_[at_];
    std::optional<Value> yes, no;
    for (const Value& value : bands_[at_]) {
      needs[need] = stated(value);
      const Truth truth = trait_.contradicts->evaluate(Facts{needs, mechanism_.id, ""});
      if (truth == Truth::yes && !yes) yes = value;
      if (truth == Truth::no && !no) no = value;
    }
    needs[need] = {};
    if (!yes || !no) return;
    best_ = departures;
    falls_ = stays_ = needs;
    falls_[need] = stated(*yes);
    stays_[need] = stated(*no);
  }

  const Rules& rules_;
  const Mechanism& mechanism_;
  const Trait& trait_;
  std::vector<std::size_t> hangs_on_;
  std::vector<std::vector<Value>> bands_;
  std::size_t at_ = 0;
  int best_ = -1;
  std::vector<Need> falls_, stays_;
};

}  // namespace

std::vector<Case> generated_cases(const Rules& rules) {
  std::vector<Case> out;
  for (const Tree* tree : {&rules.guide, &rules.refine}) add_branches(rules, *tree, out);
  for (const Mechanism& mechanism : rules.mechanisms)
    for (const Trait& trait : mechanism.traits) {
      if (!trait.contradicts) continue;
      for (const auto& [falls, stays] : Combinations(rules, mechanism, trait).pairs()) {
        out.push_back(case_with(rules, falls));
        out.back().falls[mechanism.id] = trait.id;
        out.push_back(case_with(rules, stays));
        out.back().stays[mechanism.id] = trait.id;
      }
    }
  return out;
}

}  // namespace ipc_advisor::engine
