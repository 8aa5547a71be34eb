// Breaks a rule set in every small way and sees whether a case notices.
#pragma once

#include <string>
#include <vector>

#include "rules/cases.hpp"

namespace ipc_advisor::engine {

/// One kind of break, how many there were, and those that no case noticed, by what was broken.
struct MutantGroup {
  std::string name;
  std::size_t made = 0;
  std::vector<std::string> unnoticed;
};

/// Negates each elimination, sends each branch elsewhere in its node, leaves out each layer, and negates each lint
/// rule's condition, one at a time. Lint rules are noticed by their own examples, the rest by the cases.
std::vector<MutantGroup> mutate(const rules::Rules& rules, const std::vector<rules::Case>& cases);

}  // namespace ipc_advisor::engine
