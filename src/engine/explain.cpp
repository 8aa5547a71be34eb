// Explanations by trying: each other answer to each need, decided again.
#include "engine/explain.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>

#include "base/text.hpp"
#include "engine/complete.hpp"

namespace ipc_advisor::engine {

using rules::NeedDef;
using rules::Rules;

namespace {

std::string name_of(std::string_view mechanism) { return mechanism.empty() ? "no mechanism" : std::string(mechanism); }

// How far another answer is from the present one: numbers by decades, lists by what differs, choices alike.
double distance(const Value& from, const Value& to) {
  if (const auto* a = std::get_if<double>(&from))
    if (const auto* b = std::get_if<double>(&to); b != nullptr && *a > 0 && *b > 0) return std::abs(std::log10(*a / *b));
  if (const auto* a = std::get_if<std::vector<std::string>>(&from))
    if (const auto* b = std::get_if<std::vector<std::string>>(&to)) {
      const auto missing = [](const auto& x, const auto& y) {
        return std::count_if(x.begin(), x.end(), [&](const std::string& item) { return std::find(y.begin(), y.end(), item) == y.end(); });
      };
      return static_cast<double>(missing(*a, *b) + missing(*b, *a));
    }
  return 1;
}

std::vector<Value> nearest_first(const Rules& rules, std::size_t need, const Value& from) {
  std::vector<Value> values = bands(rules, need);
  std::stable_sort(values.begin(), values.end(), [&](const Value& a, const Value& b) { return distance(from, a) < distance(from, b); });
  return values;
}

// One other answer to one need.
struct Other {
  std::size_t need;
  Value value;
  double distance;
};

// Decides a channel again with a few answers changed.
class Retrial {
 public:
  Retrial(const Rules& rules, const Channel& channel) : rules_(rules), channel_(channel), completed_(complete(rules, channel.needs)), stated_(channel.needs) {}

  std::string pick_with(const Other& other) { return try_with({&other}); }
  std::string pick_with(const Other& one, const Other& two) { return try_with({&one, &two}); }

  // Every answer but the present one to every need that counts, nearest first within a need.
  std::vector<Other> others(bool with_assumed) const {
    std::vector<Other> out;
    for (std::size_t i = 0; i < rules_.vocabulary.size(); ++i) {
      const Need& present = completed_[i];
      const bool stated = is_known(present.value) && present.origin.kind != OriginKind::assumed;
      if (!rules_.vocabulary[i].decides || !(stated || with_assumed)) continue;
      for (const Value& value : nearest_first(rules_, i, present.value))
        if (!(value == present.value)) out.push_back({i, value, distance(present.value, value)});
    }
    return out;
  }

  NeedChange told(const Other& other) const {
    const NeedDef& def = rules_.vocabulary[other.need];
    const Need& present = completed_[other.need];
    return {def.id, rules::format_value(def, present.value), rules::format_value(def, other.value), present.origin.kind == OriginKind::file ? present.origin.value : channel_.header};
  }

 private:
  std::string try_with(std::initializer_list<const Other*> others) {
    for (const Other* other : others) stated_[other->need] = {other->value, {OriginKind::answer, "", {}, {}}};
    std::string pick = outcome_of(rules_, complete(rules_, stated_)).pick;
    for (const Other* other : others) stated_[other->need] = channel_.needs[other->need];
    return pick;
  }

