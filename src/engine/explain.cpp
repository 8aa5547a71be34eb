// Explanations by trying: each other answer to each need, decided again.
#include "engine/explain.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/text.hpp"
#include "engine/complete.hpp"

namespace ipc_advisor::engine {

using rules::NeedDef;
using rules::Rules;

namespace {

std::string name_of(std::string_view mechanism) { return mechanism.empty() ? "no mechanism" : std::string(mechanism); }

// How far another answer is from the present one: numbers by ratio, lists by what differs, choices alike.
double distance(const Value& from, const Value& to) {
  if (const auto* a = std::get_if<double>(&from))
    if (const auto* b = std::get_if<double>(&to); b != nullptr && *a > 0 && *b > 0) return std::abs(std::log(*a / *b));
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

}  // namespace

std::string pick_with(const Rules& rules, const Channel& channel, std::size_t need, const Value& value) {
  std::vector<Need> stated = channel.needs;
  stated[need] = {value, {OriginKind::answer, "", {}, {}}};
  return outcome_of(rules, complete(rules, std::move(stated))).pick;
}

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
  const std::vector<Need> completed = complete(rules, channel.needs);
  std::vector<Flip> flips;
  for (std::size_t i = 0; i < rules.vocabulary.size(); ++i) {
    const NeedDef& def = rules.vocabulary[i];
    const Need& present = completed[i];
    // What was assumed is told apart, as an assumption.
    if (!def.decides || !is_known(present.value) || present.origin.kind == OriginKind::assumed) continue;
    std::vector<std::string> seen{std::string(pick)};
    for (const Value& value : nearest_first(rules, i, present.value)) {
      if (value == present.value) continue;
      const std::string other = pick_with(rules, channel, i, value);
      if (std::find(seen.begin(), seen.end(), other) != seen.end()) continue;
      seen.push_back(other);
      flips.push_back({def.id, rules::format_value(def, present.value), rules::format_value(def, value), other,
                       present.origin.kind == OriginKind::file ? present.origin.value : channel.header});
    }
  }
  return flips;
}

std::vector<Assumption> assumptions_of(const Rules& rules, const Channel& channel, std::string_view pick) {
  const std::vector<Need> completed = complete(rules, channel.needs);
  std::vector<Assumption> out;
  for (std::size_t i = 0; i < rules.vocabulary.size(); ++i) {
    const NeedDef& def = rules.vocabulary[i];
    const Need& present = completed[i];
    const bool open = !is_known(present.value) || present.origin.kind == OriginKind::assumed;
    if (!def.decides || !open) continue;
    std::vector<std::string> others, parts;
    for (const Value& value : nearest_first(rules, i, present.value)) {
      const std::string other = pick_with(rules, channel, i, value);
      if (other == pick || std::find(others.begin(), others.end(), other) != others.end()) continue;
      others.push_back(other);
      parts.push_back(fmt::format("{} with {}", name_of(other), rules::format_value(def, value)));
    }
    if (parts.empty()) continue;
    out.push_back({def.id, rules::format_value(def, present.value), join(parts, ", ", " or "), def.essential});
  }
  return out;
}

}  // namespace ipc_advisor::engine
