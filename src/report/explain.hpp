// What is known about one id, as text: a mechanism, a need, a claim, a node or leaf, a lint rule, a pitfall.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "report/format.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::report {

/// The explanation laid out in that style, or an error with the nearest id. The words "mechanisms",
/// "needs", "claims", "rules" and "pitfalls" list what there is.
Result<std::string> explain(const rules::Rules& rules, std::string_view id, const Style& style);

/// Everything that explain() takes.
std::vector<std::string> explainable_ids(const rules::Rules& rules);

}  // namespace ipc_advisor::report
