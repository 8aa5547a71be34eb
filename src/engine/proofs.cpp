// Each statement by its own enumeration: paths of the trees, or regions of the space of profiles.
#include "engine/proofs.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "engine/complete.hpp"
#include "engine/walk.hpp"

namespace ipc_advisor::engine {

using rules::Facts;
using rules::LintRule;
using rules::Mechanism;
using rules::Rules;
using rules::Trait;
using rules::Tree;
using rules::TreeNode;
using rules::Truth;

namespace {

struct PathStep {
  const TreeNode* node;
  std::size_t branch;
};

// Visits every path of a tree from its root to a leaf.
class Paths {
 public:
  Paths(const Tree& tree, std::function<void(const std::vector<PathStep>&, const rules::TreeLeaf&)> visit) : tree_(tree), visit_(std::move(visit)) {}

  std::size_t run() {
    go({false, tree_.root});
    return count_;
  }

 private:
  void go(rules::Target at) {
    if (at.leaf) {
      ++count_;
      visit_(path_, tree_.leaves[at.index]);
      return;
    }
    const TreeNode& node = tree_.nodes[at.index];
    for (std::size_t i = 0; i < node.branches.size(); ++i) {
      path_.push_back({&node, i});
      go(node.branches[i]);
      path_.pop_back();
    }
  }

  const Tree& tree_;
  std::function<void(const std::vector<PathStep>&, const rules::TreeLeaf&)> visit_;
  std::vector<PathStep> path_;
  std::size_t count_ = 0;
};

std::string told(const Rules& rules, const std::vector<PathStep>& path) {
  std::string out;
  for (const PathStep& step : path)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", rules.vocabulary[step.node->need].id, step.node->labels[step.branch]);
  return out;
}

Proof every_answer_leads_on(const Rules& rules) {
  Proof proof{"every answer has a branch, every leaf has a path, no path asks twice", {}, "paths", true, {}};
  for (const Tree* tree : {&rules.guide, &rules.refine}) {
    std::set<std::string> reached;
    proof.covered.regions += Paths(*tree, [&](const std::vector<PathStep>& path, const rules::TreeLeaf& leaf) {
                               reached.insert(leaf.id);
                               std::set<std::size_t> asked;
                               for (const PathStep& step : path)
                                 if (!asked.insert(step.node->need).second) proof.faults.push_back(fmt::format("{} asks {} twice: {}", tree->name, rules.vocabulary[step.node->need].id, told(rules, path)));
                             }).run();
    for (const rules::TreeLeaf& leaf : tree->leaves)
      if (reached.count(leaf.id) == 0) proof.faults.push_back(fmt::format("no path leads to {}/{}", tree->name, leaf.id));
    for (const TreeNode& node : tree->nodes)
      for (const Value& value : bands(rules, node.need))
        if (branch_of(node, rules.vocabulary[node.need], value).value_or(node.branches.size()) >= node.branches.size())
          proof.faults.push_back(fmt::format("{}/{} has no branch for {}", tree->name, node.id, rules::toml_value(rules.vocabulary[node.need], value)));
  }
  return proof;
}

// Whether a trait holds for every combination of the bands that a path leaves to the needs that it hangs on.
bool holds_all_over(const Rules& rules, const Trait& trait, const std::string& mechanism, const std::vector<PathStep>& path) {
  std::vector<const PathStep*> steps;
  for (const std::size_t need : trait.contradicts->needs()) {
    const auto step = std::find_if(path.begin(), path.end(), [&](const PathStep& one) { return one.node->need == need; });
    if (step == path.end()) return false;
    steps.push_back(&*step);
  }
  std::vector<Need> needs(rules.vocabulary.size());
  const std::function<bool(std::size_t)> all = [&](std::size_t at) {
    if (at == steps.size()) return trait.contradicts->evaluate(Facts{needs, mechanism, ""}) == Truth::yes;
    const TreeNode& node = *steps[at]->node;
    for (const Value& value : bands(rules, node.need)) {
      if (branch_of(node, rules.vocabulary[node.need], value) != steps[at]->branch) continue;
      needs[node.need].value = value;
      if (!all(at + 1)) return false;
    }
    return true;
  };
  return all(0);
}

Proof no_leaf_falls_by_its_path(const Rules& rules) {
  Proof proof{"no leaf picks what a need on its own path rules out", {}, "paths", true, {}};
  for (const Tree* tree : {&rules.guide, &rules.refine})
    proof.covered.regions += Paths(*tree, [&](const std::vector<PathStep>& path, const rules::TreeLeaf& leaf) {
                               const Mechanism* mechanism = rules.mechanism(leaf.mechanism);
                               if (mechanism == nullptr) return;
                               for (const Trait& trait : mechanism->traits)
                                 // A veto from a layer above is meant to fell the leaf.
                                 if (trait.contradicts && !trait.advice && trait.place.layer <= leaf.place.layer && holds_all_over(rules, trait, mechanism->id, path))
                                   proof.faults.push_back(fmt::format("{}/{} picks {}, which falls by {}: {}", tree->name, leaf.id, mechanism->id, trait.id, told(rules, path)));
                             }).run();
  return proof;
}

std::vector<Need> with(const Rules& rules, const std::string& id, const std::string& value, std::vector<Need> needs = {}) {
  needs.resize(rules.vocabulary.size());
  needs[*rules.vocabulary.find(id)] = {value, {OriginKind::file, "", {}, {}}};
  return needs;
}

// Looks for profiles whose own recommendation a lint rule complains about. A freshly written file names the framing of
// its layers, so each rule is looked at with and without one.
class FreshChoices {
 public:
  FreshChoices(const Rules& rules, const Profiles& profiles) : rules_(rules) {
    for (const Mechanism& mechanism : rules.mechanisms) {
      const std::vector<Need> bare = with(rules, "uses", mechanism.id), framed = with(rules, "framing", "length-prefixed", bare);
      std::vector<const rules::Condition*> framings;
      for (const rules::LayerRule& layer : rules.layers)
        if (layer.kind == "framing") framings.push_back(&layer.when);
      Choice& choice = choices_.emplace(mechanism.id, Choice{TruthTable(profiles, framings, mechanism.id), {}}).first->second;
      for (const LintRule& rule : rules.lint) {
        if (!rule.when || rule.level == Level::info || !mentions_choice(rule)) continue;
        RuleTables tables{&rule, TruthTable(profiles, *rule.when, mechanism.id, bare), TruthTable(profiles, *rule.when, mechanism.id, framed)};
        if (tables.bare.ever() || tables.framed.ever()) choice.rules.push_back(std::move(tables));
      }
    }
  }

