// The decision in one screen: complete the needs, walk both trees, eliminate, order, add layers, explain.
#include "engine/decide.hpp"

#include <algorithm>
#include <tuple>

#include "engine/complete.hpp"
#include "engine/explain.hpp"
#include "engine/walk.hpp"

namespace ipc_advisor::engine {

using rules::Facts;
using rules::Mechanism;
using rules::Rules;
using rules::Trait;
using rules::Truth;

const Trait* falls_by(const Mechanism& mechanism, const std::vector<Need>& needs) {
  const Trait* advice = nullptr;
  for (const Trait& trait : mechanism.traits) {
    if (!trait.contradicts || trait.contradicts->evaluate(Facts{needs, mechanism.id, ""}) != Truth::yes) continue;
    if (!trait.advice) return &trait;
    if (advice == nullptr) advice = &trait;
  }
  return advice;
}

namespace {

// Where a mechanism stands in the order: lower is better.
struct Rank {
  bool is_pick, is_guide;
  int steps, complexity;
  std::string_view id;

  auto key() const { return std::tuple(!is_pick, !is_guide, steps, complexity, id); }
};

Rank rank_of(const Rules& rules, const Mechanism& mechanism, const Outcome& outcome) {
  const int steps = std::min(steps_between(rules.guide, outcome.guide, mechanism.id), steps_between(rules.refine, outcome.refined, mechanism.id));
  return {mechanism.id == outcome.wanted, mechanism.id == outcome.guide->mechanism, steps, mechanism.complexity, mechanism.id};
}

// Mechanisms that stand, else those merely advised against, best first.
std::vector<const Mechanism*> ordered(const Rules& rules, const Outcome& outcome, const std::vector<const Mechanism*>& list) {
  std::vector<std::pair<Rank, const Mechanism*>> ranked;
  for (const Mechanism* mechanism : list) ranked.emplace_back(rank_of(rules, *mechanism, outcome), mechanism);
  std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first.key() < b.first.key(); });
  std::vector<const Mechanism*> out;
  for (const auto& [rank, mechanism] : ranked) out.push_back(mechanism);
  return out;
}

std::vector<std::string> need_names(const Rules& rules, const Trait& trait) {
  std::vector<std::string> names;
  for (const std::size_t need : trait.contradicts->needs()) names.push_back(rules.vocabulary[need].id);
  return names;
}

Candidate fallen(const Rules& rules, const Mechanism& mechanism, const Trait& trait) {
  return {mechanism.id, Standing::fallen, trait.advice, trait.id, trait.because, trait.source, need_names(rules, trait)};
}

std::string best_of(const Rules& rules, const std::vector<Need>& needs, const Outcome& outcome) {
  for (const bool accept_advice : {false, true}) {
    std::vector<const Mechanism*> left;
    for (const Mechanism& mechanism : rules.mechanisms) {
      const Trait* trait = falls_by(mechanism, needs);
      if (trait == nullptr || (accept_advice && trait->advice)) left.push_back(&mechanism);
    }
    if (!left.empty()) return ordered(rules, outcome, left).front()->id;
  }
  return "";
}

}  // namespace

std::vector<const Mechanism*> ordered_mechanisms(const Rules& rules, const Outcome& outcome) {
  std::vector<const Mechanism*> all;
  for (const Mechanism& mechanism : rules.mechanisms) all.push_back(&mechanism);
  return ordered(rules, outcome, all);
}

Outcome outcome_of(const Rules& rules, const std::vector<Need>& needs) {
  Outcome out;
  out.guide = leaf_of(rules, rules.guide, needs);
  out.refined = leaf_of(rules, rules.refine, needs);
  out.wanted = out.refined->mechanism.empty() ? out.guide->mechanism : out.refined->mechanism;
  const Mechanism* wanted = rules.mechanism(out.wanted);
  out.pick = wanted != nullptr && falls_by(*wanted, needs) == nullptr ? out.wanted : best_of(rules, needs, out);
  return out;
}

std::vector<Candidate> candidates_of(const Rules& rules, const std::vector<Need>& needs, const Outcome& outcome) {
  std::vector<Candidate> picked, standing, down;
  for (const Mechanism* mechanism : ordered_mechanisms(rules, outcome)) {
    const Trait* trait = falls_by(*mechanism, needs);
    if (mechanism->id == outcome.pick) {
      // A pick that is advised against is the last resort; its reason says so.
      picked.push_back({mechanism->id, Standing::picked, trait != nullptr, trait == nullptr ? "" : trait->id,
                        trait == nullptr ? "" : "nothing else is left, although: " + trait->because, trait == nullptr ? "" : trait->source, {}});
    } else if (trait != nullptr) {
      down.push_back(fallen(rules, *mechanism, *trait));
    } else {
      standing.push_back({mechanism->id, Standing::standing, false, "", "no need rules it out; " + mechanism->cost, mechanism->man, {}});
    }
  }
  picked.insert(picked.end(), standing.begin(), standing.end());
  picked.insert(picked.end(), down.begin(), down.end());
  return picked;
}

std::vector<Layer> layers_of(const Rules& rules, const std::vector<Need>& needs, std::string_view mechanism, std::string_view guide) {
  std::vector<Layer> out;
  for (const rules::LayerRule& rule : rules.layers) {
    if (rule.when.evaluate(Facts{needs, mechanism, guide}) != Truth::yes) continue;
    const bool there = std::any_of(out.begin(), out.end(), [&](const Layer& layer) { return layer.kind == rule.kind && layer.value == rule.value; });
    if (!there) out.push_back({rule.kind, rule.value, rule.platform, rule.because, rule.source});
  }
  return out;
}

Decision decide(const Rules& rules, const Channel& channel) {
  const std::vector<Need> needs = complete(rules, channel.needs);
  const Outcome outcome = outcome_of(rules, needs);
  Decision decision;
  decision.guide = {outcome.guide->mechanism, outcome.guide->source, outcome.guide->because};
  decision.trace = walk(rules, rules.guide, needs).trace;
  const Walk refined = walk(rules, rules.refine, needs);
  decision.trace.insert(decision.trace.end(), refined.trace.begin(), refined.trace.end());
  decision.mechanism = outcome.pick;
  const rules::TreeLeaf& leaf = outcome.refined->mechanism.empty() ? *outcome.guide : *outcome.refined;
  decision.because = leaf.because;
  decision.source = leaf.source;
  decision.candidates = candidates_of(rules, needs, outcome);
  if (outcome.pick != outcome.wanted) explain_fall(rules, needs, outcome, decision);
  if (!outcome.pick.empty()) decision.layers = layers_of(rules, needs, outcome.pick, outcome.guide->mechanism);
  for (const rules::DisagreementRule& rule : rules.disagreements)
    if (rule.when.evaluate(Facts{needs, outcome.pick, outcome.guide->mechanism}) == Truth::yes)
      decision.disagreements.push_back({rule.id, rule.guide, rule.claim, rule.field, rule.source});
  decision.flips = flips_of(rules, channel, outcome.pick);
  decision.assumed = assumptions_of(rules, channel, outcome.pick);
  return decision;
}

}  // namespace ipc_advisor::engine
