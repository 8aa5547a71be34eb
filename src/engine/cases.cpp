// One pass for each case: the outcome, its layers and, where asked for, the finding on a choice.
#include "engine/cases.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/complete.hpp"
#include "engine/decide.hpp"
#include "engine/lint.hpp"
#include "engine/walk.hpp"
#include "rules/requirements.hpp"

namespace ipc_advisor::engine {

using rules::Case;
using rules::Facts;
using rules::Mechanism;
using rules::Rules;
using rules::Trait;
using rules::Truth;

namespace {

// Whether the linter finds this in a requirements file of that text.
bool has_finding(const Rules& rules, const rules::LintRule& rule, const std::string& text) {
  const auto findings = lint(rules, rules::read_requirements(text, "example", rules));
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) { return finding.rule == rule.code; });
}

constexpr const char* complexity_words[] = {"low", "medium", "high"};

class Holder {
 public:
  Holder(const Rules& rules, const Case& one) : rules_(rules), case_(one), needs_(complete(rules, one.channel.needs)), outcome_(outcome_of(rules, needs_)) {}

  std::vector<std::string> run() {
    expect("the guide's answer", case_.guide, outcome_.guide->mechanism);
    expect("the recommendation", case_.picks, outcome_.pick);
    if (!case_.takes.empty() && !takes()) failures_.push_back(fmt::format("the needs do not take {}", case_.takes));
    if (!case_.ends.empty() && !ends()) failures_.push_back(fmt::format("the walk does not end in {}", case_.ends));
    for (const auto& [mechanism, trait] : case_.falls) hold_trait(mechanism, trait, true);
    for (const auto& [mechanism, trait] : case_.stays) hold_trait(mechanism, trait, false);
    for (const auto& [mechanism, level] : case_.complexity) expect("the complexity of " + mechanism, level, complexity_words[rules_.mechanism(mechanism)->complexity]);
    for (const auto& [uses, code] : case_.findings) hold_finding(uses, code);
    hold_layers();
    hold_order();
    return std::move(failures_);
  }

 private:
  void expect(const std::string& what, const std::string& wanted, const std::string& got) {
    if (!wanted.empty() && wanted != got) failures_.push_back(fmt::format("{} is {}, expected {}", what, got.empty() ? "none" : got, wanted));
  }

  bool takes() const {
    for (const rules::Tree* tree : {&rules_.guide, &rules_.refine})
      for (const TraceStep& step : walk(rules_, *tree, needs_).trace)
        for (const rules::TreeNode& node : tree->nodes) {
          if (node.id != step.node) continue;
          const auto branch = branch_of(node, rules_.vocabulary[node.need], needs_[node.need].value).value_or(0);
          if (case_.takes == tree->name + "/" + node.id + "/" + node.labels[branch]) return true;
        }
    return false;
  }

  bool ends() const {
    return case_.ends == rules_.guide.name + "/" + outcome_.guide->id || case_.ends == rules_.refine.name + "/" + outcome_.refined->id;
  }

  // A trait is held against what was stated; nothing falls by an assumption that the case did not ask for.
  void hold_trait(const std::string& mechanism, const std::string& id, bool falls) {
    const Trait* trait = rules_.mechanism(mechanism)->trait(id);
    const Truth truth = trait->contradicts ? trait->contradicts->evaluate(Facts{needs_, mechanism, ""}) : Truth::unknown;
    if (truth != (falls ? Truth::yes : Truth::no)) failures_.push_back(fmt::format("{} {} by {}", mechanism, falls ? "does not fall" : "falls", id));
  }

  void hold_finding(const std::string& uses, const std::string& code) {
    rules::Requirements one;
    one.channels.push_back(case_.channel);
    one.channels[0].needs[*rules_.vocabulary.find("uses")] = {uses, {OriginKind::file, "", {}, {}}};
    const auto findings = lint(rules_, one);
    const bool found = std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) { return finding.rule == code; });
    if (!found) failures_.push_back(fmt::format("{} with uses = {} is not found", code, uses));
  }

  void hold_layers() {
    if (case_.layers.empty() && case_.lacks.empty()) return;
    const auto layers = layers_of(rules_, needs_, outcome_.pick, outcome_.guide->mechanism);
    const auto there = [&](const std::string& named) {
      return std::any_of(layers.begin(), layers.end(), [&](const Layer& layer) { return layer.kind + "=" + layer.value == named; });
    };
    for (const std::string& wanted : case_.layers)
      if (!there(wanted)) failures_.push_back(fmt::format("the layer {} is missing", wanted));
    for (const std::string& unwanted : case_.lacks)
      if (there(unwanted)) failures_.push_back(fmt::format("the layer {} does not belong there", unwanted));
  }

  void hold_order() {
    if (case_.before.size() != 2) return;
    std::vector<std::string> order;
    for (const Candidate& candidate : candidates_of(rules_, needs_, outcome_)) order.push_back(candidate.mechanism);
    if (std::find(order.begin(), order.end(), case_.before[0]) > std::find(order.begin(), order.end(), case_.before[1]))
      failures_.push_back(fmt::format("{} is not offered before {}", case_.before[0], case_.before[1]));
  }

  const Rules& rules_;
  const Case& case_;
  std::vector<Need> needs_;
  Outcome outcome_;
  std::vector<std::string> failures_;
};