  // The need that a rule's truth still hangs on where this is the recommendation.
  std::optional<std::size_t> look(const Region& region, const std::string& pick) {
    if (pick.empty()) return std::nullopt;
    Choice& choice = choices_.at(pick);
    for (RuleTables& rule : choice.rules) {
      const Truth bare = rule.bare.at(region), framed = rule.framed.at(region);
      if (rule.found || (bare == Truth::no && framed == Truth::no)) continue;
      const Truth framing = choice.framing.at(region);
      if (bare != framed && framing == Truth::unknown && choice.framing.open(region)) return choice.framing.open(region);
      // A truth that stays unknown with every need fixed is no finding.
      const Truth truth = framing == Truth::yes ? framed : bare;
      if (truth == Truth::unknown && rule.bare.open(region)) return rule.bare.open(region);
      if (truth != Truth::yes) continue;
      rule.found = true;
      faults_.push_back(fmt::format("{} {} finds the recommended {} under: {}", rule.rule->code, rule.rule->name, pick, told(rules_, region)));
    }
    return std::nullopt;
  }

  std::vector<std::string> take_faults() { return std::move(faults_); }

 private:
  struct RuleTables {
    const LintRule* rule;
    TruthTable bare, framed;
    bool found = false;
  };
  struct Choice {
    TruthTable framing;
    std::vector<RuleTables> rules;
  };

  // Contradictions among the needs themselves are no fault of the choice.
  bool mentions_choice(const LintRule& rule) const {
    const auto needs = rule.when->needs();
    return std::find(needs.begin(), needs.end(), *rules_.vocabulary.find("uses")) != needs.end();
  }

