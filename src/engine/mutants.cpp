// One copy of the rules is broken and mended again and again.
#include "engine/mutants.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/cases.hpp"

namespace ipc_advisor::engine {

using rules::Case;
using rules::Rules;

namespace {

class Mutation {
 public:
  Mutation(const Rules& rules, const std::vector<Case>& cases) : rules_(rules), broken_(rules), cases_(cases) {}

  MutantGroup eliminations() {
    MutantGroup group{"eliminations negated", 0, {}};
    for (rules::Mechanism& mechanism : broken_.mechanisms)
      for (rules::Trait& trait : mechanism.traits) {
        if (!trait.contradicts || !rules_.in_question(trait.place)) continue;
        const rules::Condition whole = *trait.contradicts;
        trait.contradicts = whole.negated();
        note(group, mechanism.id + "/" + trait.id, noticed());
        trait.contradicts = whole;
      }
    return group;
  }

  MutantGroup branches() {
    MutantGroup group{"branches turned", 0, {}};
    for (rules::Tree* tree : {&broken_.guide, &broken_.refine})
      for (rules::TreeNode& node : tree->nodes)
        for (std::size_t i = 0; rules_.in_question(node.place) && i < node.branches.size(); ++i) {
          const rules::Target whole = node.branches[i];
          const auto other = std::find_if(node.branches.begin(), node.branches.end(), [&](const rules::Target& target) { return !(target == whole); });
          // Where all answers lead to one place the question is idle, which `rules check` tells.
          if (other == node.branches.end()) continue;
          node.branches[i] = *other;
          note(group, tree->name + "/" + node.id + "/" + node.labels[i], noticed());
          node.branches[i] = whole;
        }
    return group;
  }

  MutantGroup layers() {
    MutantGroup group{"layers left out", 0, {}};
    for (std::size_t i = 0; i < rules_.layers.size(); ++i) {
      if (!rules_.in_question(rules_.layers[i].place)) continue;
      broken_.layers.erase(broken_.layers.begin() + static_cast<std::ptrdiff_t>(i));
      const rules::LayerRule& layer = rules_.layers[i];
      note(group, fmt::format("{} = {} of {}:{}", layer.kind, layer.value, layer.place.file, layer.place.at.line), noticed());
      broken_.layers = rules_.layers;
    }
    return group;
  }

  MutantGroup lint_rules() {
    MutantGroup group{"lint rules negated", 0, {}};
    for (rules::LintRule& rule : broken_.lint) {
      if (!rule.when || !rules_.in_question(rule.place)) continue;
      const rules::Condition whole = *rule.when;
      rule.when = whole.negated();
      note(group, rule.code, !examples_hold(broken_, rule));
      rule.when = whole;
    }
    return group;
  }

 private:
  static void note(MutantGroup& group, std::string what, bool was_noticed) {
    ++group.made;
    if (!was_noticed) group.unnoticed.push_back(std::move(what));
  }

  // Starts with the case that noticed last: neighbours are noticed by neighbours.
  bool noticed() {
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      const std::size_t at = (last_ + i) % cases_.size();
      if (failures_of(broken_, cases_[at]).empty()) continue;
      last_ = at;
      return true;
    }
    return false;
  }

  const Rules& rules_;
  Rules broken_;
  const std::vector<Case>& cases_;
  std::size_t last_ = 0;
};

}  // namespace

std::vector<MutantGroup> mutate(const Rules& rules, const std::vector<Case>& cases) {
  Mutation mutation(rules, cases);
  return {mutation.eliminations(), mutation.branches(), mutation.layers(), mutation.lint_rules()};
}

}  // namespace ipc_advisor::engine
