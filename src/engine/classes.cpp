// Tables are filled by evaluating the condition once for each combination.
#include "engine/classes.hpp"

#include <algorithm>
#include <cassert>

#include "engine/complete.hpp"

namespace ipc_advisor::engine {

using rules::Facts;
using rules::Rules;
using rules::Truth;

namespace {

// All sets of a short list's words; of a long one the usual ones.
std::vector<Value> answers_to(const Rules& rules, std::size_t need) {
  const rules::NeedDef& def = rules.vocabulary[need];
  const std::vector<std::string> words = def.choice_ids();
  if (def.type != rules::NeedType::list || words.size() > 5) return bands(rules, need);
  std::vector<Value> sets;
  for (std::size_t bits = 1; bits < std::size_t{1} << words.size(); ++bits) {
    std::vector<std::string> set;
    for (std::size_t i = 0; i < words.size(); ++i)
      if ((bits >> i & 1) != 0) set.push_back(words[i]);
    sets.emplace_back(std::move(set));
  }
  return sets;
}

// A passed need is settled, unless answers that are still open would tell it.
bool may_follow(const Rules& rules, std::size_t need, const std::vector<Need>& derived, const std::vector<std::size_t>& passed) {
  const auto skipped = [&](std::size_t other) { return std::find(passed.begin(), passed.end(), other) != passed.end(); };
  const auto open = [&](std::size_t other) { return !is_known(derived[other].value) && !skipped(other); };
  return std::any_of(rules.derivations.begin(), rules.derivations.end(), [&](const rules::Derivation& derivation) {
    const std::vector<std::size_t> from = sources_of(derivation);
    // A product needs all its factors.
    return derivation.need == need && std::any_of(from.begin(), from.end(), open) && (derivation.product.empty() || std::none_of(from.begin(), from.end(), skipped));
  });
}

}  // namespace

std::vector<std::size_t> sources_of(const rules::Derivation& derivation) {
  std::vector<std::size_t> from = derivation.when.needs();
  from.insert(from.end(), derivation.product.begin(), derivation.product.end());
  std::erase(from, derivation.need);
  return from;
}

Classes open_classes(const Rules& rules, const Channel& channel, const std::vector<std::size_t>& passed) {
  const std::vector<Need> derived = derive(rules, channel.needs);
  Classes classes{complete(rules, channel.needs), {}, {}};
  for (std::size_t i = 0; i < rules.vocabulary.size(); ++i) {
    std::vector<Value>& values = classes.values.emplace_back();
    if (!rules.vocabulary[i].decides || is_known(derived[i].value)) continue;
    const bool skip = std::find(passed.begin(), passed.end(), i) != passed.end();
    if (skip && !may_follow(rules, i, derived, passed)) continue;
    values = answers_to(rules, i);
    if (values.size() > most_classes - 1) values.resize(most_classes - 1);
    // Where nothing is assumed, "nobody knows" is an answer of its own.
    if (!is_known(rules.vocabulary[i].assumed)) values.emplace_back();
  }
  for (const auto& values : classes.values) {
    classes.answers.emplace_back();
    for (std::size_t one = 0; one < values.size(); ++one) classes.answers.back().emplace_back(values[one], one);
  }
  return classes;
}

void Classes::merge(const std::function<bool(std::size_t, std::size_t, std::size_t)>& alike) {
  for (std::size_t need = 0; need < values.size(); ++need) {
    std::vector<std::size_t> kept;
    std::vector<Value> fewer;
    for (std::size_t one = 0; one < values[need].size(); ++one) {
      const auto same = std::find_if(kept.begin(), kept.end(), [&](std::size_t other) { return alike(need, other, one); });
      answers[need][one].second = static_cast<std::size_t>(same - kept.begin());
      if (same != kept.end()) continue;
      kept.push_back(one);
      fewer.push_back(values[need][one]);
    }
    values[need] = std::move(fewer);
  }
}

std::optional<std::size_t> Classes::class_of(std::size_t need, const Value& answer) const {
  for (const auto& [value, one] : answers[need])
    if (value == answer) return one;
  return std::nullopt;
}

Scope Classes::whole() const {
  Scope scope;
  for (const auto& list : values) {
    assert(list.size() <= most_classes && "a class is a bit");
    scope.push_back((std::uint64_t{1} << list.size()) - 1);
  }
  return scope;
}

ClassTable::ClassTable(const Classes& classes, const rules::Condition& condition, std::string_view mechanism, std::string_view guide) {
  std::size_t size = 1;
  for (const std::size_t need : condition.needs()) {
    if (!classes.open(need)) continue;
    needs_.push_back(need);
    size *= classes.values[need].size();
  }
  std::vector<Need> needs = classes.given;
  const Facts facts{needs, mechanism, guide};
  for (std::size_t index = 0; index < size; ++index) {
    std::size_t rest = index;
    for (std::size_t i = needs_.size(); i-- > 0;) {
      const std::vector<Value>& values = classes.values[needs_[i]];
      needs[needs_[i]].value = values[rest % values.size()];
      needs[needs_[i]].origin.kind = OriginKind::answer;
      rest /= values.size();
    }
    yes_.push_back(condition.evaluate(facts) == Truth::yes ? 1 : 0);
  }
  for (std::size_t at = needs_.size(); at-- > 0;) group(classes.values[needs_[at]].size());
  std::reverse(groups_.begin(), groups_.end());
  for (std::size_t at = 0; at < needs_.size(); ++at) {
    support_.push_back(0);
    Scope scope = classes.whole();
    for (const std::uint64_t group : groups_[at]) {
      scope[needs_[at]] = group;
      bool yes = false, no = true;
      scan(scope, 0, 0, yes, no);
      if (yes) support_.back() |= group;
    }
  }
}

// Replaces the classes of one need by groups of those that come out alike. The table is one of blocks of `classes` slices.
void ClassTable::group(std::size_t classes) {
  std::size_t stride = 1;
  for (const auto& groups : groups_) stride *= groups.size();
  std::vector<std::uint64_t>& groups = groups_.emplace_back();
  std::vector<std::size_t> first;
  const auto same = [&](std::size_t one, std::size_t other) {
    for (std::size_t block = 0; block < yes_.size(); block += stride * classes)
      if (!std::equal(&yes_[block + one * stride], &yes_[block + one * stride] + stride, &yes_[block + other * stride])) return false;
    return true;
  };
  for (std::size_t one = 0; one < classes; ++one) {
    const auto found = static_cast<std::size_t>(std::find_if(first.begin(), first.end(), [&](std::size_t other) { return same(other, one); }) - first.begin());
    if (found == first.size()) {
      first.push_back(one);
      groups.push_back(0);
    }
    groups[found] |= std::uint64_t{1} << one;
  }
  std::vector<char> fewer;
  for (std::size_t block = 0; block < yes_.size(); block += stride * classes)
    for (const std::size_t one : first) fewer.insert(fewer.end(), &yes_[block + one * stride], &yes_[block + one * stride] + stride);
  yes_ = std::move(fewer);
}

void ClassTable::scan(const Scope& scope, std::size_t at, std::size_t index, bool& yes, bool& no) const {
  if (at == needs_.size()) {
    (yes_[index] != 0 ? yes : no) = true;
    return;
  }
  const std::uint64_t mask = scope[needs_[at]];
  const std::vector<std::uint64_t>& groups = groups_[at];
  for (std::size_t one = 0; one < groups.size() && !(yes && no); ++one)
    if ((mask & groups[one]) != 0) scan(scope, at + 1, index * groups.size() + one, yes, no);
}

Truth ClassTable::over(const Scope& scope) const {
  // Most are a few words joined by "and": one that cannot hold settles it.
  for (std::size_t at = 0; at < needs_.size(); ++at)
    if ((scope[needs_[at]] & support_[at]) == 0) return Truth::no;
  if (needs_.size() == 1) return (scope[needs_[0]] & ~support_[0]) == 0 ? Truth::yes : Truth::unknown;
  bool yes = false, no = false;
  scan(scope, 0, 0, yes, no);
  if (yes && no) return Truth::unknown;
  return yes ? Truth::yes : Truth::no;
}

std::pair<std::size_t, std::vector<std::uint64_t>> ClassTable::apart_in(const Scope& scope) const {
  for (std::size_t at = 0; at < needs_.size(); ++at) {
    std::vector<std::uint64_t> parts;
    for (const std::uint64_t group : groups_[at])
      if ((scope[needs_[at]] & group) != 0) parts.push_back(scope[needs_[at]] & group);
    if (parts.size() > 1) return {needs_[at], std::move(parts)};
  }
  assert(false && "only open needs leave a condition open");
  return {};
}

bool ClassTable::alike(std::size_t need, std::size_t one, std::size_t other) const {
  const auto found = std::find(needs_.begin(), needs_.end(), need);
  if (found == needs_.end()) return true;
  const auto& groups = groups_[static_cast<std::size_t>(found - needs_.begin())];
  return std::any_of(groups.begin(), groups.end(), [&](std::uint64_t group) { return (group >> one & group >> other & 1) != 0; });
}

}  // namespace ipc_advisor::engine
