// What can still come out of an interview: every recommendation that some completion of the open answers leads to, and
// the needs that it hangs on. Exact: found by going through all completions, those that contradict themselves left out.
#pragma once

#include <bitset>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/classes.hpp"
#include "engine/decide.hpp"
#include "model.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::engine {

/// A set of mechanisms, by their index in the rules; the last bit is "no mechanism is left".
using Picks = std::bitset<128>;
inline constexpr std::size_t no_pick = 127;

/// Orders in which mechanisms are offered, by the two leaves. Kept over several outlooks, since they are dear.
using Orders = std::map<std::pair<const rules::TreeLeaf*, const rules::TreeLeaf*>, std::vector<std::size_t>>;

class Outlook {
 public:
  /// `passed`: needs that were asked and that nobody knows; they are taken as assumed.
  Outlook(const rules::Rules& rules, const Channel& channel, const std::vector<std::size_t>& passed, Orders& orders);

  /// The picks that are still possible.
  const Picks& picks() const { return all_; }
  /// Those that are possible once an open need has this answer; all of them where the need is not open.
  Picks with(std::size_t need, const Value& answer) const;
  /// Whether some completion's pick changes when this answer alone changes.
  bool hangs_on(std::size_t need) const { return hangs_[need]; }
  /// The guide's leaves that are still possible.
  const std::vector<const rules::TreeLeaf*>& guides() const { return guides_; }

 private:
  // A need to settle first, and the classes that lead apart.
  struct Split {
    std::size_t need = 0;
    std::vector<std::uint64_t> parts;
  };
  struct End {
    std::size_t pick = no_pick;
    const rules::TreeLeaf* guide = nullptr;
  };
  struct Fate {
    bool cannot = false, advised_against = false;
    const ClassTable* cannot_open = nullptr;
    const ClassTable* advice_open = nullptr;

    bool falls() const { return cannot || advised_against; }
    const ClassTable* open() const { return cannot_open != nullptr ? cannot_open : advice_open; }
  };
  struct Contradiction {
    ClassTable table;
    bool advice;
  };
  struct QuickTree {
    const rules::Tree* tree;
    std::vector<std::vector<std::size_t>> branches;  // by node, then by class; one entry where the need is not open
  };
  // Where both sides of a split had the same picks, which does not say that each completion has.
  struct Doubt {
    Scope scope;
    Split split;
  };

  void make_tables(const Channel& channel);
  void merge_classes();
  void read_trees();
  Picks go(Scope& scope);
  void note(const Scope& scope, std::size_t pick);
  bool contradicts_itself(const Scope& scope) const;
  bool settle(const Scope& scope, End& end, Split& split) const;
  bool walk(const QuickTree& tree, const Scope& scope, const rules::TreeLeaf*& leaf, Split& split) const;
  Fate fate_of(std::size_t mechanism, const Scope& scope) const;
  static Split split_by(const ClassTable& table, const Scope& scope);
  const std::vector<std::size_t>& order_for(const Outcome& outcome) const;
  bool differ(Scope& one, Scope& other, std::size_t need) const;
  bool confirm(const Doubt& doubt) const;

  const rules::Rules& rules_;
  Orders& orders_;
  Classes classes_;
  std::vector<std::vector<Contradiction>> contradictions_;  // parallel to the mechanisms; impossibilities first
  std::vector<ClassTable> forbidden_;                       // contradictions among the needs themselves
  QuickTree guide_, refine_;
  Picks all_;
  std::vector<std::vector<Picks>> by_class_;  // by need, then by class
  std::vector<bool> hangs_;
  std::vector<Doubt> doubts_;
  std::vector<const rules::TreeLeaf*> guides_;
};

}  // namespace ipc_advisor::engine
