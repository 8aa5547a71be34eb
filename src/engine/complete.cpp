// Derivation, assumption, and the bands of each need.
#include "engine/complete.hpp"

#include <algorithm>
#include <set>

namespace ipc_advisor::engine {
namespace {

using rules::Condition;
using rules::Facts;
using rules::NeedType;
using rules::Rules;
using rules::Truth;

Value derived_value(const rules::Derivation& derivation, const std::vector<Need>& needs) {
  if (derivation.product.empty()) return derivation.is;
  double product = 1;
  for (const std::size_t factor : derivation.product) {
    const auto* number = std::get_if<double>(&needs[factor].value);
    if (number == nullptr) return {};
    product *= *number;
  }
  return product;
}

template <typename Visit>
void for_each_condition(const Rules& rules, Visit visit) {
  for (const auto& mechanism : rules.mechanisms)
    for (const auto& trait : mechanism.traits)
      if (trait.contradicts) visit(*trait.contradicts);
  for (const auto& layer : rules.layers) visit(layer.when);
  for (const auto& derivation : rules.derivations) visit(derivation.when);
}

std::set<double> cuts_of(const Rules& rules, std::size_t need) {
  std::set<double> cuts;
  for_each_condition(rules, [&](const Condition& condition) {
    for (const double cut : condition.thresholds(need)) cuts.insert(cut);
  });
  for (const rules::Tree* tree : {&rules.guide, &rules.refine})
    for (const rules::TreeNode& node : tree->nodes)
      if (node.need == need) cuts.insert(node.cuts.begin(), node.cuts.end());
  return cuts;
}

std::vector<Value> number_bands(const std::vector<const Rules*>& sets, std::size_t need, NeedType type) {
  std::set<double> cuts;
  for (const Rules* rules : sets) cuts.merge(cuts_of(*rules, need));
  if (cuts.empty()) return {};
  // Each cut itself, and one value on either side, so that < and <= are told apart.
  std::vector<Value> values;
  const bool counts = type == NeedType::count;
  const auto below = [&](double cut) { return counts ? std::max(1.0, cut - 1) : cut / 2; };
  double last = 0;
  for (const double cut : cuts) {
    if (const double middle = std::max(below(cut), (last + cut) / 2); middle > last) values.emplace_back(counts ? below(cut) : middle);
    values.emplace_back(cut);
    last = cut;
  }
  values.emplace_back(counts ? last + 1 : last * 2);
  return values;
}

// Sets of platforms that projects really have: each alone, each with Linux and macOS, and all of them.
std::vector<Value> list_bands(const rules::NeedDef& need) {
  std::vector<Value> values;
  const std::vector<std::string> all = need.choice_ids();
  for (const std::string& item : all) values.emplace_back(std::vector{item});
  for (std::size_t count = 2; count <= all.size(); ++count)
    values.emplace_back(std::vector<std::string>(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count)));
  for (std::size_t i = 2; i < all.size(); ++i) values.emplace_back(std::vector{all[0], all[i]});
  return values;
}

}  // namespace

std::vector<Need> derive(const Rules& rules, std::vector<Need> needs) {
  for (const rules::Derivation& derivation : rules.derivations) {
    Need& need = needs[derivation.need];
    if (is_known(need.value) || derivation.when.evaluate(Facts{needs, "", ""}) != Truth::yes) continue;
    need.value = derived_value(derivation, needs);
    need.origin.kind = OriginKind::derived;
    need.origin.because = derivation.says;
  }
  return needs;
}

std::vector<Need> complete(const Rules& rules, std::vector<Need> stated) {
  std::vector<Need> needs = derive(rules, std::move(stated));
  for (std::size_t i = 0; i < needs.size(); ++i) {
    if (is_known(needs[i].value) || !is_known(rules.vocabulary[i].assumed)) continue;
    needs[i].value = rules.vocabulary[i].assumed;
    needs[i].origin = {OriginKind::assumed, rules.vocabulary[i].assumed_says, {}, {}};
  }
  return needs;
}

std::vector<Value> bands(const Rules& rules, std::size_t index) { return bands(std::vector{&rules}, index); }

std::vector<Value> bands(const std::vector<const Rules*>& sets, std::size_t index) {
  const auto has_it = std::find_if(sets.begin(), sets.end(), [&](const Rules* rules) { return index < rules->vocabulary.size(); });
  const rules::NeedDef& need = (*has_it)->vocabulary[index];
  if (need.type == NeedType::boolean) return {Value{false}, Value{true}};
  if (need.type == NeedType::list) return list_bands(need);
  if (rules::is_number(need.type)) return number_bands(sets, index, need.type);
  std::vector<Value> values;
  for (const rules::Choice& choice : need.choices) values.emplace_back(choice.id);
  return values;
}

}  // namespace ipc_advisor::engine