  const Rules& rules_;
  std::map<std::string, Choice> choices_;
  std::vector<std::string> faults_;
};

// Both statements about outcomes in one enumeration, which is the dear part.
std::vector<Proof> outcomes(const Rules& rules, const Profiles& profiles, Settler& settler) {
  Proof one{"every profile has one outcome, and every leaf is some profile's", {}, "regions", true, {}};
  Proof fresh{"a freshly recommended choice lints clean", {}, "regions", true, {}};
  FreshChoices choices(rules, profiles);
  std::set<const rules::TreeLeaf*> reached;
  double nothing = 0;
  Outcome outcome;
  one.covered = profiles.each([&](const Region& region) -> std::optional<std::size_t> {
    if (const auto need = settler.settle(region, outcome)) return need;
    if (const auto need = choices.look(region, outcome.pick)) return need;
    reached.insert(outcome.guide);
    reached.insert(outcome.refined);
    if (outcome.pick.empty()) nothing += region.profiles;
    return std::nullopt;
  });
  one.whole = fresh.whole = one.covered.profiles == profiles.total();
  fresh.covered = one.covered;
  fresh.faults = choices.take_faults();
  for (const Tree* tree : {&rules.guide, &rules.refine})
    for (const rules::TreeLeaf& leaf : tree->leaves)
      if (reached.count(&leaf) == 0) one.faults.push_back(fmt::format("no profile ends in {}/{}", tree->name, leaf.id));
  one.says += fmt::format(" ({:.0f} % contradict themselves so that nothing is left)", 100 * nothing / profiles.total());
  return {one, fresh};
}

bool can_hold(const Profiles& profiles, const rules::Condition& condition, const std::string& mechanism, Settler* settler) {
  bool found = false;
  Outcome outcome;
  const TruthTable table(profiles, condition, mechanism);
  profiles.each([&](const Region& region) -> std::optional<std::size_t> {
    const Truth truth = table.at(region);
    if (found || truth == Truth::no) return std::nullopt;
    if (truth == Truth::unknown) return table.open(region);
    if (settler != nullptr) {
      if (settler->falls(region, mechanism)) return std::nullopt;
      if (const auto need = settler->settle(region, outcome)) return need;
      if (outcome.pick != mechanism) return std::nullopt;
    }
    found = true;
    return std::nullopt;
  });
  return found;
}

// The needs that the trees, conditions or checks look at.
std::set<std::size_t> needs_in_use(const Rules& rules) {
  std::set<std::size_t> used;
  const auto add = [&](const rules::Condition& condition) {
    for (const std::size_t need : condition.needs()) used.insert(need);
  };
  for (const Tree* tree : {&rules.guide, &rules.refine})
    for (const TreeNode& node : tree->nodes) used.insert(node.need);
  for (const Mechanism& mechanism : rules.mechanisms)
    for (const Trait& trait : mechanism.traits)
      if (trait.contradicts) add(*trait.contradicts);
  for (const rules::LayerRule& layer : rules.layers) add(layer.when);
  for (const LintRule& rule : rules.lint)
    if (rule.when) add(*rule.when);
  for (const rules::NeedCheck& check : rules.checks) used.insert(check.need);
  for (const rules::Derivation& derivation : rules.derivations) {
    add(derivation.when);
    used.insert(derivation.need);
  }
  return used;
}

Proof nothing_is_unused(const Rules& rules, const Profiles& profiles, Settler& settler) {
  Proof proof{"no need, elimination or layer is unused", {}, "rules", true, {}};
  const std::set<std::size_t> used = needs_in_use(rules);
  for (std::size_t i = 0; i < rules.vocabulary.size(); ++i) {
    if (!rules.in_question(rules.vocabulary[i].place)) continue;
    ++proof.covered.regions;
    if (used.count(i) == 0) proof.faults.push_back(fmt::format("nothing looks at the need {}", rules.vocabulary[i].id));
  }
  for (const Mechanism& mechanism : rules.mechanisms)
    for (const Trait& trait : mechanism.traits) {
      if (!trait.contradicts || !rules.in_question(trait.place)) continue;
      ++proof.covered.regions;
      if (!can_hold(profiles, *trait.contradicts, mechanism.id, nullptr)) proof.faults.push_back(fmt::format("{}/{} can never hold", mechanism.id, trait.id));
    }
  for (const rules::LayerRule& layer : rules.layers) {
    if (!rules.in_question(layer.place)) continue;
    ++proof.covered.regions;
    const bool applies = std::any_of(rules.mechanisms.begin(), rules.mechanisms.end(),
                                     [&](const Mechanism& mechanism) { return can_hold(profiles, layer.when, mechanism.id, &settler); });
    if (!applies) proof.faults.push_back(fmt::format("no recommendation ever gets the layer {} = {} of {}:{}", layer.kind, layer.value, layer.place.file, layer.place.at.line));
  }
  return proof;
}

}  // namespace

std::vector<Proof> prove_trees(const Rules& rules) { return {every_answer_leads_on(rules), no_leaf_falls_by_its_path(rules)}; }

std::vector<Proof> prove_profiles(const Rules& rules) {
  const Profiles profiles(rules);
  Settler settler(rules, profiles);
  std::vector<Proof> proofs = outcomes(rules, profiles, settler);
  proofs.push_back(nothing_is_unused(rules, profiles, settler));
  return proofs;
}

}  // namespace ipc_advisor::engine
