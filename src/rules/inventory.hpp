// Everything that a rule set holds, one line a thing, with where it came from.
#pragma once

#include <string>
#include <vector>

#include "rules/rules.hpp"

namespace ipc_advisor::rules {

/// `detail` is what decides: two entries of one kind and id with the same detail do the same.
struct InventoryEntry {
  std::string kind;  ///< "need", "derivation", "node", "leaf", "mechanism", "trait", "layer", "rule", "claim", "disagreement", "pitfall"
  std::string id;
  std::string detail;
  RulePlace place;
};

/// In the order in which the files are read: needs, trees, mechanisms, layers, lint rules, claims, pitfalls.
std::vector<InventoryEntry> inventory(const Rules& rules);

/// What only `after` has, what only `before` has, and what both have with another detail (as in `after`).
struct InventoryDiff {
  std::vector<InventoryEntry> added, removed, changed;
};

InventoryDiff difference(const std::vector<InventoryEntry>& before, const std::vector<InventoryEntry>& after);

}  // namespace ipc_advisor::rules