  const Rules& rules_;
  const Channel& channel_;
  std::vector<Need> completed_, stated_;
};

// Visits each pair of changes of two needs.
template <typename Visit>
void for_each_pair(const std::vector<Other>& others, Visit visit) {
  for (std::size_t i = 0; i < others.size(); ++i)
    for (std::size_t k = i + 1; k < others.size(); ++k)
      if (others[i].need != others[k].need) visit(others[i], others[k], others[i].distance + others[k].distance);
}

// Those that are as near as the nearest, at most three: more would not be a smallest change.
std::vector<Flip> nearest(std::vector<std::pair<double, Flip>> ways) {
  std::stable_sort(ways.begin(), ways.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Flip> out;
  for (auto& [far, flip] : ways)
    if (out.size() < 3) out.push_back(std::move(flip));
  return out;
}

std::vector<Flip> ways_to(const Rules& rules, const Channel& channel, std::string_view mechanism) {
  Retrial retrial(rules, channel);
  const std::vector<Other> others = retrial.others(true);
  std::vector<std::pair<double, Flip>> ways;
  std::vector<std::size_t> seen;
  for (const Other& other : others) {
    // The nearest answer of each need is enough.
    if (std::find(seen.begin(), seen.end(), other.need) != seen.end() || retrial.pick_with(other) != mechanism) continue;
    seen.push_back(other.need);
    ways.push_back({other.distance, {retrial.told(other), std::nullopt, std::string(mechanism)}});
  }
  if (!ways.empty()) return nearest(std::move(ways));
  double best = std::numeric_limits<double>::infinity();
  for_each_pair(others, [&](const Other& one, const Other& two, double far) {
    if (far > best || retrial.pick_with(one, two) != mechanism) return;
    best = far;
    ways.push_back({far, {retrial.told(one), retrial.told(two), std::string(mechanism)}});
  });
  std::erase_if(ways, [&](const auto& way) { return way.first > best; });
  return nearest(std::move(ways));
}

}  // namespace

void explain_fall(const Rules& rules, const std::vector<Need>& needs, const Outcome& outcome, Decision& decision) {
  const rules::Mechanism* wanted = rules.mechanism(outcome.wanted);
  const rules::Trait* trait = wanted == nullptr ? nullptr : falls_by(*wanted, needs);
  const std::string reason = trait == nullptr ? "" : trait->because;
  decision.source = trait == nullptr ? "" : trait->source;
  decision.because = outcome.pick.empty()
                         ? fmt::format("The tree leads to {}, which falls: {} No other mechanism meets all needs.", outcome.wanted, reason)
                         : fmt::format("The tree leads to {}, which falls: {} {} is the nearest that still stands.", outcome.wanted, reason, outcome.pick);
}

std::vector<Flip> flips_of(const Rules& rules, const Channel& channel, std::string_view pick) {
  Retrial retrial(rules, channel);
  std::vector<Flip> flips;
  std::vector<std::string> seen;
  std::size_t need = rules.vocabulary.size();
  for (const Other& other : retrial.others(false)) {
    if (other.need != need) seen = {std::string(pick)};
    need = other.need;
    const std::string mechanism = retrial.pick_with(other);
    if (std::find(seen.begin(), seen.end(), mechanism) != seen.end()) continue;
    seen.push_back(mechanism);
    flips.push_back({retrial.told(other), std::nullopt, mechanism});
  }
  return flips;
}

std::vector<Flip> wider_flips_of(const Rules& rules, const Channel& channel, std::string_view pick, const std::vector<Flip>& flips) {
  Retrial retrial(rules, channel);
  std::map<std::string, std::pair<double, Flip>> nearest_to;
  for_each_pair(retrial.others(false), [&](const Other& one, const Other& two, double far) {
    const std::string mechanism = retrial.pick_with(one, two);
    const bool known = mechanism.empty() || mechanism == pick || std::any_of(flips.begin(), flips.end(), [&](const Flip& flip) { return flip.mechanism == mechanism; });
    if (known) return;
    const auto found = nearest_to.find(mechanism);
    if (found == nearest_to.end() || far < found->second.first) nearest_to[mechanism] = {far, {retrial.told(one), retrial.told(two), mechanism}};
  });
  std::vector<Flip> out;
  for (auto& [mechanism, way] : nearest_to) out.push_back(std::move(way.second));
  return out;
}

std::vector<Assumption> assumptions_of(const Rules& rules, const Channel& channel, std::string_view pick) {
  Retrial retrial(rules, channel);
  const std::vector<Need> completed = complete(rules, channel.needs);
  std::vector<Assumption> out;
  for (std::size_t i = 0; i < rules.vocabulary.size(); ++i) {
    const NeedDef& def = rules.vocabulary[i];
    const Need& present = completed[i];
    const bool open = !is_known(present.value) || present.origin.kind == OriginKind::assumed;
    if (!def.decides || !open) continue;
    std::vector<std::string> others, parts;
    for (const Value& value : nearest_first(rules, i, present.value)) {
      const std::string other = retrial.pick_with({i, value, 0});
      if (other == pick || std::find(others.begin(), others.end(), other) != others.end()) continue;
      others.push_back(other);
      parts.push_back(fmt::format("{} with {}", name_of(other), rules::format_value(def, value)));
    }
    if (parts.empty()) continue;
    out.push_back({def.id, rules::format_value(def, present.value), join(parts, ", ", " or "), def.essential, others.size() + 1});
  }
  return out;
}

WhyNot why_not(const Rules& rules, const Channel& channel, const Decision& decision, std::string_view mechanism) {
  const rules::Mechanism& named = *rules.mechanism(mechanism);
  WhyNot out{named.id, named.id == decision.mechanism, {}, "", {}, named.cost};
  const std::vector<Need> needs = complete(rules, channel.needs);
  for (const bool advice : {false, true})
    for (const rules::Trait& trait : named.traits)
      if (trait.contradicts && trait.advice == advice && trait.contradicts->evaluate(rules::Facts{needs, named.id, ""}) == rules::Truth::yes)
        out.objections.push_back({trait.because, trait.source, trait.id, advice});
  if (out.picked) return out;
  if (out.objections.empty())
    out.instead = fmt::format("No need rules {} out; the questions lead to {} first: {}", named.id, name_of(decision.mechanism), decision.because);
  out.ways = ways_to(rules, channel, mechanism);
  return out;
}

}  // namespace ipc_advisor::engine
