// Once the mechanism is settled: which sets of layers may still go with it, and which open answers they hang on.
#pragma once

#include <string_view>
#include <vector>

#include "model.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::engine {

struct Variants {
  std::size_t count = 1;            ///< different sets of layers; 0: more than were counted
  std::vector<std::size_t> needs;   ///< whose answers tell them apart
};

/// `guides` are the mechanisms that the guide may still answer. Needs that were `passed` are taken as assumed.
Variants variants_of(const rules::Rules& rules, const Channel& channel, const std::vector<std::size_t>& passed, std::string_view mechanism,
                     const std::vector<std::string_view>& guides);

}  // namespace ipc_advisor::engine
