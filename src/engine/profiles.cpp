// Splits regions depth first; the outcome of a region is settled once no open need can change it.
#include "engine/profiles.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/complete.hpp"
#include "engine/walk.hpp"

namespace ipc_advisor::engine {

using rules::Condition;
using rules::Facts;
using rules::Mechanism;
using rules::Rules;
using rules::Trait;
using rules::Tree;
using rules::TreeLeaf;
using rules::Truth;

Profiles::Profiles(const std::vector<const Rules*>& sets) {
  const auto wider = [](const Rules* a, const Rules* b) { return a->vocabulary.size() < b->vocabulary.size(); };
  const Rules& rules = **std::max_element(sets.begin(), sets.end(), wider);
  for (std::size_t i = 0; i < rules.vocabulary.size(); ++i) {
    std::vector<Value> values;
    // What the project has chosen is no part of what it needs.
    if (rules.vocabulary[i].decides) values = bands(sets, i);
    // Where nothing is assumed, "nobody knows" is a state of its own.
    if (!is_known(rules.vocabulary[i].assumed)) values.emplace_back();
    total_ *= static_cast<double>(values.size());
    bands_.push_back(std::move(values));
  }
}

Covered Profiles::each(const Look& look) const {
  Region all{std::vector<Need>(bands_.size()), std::vector<std::size_t>(bands_.size()), total_};
  Covered covered;
  split(all, look, covered);
  return covered;
}

void Profiles::split(Region& region, const Look& look, Covered& covered) const {
  const auto need = look(region);
  if (!need) {
    covered.profiles += region.profiles;
    ++covered.regions;
    return;
  }
  const double before = region.profiles;
  const std::vector<Value>& values = bands_[*need];
  region.profiles = before / static_cast<double>(values.size());
  const auto notes = region.notes;
  for (std::size_t i = 0; i < values.size(); ++i) {
    region.notes = notes;
    region.bands[*need] = i + 1;
    region.needs[*need].value = values[i];
    split(region, look, covered);
  }
  region.bands[*need] = 0;
  region.needs[*need].value = {};
  region.profiles = before;
}

std::string told(const Rules& rules, const Region& region) {
  std::string out;
  for (std::size_t i = 0; i < region.needs.size(); ++i)
    if (is_known(region.needs[i].value))
      out += fmt::format("{}{} = {}", out.empty() ? "" : ", ", rules.vocabulary[i].id, rules::toml_value(rules.vocabulary[i], region.needs[i].value));
  return out;
}

TruthTable::TruthTable(const Profiles& profiles, const std::vector<const Condition*>& any_of, std::string_view mechanism, std::vector<Need> given) {
  given.resize(profiles.needs());
  std::size_t size = 1;
  for (const Condition* condition : any_of)
    for (const std::size_t need : condition->needs()) {
      if (is_known(given[need].value) || std::find(needs_.begin(), needs_.end(), need) != needs_.end()) continue;
      needs_.push_back(need);
      counts_.push_back(profiles.bands_of(need).size() + 1);
      size *= counts_.back();
    }
  truths_.resize(size, Truth::no);
  // From the last to the first: what leaves a need open comes after all that fix it.
  for (std::size_t index = size; index-- > 0;) {
    std::size_t rest = index, step = 1, open_step = 0, open_bands = 0;
    for (std::size_t i = needs_.size(); i-- > 0; rest /= counts_[i], step *= counts_[i]) {
      const std::size_t band = rest % counts_[i];
      if (band != 0) given[needs_[i]].value = profiles.bands_of(needs_[i])[band - 1];
      else open_step = step, open_bands = counts_[i] - 1;
    }
    if (open_step != 0) truths_[index] = common(index + open_step, open_step, open_bands);
    else
      for (const Condition* condition : any_of) truths_[index] = std::max(truths_[index], condition->evaluate(Facts{given, mechanism, ""}));
  }
}

Truth TruthTable::common(std::size_t first, std::size_t step, std::size_t count) const {
  for (std::size_t i = 1; i < count; ++i)
    if (truths_[first + i * step] != truths_[first]) return Truth::unknown;
  return truths_[first];
}

Truth TruthTable::at(const Region& region) const {
  std::size_t index = 0;
  for (std::size_t i = 0; i < needs_.size(); ++i) index = index * counts_[i] + region.bands[needs_[i]];
  return truths_[index];
}

std::optional<std::size_t> TruthTable::open(const Region& region) const {
  std::size_t index = 0;
  for (std::size_t i = 0; i < needs_.size(); ++i) index = index * counts_[i] + region.bands[needs_[i]];
  std::optional<std::size_t> first;
  std::size_t step = 1;
  for (std::size_t i = needs_.size(); i-- > 0; step *= counts_[i]) {
    // Where only one thing can be, fixing it tells nothing.
    if (region.fixes(needs_[i]) || counts_[i] == 2) continue;
    first = needs_[i];
    for (std::size_t band = 1; band < counts_[i]; ++band)
      if (truths_[index + band * step] != Truth::unknown) return first;
  }
  return first;
}

Settler::Settler(const Rules& rules, const Profiles& profiles, std::size_t place)
    : rules_(rules), place_(place), guide_(quick(rules, rules.guide, profiles)), refine_(quick(rules, rules.refine, profiles)) {
  for (const Mechanism& mechanism : rules.mechanisms) {
    std::vector<Contradiction> list;
    for (const bool advice : {false, true})
      for (const Trait& trait : mechanism.traits)
        if (trait.contradicts && trait.advice == advice) list.push_back({TruthTable(profiles, *trait.contradicts, mechanism.id), advice});
    contradictions_.push_back(std::move(list));
  }
}

Settler::QuickTree Settler::quick(const Rules& rules, const Tree& tree, const Profiles& profiles) {
  QuickTree out{&tree, {}, {}};
  for (const rules::TreeNode& node : tree.nodes) {
    out.branches.emplace_back();
    for (const Value& value : profiles.bands_of(node.need)) out.branches.back().push_back(branch_of(node, rules.vocabulary[node.need], value).value_or(0));
  }
  for (const TreeLeaf& leaf : tree.leaves) {
    const Mechanism* mechanism = rules.mechanism(leaf.mechanism);
    out.picks.push_back(mechanism == nullptr ? rules.mechanisms.size() : static_cast<std::size_t>(mechanism - rules.mechanisms.data()));
  }
  return out;
}

// On from `at`, as far as the region's needs reach: a leaf, or the need that the next question asks for.
std::optional<std::size_t> Settler::walk(const QuickTree& quick, const Region& region, rules::Target& at) {
  while (!at.leaf) {
    const rules::TreeNode& node = quick.tree->nodes[at.index];
    if (!region.fixes(node.need)) return node.need;
    at = node.branches[quick.branches[at.index][region.bands[node.need] - 1]];
  }
  return std::nullopt;
}

std::optional<std::size_t> Settler::walk(const Region& region, Outcome& out) const {
  Notes& notes = region.notes[place_];
  if (!notes.walked) {
    notes.guide = {false, guide_.tree->root};
    notes.refine = {false, refine_.tree->root};
    notes.walked = true;
  }
  if (const auto need = walk(guide_, region, notes.guide)) return need;
  if (const auto need = walk(refine_, region, notes.refine)) return need;
  out.guide = &guide_.tree->leaves[notes.guide.index];
  out.refined = &refine_.tree->leaves[notes.refine.index];
  return std::nullopt;
}

Settler::Fate Settler::fate_of(std::size_t mechanism, const Region& region) const {
  if (mechanism >= 64) return found_out(mechanism, region);
  Notes& notes = region.notes[place_];
  const std::uint64_t bit = std::uint64_t{1} << mechanism;
  if ((notes.stands & bit) != 0) return {};
  if ((notes.cannot & bit) != 0) return {true, false, {}, {}};
  const Fate fate = found_out(mechanism, region);
  if (fate.cannot) notes.cannot |= bit;
  if (!fate.falls() && !fate.open()) notes.stands |= bit;
  return fate;
}

Settler::Fate Settler::found_out(std::size_t mechanism, const Region& region) const {
  Fate fate;
  for (const Contradiction& contradiction : contradictions_[mechanism]) {
    const Truth truth = contradiction.table.at(region);
    if (truth == Truth::no) continue;
    if (truth == Truth::yes) {
      (contradiction.advice ? fate.advised_against : fate.cannot) = true;
      return fate;
    }
    auto& open = contradiction.advice ? fate.advice_open : fate.cannot_open;
    if (!open) open = contradiction.table.open(region);
  }
  return fate;
}

std::size_t Settler::index_of(std::string_view mechanism) const {
  return static_cast<std::size_t>(rules_.mechanism(mechanism) - rules_.mechanisms.data());
}

const std::vector<std::size_t>& Settler::order_for(const Outcome& outcome) {
  auto& order = orders_[{outcome.guide, outcome.refined}];
  if (order.empty())
    for (const Mechanism* mechanism : ordered_mechanisms(rules_, outcome)) order.push_back(index_of(mechanism->id));
  return order;
}

std::optional<std::size_t> Settler::settle(const Region& region, Outcome& out) {
  if (const auto need = walk(region, out)) return need;
  const Notes& notes = region.notes[place_];
  out.wanted = out.refined->mechanism.empty() ? out.guide->mechanism : out.refined->mechanism;
  out.pick.clear();
  const bool refined = refine_.picks[notes.refine.index] < rules_.mechanisms.size();
  const Fate wanted = fate_of(refined ? refine_.picks[notes.refine.index] : guide_.picks[notes.guide.index], region);
  if (!wanted.falls()) {
    if (wanted.open()) return wanted.open();
    out.pick = out.wanted;
    return std::nullopt;
  }
  // First what stands; failing that, what is merely advised against.
  last_resorts_.clear();
  for (const std::size_t mechanism : order_for(out)) {
    const Fate fate = fate_of(mechanism, region);
    if (fate.cannot) continue;
    if (fate.advised_against) {
      last_resorts_.push_back({mechanism, fate});
      continue;
    }
    if (fate.open()) return fate.open();
    out.pick = rules_.mechanisms[mechanism].id;
    return std::nullopt;
  }
  for (const auto& [mechanism, fate] : last_resorts_) {
    if (fate.cannot_open) return fate.cannot_open;
    out.pick = rules_.mechanisms[mechanism].id;
    return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace ipc_advisor::engine
