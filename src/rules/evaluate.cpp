// Conditions over facts: a tree of nodes, evaluated from its root, and what can be said of it without facts.
#include <algorithm>

#include "rules/condition.hpp"

namespace ipc_advisor::rules {
namespace {

Truth truth(bool value) { return value ? Truth::yes : Truth::no; }
Truth opposite(Truth value) { return value == Truth::unknown ? value : truth(value == Truth::no); }

}  // namespace

Truth Condition::evaluate(const Facts& facts) const { return nodes_.empty() ? Truth::yes : evaluate(root_, facts); }

Truth Condition::evaluate(std::size_t index, const Facts& facts) const {
  const Node& node = nodes_[index];
  switch (node.op) {
    case Op::constant: return Truth::yes;
    case Op::negate: return opposite(evaluate(node.left, facts));
    case Op::both: {
      const Truth left = evaluate(node.left, facts);
      return left == Truth::no ? left : std::min(left, evaluate(node.right, facts));
    }
    case Op::either: {
      const Truth left = evaluate(node.left, facts);
      return left == Truth::yes ? left : std::max(left, evaluate(node.right, facts));
    }
    default: return compare(node, facts);
  }
}

std::uint64_t Condition::required_for(bool outcome, std::size_t index) const {
  const Node& node = nodes_[index];
  switch (node.op) {
    case Op::constant: return 0;
    case Op::negate: return required_for(!outcome, node.left);
    case Op::both:
    case Op::either: {
      const std::uint64_t left = required_for(outcome, node.left), right = required_for(outcome, node.right);
      return outcome == (node.op == Op::both) ? left | right : left & right;
    }
    default: break;
  }
  // Whether something is given can be answered in the negative without an answer to it.
  const bool asks = node.subject == Subject::need && node.need < 64 && (outcome || node.op != Op::given);
  return asks ? std::uint64_t{1} << node.need : 0;
}

Truth Condition::compare(const Node& node, const Facts& facts) const {
  const auto word_matches = [&](std::string_view word) {
    if (const auto* list = std::get_if<std::vector<std::string>>(&node.literal)) return std::find(list->begin(), list->end(), word) != list->end();
    return word == std::get<std::string>(node.literal);
  };
  if (node.subject != Subject::need) {
    const std::string_view word = node.subject == Subject::mechanism ? facts.mechanism : facts.guide;
    const bool matches = node.op == Op::given ? !word.empty() : word_matches(word);
    return truth(matches != (node.op == Op::unequal));
  }
  const Need& need = facts.needs[node.need];
  if (node.op == Op::given) return truth(is_known(need.value) && need.origin.kind != OriginKind::assumed);
  if (!is_known(need.value)) return Truth::unknown;
  if (node.op == Op::starts) return truth(std::get<std::string>(need.value).starts_with(std::get<std::string>(node.literal)));
  if (node.op == Op::ends) return truth(std::get<std::string>(need.value).ends_with(std::get<std::string>(node.literal)));
  if (node.op == Op::longer) return truth(static_cast<double>(std::get<std::string>(need.value).size()) > std::get<double>(node.literal));
  if (const auto* number = std::get_if<double>(&need.value)) {
    const double limit = std::get<double>(node.literal);
    switch (node.op) {
      case Op::equal: return truth(*number == limit);
      case Op::unequal: return truth(*number != limit);
      case Op::less: return truth(*number < limit);
      case Op::at_most: return truth(*number <= limit);
      case Op::more: return truth(*number > limit);
      default: return truth(*number >= limit);
    }
  }
  if (const auto* list = std::get_if<std::vector<std::string>>(&need.value))
    return truth(node.op == Op::contains ? std::find(list->begin(), list->end(), std::get<std::string>(node.literal)) != list->end()
                                         : std::all_of(list->begin(), list->end(), word_matches));
  const bool matches = std::holds_alternative<bool>(need.value) ? need.value == node.literal : word_matches(std::get<std::string>(need.value));
  return truth(matches != (node.op == Op::unequal));
}

Condition Condition::negated() const {
  Condition out = *this;
  if (out.empty()) out.nodes_.emplace_back();  // the constant that is true
  Node negate;
  negate.op = Op::negate;
  negate.left = out.root_;
  out.root_ = out.nodes_.size();
  out.nodes_.push_back(negate);
  out.required_ = out.required_for(true, out.root_);
  out.text_ = "not (" + text_ + ")";
  return out;
}

std::vector<std::size_t> Condition::needs() const {
  std::vector<std::size_t> found;
  for (const Node& node : nodes_) {
    const bool names_need = node.subject == Subject::need && node.op != Op::negate && node.op != Op::both && node.op != Op::either && node.op != Op::constant;
    if (names_need && std::find(found.begin(), found.end(), node.need) == found.end()) found.push_back(node.need);
  }
  return found;
}

std::vector<double> Condition::thresholds(std::size_t need) const {
  std::vector<double> found;
  for (const Node& node : nodes_)
    if (node.subject == Subject::need && node.need == need && node.op != Op::longer)
      if (const auto* number = std::get_if<double>(&node.literal)) found.push_back(*number);
  return found;
}

}  // namespace ipc_advisor::rules