std::string layer_name(const rules::LayerRule& layer) {
  return layer.kind + "=" + layer.value + (layer.platform.empty() ? "" : " on " + layer.platform);
}

class Counter {
 public:
  explicit Counter(const Rules& rules) : rules_(rules) {
    for (const rules::Tree* tree : {&rules.guide, &rules.refine}) {
      for (const rules::TreeNode& node : tree->nodes)
        for (const std::string& label : node.labels)
          if (rules.in_question(node.place)) branches_[tree->name + "/" + node.id + "/" + label] = 0;
      for (const rules::TreeLeaf& leaf : tree->leaves)
        if (rules.in_question(leaf.place)) leaves_[tree->name + "/" + leaf.id] = 0;
    }
    for (const Mechanism& mechanism : rules.mechanisms)
      for (const Trait& trait : mechanism.traits)
        if (trait.contradicts && rules.in_question(trait.place))
          for (const char* side : {" falls", " stays"})
            // What always falls has no other side.
            if (side == std::string_view(" falls") || !trait.contradicts->needs().empty()) eliminations_[mechanism.id + "/" + trait.id + side] = 0;
    for (std::size_t i = 0; i < rules.vocabulary.size(); ++i)
      if (rules.vocabulary[i].decides && rules.in_question(rules.vocabulary[i].place)) needs_[rules.vocabulary[i].id] = 0;
    for (const rules::LayerRule& layer : rules.layers)
      if (rules.in_question(layer.place)) layers_[layer_name(layer)] = 0;
  }

  void count(const Case& one) {
    const auto needs = complete(rules_, one.channel.needs);
    for (std::size_t i = 0; i < needs.size(); ++i)
      if (is_known(one.channel.needs[i].value)) raise(needs_, rules_.vocabulary[i].id);
    for (const rules::Tree* tree : {&rules_.guide, &rules_.refine}) count_walk(*tree, needs);
    for (const auto& [mechanism, trait] : one.falls) raise(eliminations_, fmt::format("{}/{} falls", mechanism, trait));
    for (const auto& [mechanism, trait] : one.stays) raise(eliminations_, fmt::format("{}/{} stays", mechanism, trait));
    // Only what a case holds is covered by it.
    const Outcome outcome = outcome_of(rules_, needs);
    for (const rules::LayerRule& layer : rules_.layers)
      if (std::find(one.layers.begin(), one.layers.end(), layer.kind + "=" + layer.value) != one.layers.end() &&
          layer.when.evaluate(Facts{needs, outcome.pick, outcome.guide->mechanism}) == Truth::yes)
        raise(layers_, layer_name(layer));
  }

  void count_examples() {
    for (const rules::LintRule& rule : rules_.lint)
      if (rules_.in_question(rule.place)) lint_[rule.code] = examples_hold(rules_, rule) ? 1 : 0;
  }

  Coverage take() {
    return {{"branches", branches_}, {"leaves", leaves_}, {"needs", needs_}, {"eliminations", eliminations_}, {"layers", layers_}, {"rules", lint_}};
  }

 private:
  // What is not in question is not counted.
  static void raise(std::map<std::string, int>& counts, const std::string& id) {
    if (const auto found = counts.find(id); found != counts.end()) ++found->second;
  }

  void count_walk(const rules::Tree& tree, const std::vector<Need>& needs) {
    rules::Target at{false, tree.root};
    while (!at.leaf) {
      const rules::TreeNode& node = tree.nodes[at.index];
      const std::size_t branch = branch_of(node, rules_.vocabulary[node.need], needs[node.need].value).value_or(0);
      raise(branches_, tree.name + "/" + node.id + "/" + node.labels[branch]);
      at = node.branches[branch];
    }
    raise(leaves_, tree.name + "/" + tree.leaves[at.index].id);
  }

  const Rules& rules_;
  std::map<std::string, int> branches_, leaves_, needs_, eliminations_, layers_, lint_;
};

}  // namespace

std::vector<std::string> failures_of(const Rules& rules, const Case& one) { return Holder(rules, one).run(); }

bool examples_hold(const Rules& rules, const rules::LintRule& rule) {
  // What only the host can tell cannot be found without it; its good example must read well all the same.
  if (!rule.host.empty()) return !has_finding(rules, rule, rule.good);
  return has_finding(rules, rule, rule.bad) && !has_finding(rules, rule, rule.good);
}

Coverage coverage_of(const Rules& rules, const std::vector<Case>& cases) {
  Counter counter(rules);
  for (const Case& one : cases) counter.count(one);
  counter.count_examples();
  return counter.take();
}

std::size_t CoverageGroup::covered() const {
  return static_cast<std::size_t>(std::count_if(counts.begin(), counts.end(), [](const auto& one) { return one.second > 0; }));
}

}  // namespace ipc_advisor::engine
