// What can be proved of a rule set by going through every profile.
#pragma once

#include <string>
#include <vector>

#include "engine/profiles.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::engine {

/// One statement about the rules, and what speaks against it.
struct Proof {
  std::string says;
  Covered covered;      ///< profiles and regions gone through; for statements about the trees, their paths
  std::string unit;     ///< what `covered.regions` counts: "regions", "paths", …
  bool whole = true;    ///< nothing was left out; a proof that skipped something has failed
  std::vector<std::string> faults;

  bool holds() const { return whole && faults.empty(); }
};

/// What the trees alone show, by going through their paths. Quick.
std::vector<Proof> prove_trees(const rules::Rules& rules);

/// What all profiles show. Takes seconds.
std::vector<Proof> prove_profiles(const rules::Rules& rules);

}  // namespace ipc_advisor::engine
