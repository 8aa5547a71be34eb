// From a channel's needs to a decision: guide, refinement, elimination, order, layers.
#pragma once

#include <string>
#include <vector>

#include "model.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::engine {

/// What the trees and the eliminations say for completed needs, without explanations. Cheap: for enumerations.
struct Outcome {
  const rules::TreeLeaf* guide = nullptr;
  const rules::TreeLeaf* refined = nullptr;
  std::string wanted;  ///< the trees' answer
  std::string pick;    ///< after elimination; empty where nothing is left
};

Outcome outcome_of(const rules::Rules& rules, const std::vector<Need>& completed);

/// The trait that makes a mechanism fall under these needs, impossibilities before advice; nullptr where it stands.
/// Unknown needs never make anything fall.
const rules::Trait* falls_by(const rules::Mechanism& mechanism, const std::vector<Need>& needs);

/// All mechanisms in the order in which they would be offered, whether they stand or not.
std::vector<const rules::Mechanism*> ordered_mechanisms(const rules::Rules& rules, const Outcome& outcome);

/// Candidates in order: the pick, those that stand (the guide's leaf, then fewest steps away in the trees, then lower
/// complexity), then the fallen.
std::vector<Candidate> candidates_of(const rules::Rules& rules, const std::vector<Need>& completed, const Outcome& outcome);

/// The layers that a mechanism gets under these needs, at most one a kind and value.
std::vector<Layer> layers_of(const rules::Rules& rules, const std::vector<Need>& completed, std::string_view mechanism, std::string_view guide);

/// The whole decision with its explanations.
Decision decide(const rules::Rules& rules, const Channel& channel);

}  // namespace ipc_advisor::engine
