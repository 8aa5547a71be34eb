// One-line conditions over needs: "direction == two-way and not shell". Three-valued: what is unknown stays unknown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"
#include "rules/vocabulary.hpp"

namespace ipc_advisor::rules {

/// Kleene's strong logic.
enum class Truth : std::uint8_t { no, unknown, yes };

/// What a condition may look at. `mechanism` and `guide` are the words of the same name; empty where there is none.
struct Facts {
  const std::vector<Need>& needs;
  std::string_view mechanism;
  std::string_view guide;
};

/// Why a condition cannot be read; `column` is 1-based within its text.
struct ConditionError {
  std::string message;
  int column = 1;
};

/// The grammar, loosest first: `or`, `and`, `not`, then `( … )`, `always`, `given NEED` (somebody stated it, or it follows from what
/// was stated), `starts NEED "text"`, `ends NEED "text"`, `longer NEED BYTES`, `NEED` (of type bool), `NEED OP LITERAL`, `NEED in [a, b]`
/// (for a list need: all of it is in the set), `word in NEED` (a list need contains it).
///
/// A parsed condition. Cheap to evaluate, freely copied. An empty one is always true.
class Condition {
 public:
  /// Checks names, choices and units against the vocabulary; `mechanisms` are the words that `mechanism`, `guide` and
  /// `uses` may be compared with.
  static tl::expected<Condition, ConditionError> parse(std::string_view text, const Vocabulary& vocabulary,
                                                       const std::vector<std::string>& mechanisms);

  Truth evaluate(const Facts& facts) const;

  /// False where it cannot be true while only these needs are known, each a bit by its index. Costs nothing, so that it
  /// spares most evaluations of a long file; needs beyond the 64th are not looked at.
  bool can_hold(std::uint64_t known) const { return (required_ & ~known) == 0; }

  /// True where this one is not, unknown where it is.
  Condition negated() const;

  /// The indices of the needs that it mentions, each once, in order of mention.
  std::vector<std::size_t> needs() const;

  /// The numbers that a need is compared with, in base units.
  std::vector<double> thresholds(std::size_t need) const;

  /// As it was written.
  const std::string& text() const { return text_; }
  bool empty() const { return nodes_.empty(); }

 private:
  friend class ConditionParser;
  enum class Op { constant, negate, both, either, equal, unequal, less, at_most, more, at_least, in, contains, given, starts, ends, longer };
  enum class Subject { need, mechanism, guide };
  struct Node {
    Op op = Op::constant;
    Subject subject = Subject::need;
    std::size_t need = 0;
    Value literal;                  // of comparisons; a list for `in`
    std::size_t left = 0, right = 0;  // of negate, both, either
  };

  Truth evaluate(std::size_t node, const Facts& facts) const;
  Truth compare(const Node& node, const Facts& facts) const;
  std::uint64_t required_for(bool outcome, std::size_t node) const;

  std::string text_;
  std::vector<Node> nodes_;
  std::size_t root_ = 0;
  std::uint64_t required_ = 0;  // the needs without which it is never true
};

}  // namespace ipc_advisor::rules
