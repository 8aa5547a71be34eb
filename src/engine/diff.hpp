// Two rule sets held against each other over all profiles.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/profiles.hpp"

namespace ipc_advisor::engine {

/// Profiles that `before` was recommended for and `after` now is; empty: nothing was left.
struct Change {
  std::string before, after;
  double profiles = 0;
  std::size_t regions = 0;
  std::string example;                ///< the first region, as needs
  std::vector<std::string> always;    ///< "latency in 2.5 us, 5 us": what all its profiles have in common
};

struct OutcomeDiff {
  Covered covered;
  double total = 0;
  std::vector<Change> changes;  ///< most profiles first
};

/// Called with each region that changes, its profiles alike.
using OnChange = std::function<void(const std::string& before, const std::string& after, const std::string& region)>;

/// One vocabulary must begin with the whole of the other, in order, as it does where one set is layered on the other.
bool comparable(const rules::Rules& before, const rules::Rules& after);

/// Every profile whose recommended mechanism differs. Both must be comparable.
OutcomeDiff diff(const rules::Rules& before, const rules::Rules& after, const OnChange& on_change = {});

}  // namespace ipc_advisor::engine
