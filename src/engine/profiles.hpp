// All profiles at once: a profile gives every need one of its bands; a region fixes only the needs that something hangs on.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "engine/decide.hpp"
#include "model.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::engine {

/// What is certain in a region, and so in all its parts; kept so that no part has to find it out again.
struct Notes {
  rules::Target guide, refine;    ///< how far the walks have come; meant only once `walked`
  bool walked = false;
  std::uint64_t cannot = 0, stands = 0;  ///< the mechanisms, a bit each, that are impossible, and those that nothing rules out
};

/// A part of the space of profiles. A need that is not fixed may have any of its bands.
struct Region {
  std::vector<Need> needs;         ///< parallel to the vocabulary; unknown where not fixed, or fixed to "nobody knows"
  std::vector<std::size_t> bands;  ///< 0 where not fixed, else 1 + the band's index
  double profiles = 0;             ///< how many profiles lie in it
  mutable std::array<Notes, 2> notes{};  ///< one for each settler that looks at the same regions

  bool fixes(std::size_t need) const { return bands[need] != 0; }
};

/// Looks at a region: the need that must be fixed before it can be settled, or nothing once it is.
using Look = std::function<std::optional<std::size_t>(const Region&)>;

/// How much an enumeration went through. It was complete where `profiles` equals Profiles::total().
struct Covered {
  double profiles = 0;
  std::size_t regions = 0;
};

class Profiles {
 public:
  explicit Profiles(const rules::Rules& rules) : Profiles(std::vector<const rules::Rules*>{&rules}) {}
  /// Over several rule sets at once, each need with the bands that any of them tells apart. Their vocabularies must
  /// begin alike.
  explicit Profiles(const std::vector<const rules::Rules*>& sets);

  /// The number of all profiles: the product of the bands of all needs.
  double total() const { return total_; }
  const std::vector<Value>& bands_of(std::size_t need) const { return bands_[need]; }
  /// How many needs there are.
  std::size_t needs() const { return bands_.size(); }

  /// Splits the whole space until `look` has settled every region.
  Covered each(const Look& look) const;

 private:
  void split(Region& region, const Look& look, Covered& covered) const;

  std::vector<std::vector<Value>> bands_;
  double total_ = 1;
};

/// The needs that the region fixes, as TOML: "reach = \"both\", browser = true".
std::string told(const rules::Rules& rules, const Region& region);

/// The truth of a condition, or of any of several, for every combination of bands of the needs that they mention, open
/// ones among them: looked up millions of times. Unknown only where it hangs on an open need, or on what nobody knows.
class TruthTable {
 public:
  /// `given`: needs whose value is the same everywhere, such as what a project uses; parallel to the vocabulary.
  TruthTable(const Profiles& profiles, const std::vector<const rules::Condition*>& any_of, std::string_view mechanism, std::vector<Need> given = {});
  TruthTable(const Profiles& profiles, const rules::Condition& condition, std::string_view mechanism, std::vector<Need> given = {})
      : TruthTable(profiles, std::vector<const rules::Condition*>{&condition}, mechanism, std::move(given)) {}
  rules::Truth at(const Region& region) const;
  /// Whether it is true for any combination at all.
  bool ever() const { return std::find(truths_.begin(), truths_.end(), rules::Truth::yes) != truths_.end(); }
  /// A need that the region leaves open and the truth may hang on; one whose answer alone may settle it, if there is one.
  std::optional<std::size_t> open(const Region& region) const;

 private:
  rules::Truth common(std::size_t first, std::size_t step, std::size_t count) const;

  std::vector<std::size_t> needs_;
  std::vector<std::size_t> counts_;  // of bands, parallel to needs_
  std::vector<rules::Truth> truths_;
};

/// Settles outcomes for regions. Refers to the rules and the profiles. Two that look at the same regions take places 0 and 1.
class Settler {
 public:
  Settler(const rules::Rules& rules, const Profiles& profiles, std::size_t place = 0);

  /// The need that the outcome still hangs on; nothing when `out` is whole.
  std::optional<std::size_t> settle(const Region& region, Outcome& out);

  /// Whether a need that the region fixes already makes the mechanism impossible there.
  bool falls(const Region& region, std::string_view mechanism) const { return fate_of(index_of(mechanism), region).cannot; }

 private:
  // What is certain of a mechanism in a region; where nothing is, the need that would tell.
  struct Fate {
    bool cannot = false, advised_against = false;
    std::optional<std::size_t> cannot_open, advice_open;

    bool falls() const { return cannot || advised_against; }
    std::optional<std::size_t> open() const { return cannot_open ? cannot_open : advice_open; }
  };
  struct Contradiction {
    TruthTable table;
    bool advice;
  };

  // A tree whose branches are looked up by band.
  struct QuickTree {
    const rules::Tree* tree;
    std::vector<std::vector<std::size_t>> branches;  // by node, then by band
    std::vector<std::size_t> picks;                  // by leaf: its mechanism, or past the last where it has none
  };

  static QuickTree quick(const rules::Rules& rules, const rules::Tree& tree, const Profiles& profiles);
  static std::optional<std::size_t> walk(const QuickTree& tree, const Region& region, rules::Target& at);
  std::optional<std::size_t> walk(const Region& region, Outcome& out) const;
  Fate fate_of(std::size_t mechanism, const Region& region) const;
  Fate found_out(std::size_t mechanism, const Region& region) const;
  std::size_t index_of(std::string_view mechanism) const;
  const std::vector<std::size_t>& order_for(const Outcome& outcome);

  const rules::Rules& rules_;
  std::size_t place_;
  QuickTree guide_, refine_;
  std::vector<std::vector<Contradiction>> contradictions_;  // parallel to the mechanisms; impossibilities first
  std::map<std::pair<const rules::TreeLeaf*, const rules::TreeLeaf*>, std::vector<std::size_t>> orders_;
  std::vector<std::pair<std::size_t, Fate>> last_resorts_;  // of settle(), kept for its memory
};

}  // namespace ipc_advisor::engine
