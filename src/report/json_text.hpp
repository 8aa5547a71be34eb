// What every format that is made of JSON shares. Included by sources alone, for the library's weight.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/text.hpp"

namespace ipc_advisor::report {

/// Indented, with a final newline. What is not UTF-8 becomes U+FFFD, so that any reader takes it; what would mislead one
/// who looks at it in a terminal is escaped, and still the same to a program.
inline std::string json_text(const nlohmann::ordered_json& json) {
  return with_misleading_escaped(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace)) + "\n";
}

/// An array of each item's conversion.
template <typename List, typename Convert>
nlohmann::ordered_json array_of(const List& list, Convert convert) {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const auto& item : list) out.push_back(convert(item));
  return out;
}

}  // namespace ipc_advisor::report
