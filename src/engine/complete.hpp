// Fills what nobody stated: first what follows from other needs, then what is assumed.
#pragma once

#include <vector>

#include "model.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::engine {

/// The stated needs and what follows from them; the rest stays unknown.
std::vector<Need> derive(const rules::Rules& rules, std::vector<Need> stated);

/// derive(), then every unknown need with an assumption gets it. What has none stays unknown.
std::vector<Need> complete(const rules::Rules& rules, std::vector<Need> stated);

/// The answers worth trying for a need: every choice, both booleans, a number in each band that the rules tell apart,
/// the usual sets of a list. Sorted, smallest first; free text has none.
std::vector<Value> bands(const rules::Rules& rules, std::size_t need);

/// The same over several rule sets, whose vocabularies begin alike: numbers get the bands that any of them tells apart.
std::vector<Value> bands(const std::vector<const rules::Rules*>& sets, std::size_t need);

}  // namespace ipc_advisor::engine
