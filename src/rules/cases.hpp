// Conformance cases: needs, and what the rules must make of them. Read from TOML files of [[case]] tables.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rules.hpp"

namespace ipc_advisor::rules {

/// What a case expects; what is empty is not held. In maps, mechanism → trait.
struct Case {
  std::string name;               ///< "claim", "takes" or the mechanism and trait, for messages
  RulePlace place;
  Channel channel;
  std::string body;               ///< the channel's needs as TOML lines
  std::string guide, picks;
  std::string takes;              ///< "guide/node/answer": the branch that the walk must take
  std::string ends;               ///< "guide/leaf": where that walk must end
  std::string claim;              ///< the claim that it shows
  std::vector<std::string> layers;  ///< "framing=length-prefixed", each must be there
  std::vector<std::string> lacks;   ///< layers, none may be there
  std::vector<std::string> before;  ///< two mechanisms: the first is offered before the second
  std::map<std::string, std::string> falls, stays, complexity;
  std::map<std::string, std::string> findings;  ///< `uses` → the lint code that it must get
};

/// Every [[case]] of one file, in order; or everything that is wrong with it.
tl::expected<std::vector<Case>, std::vector<RulesError>> load_cases(std::string_view text, const std::string& file, const Rules& rules);

/// The case as a [[case]] table that load_cases() reads back.
std::string to_toml(const Case& one);

}  // namespace ipc_advisor::rules
