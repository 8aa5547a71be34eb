// What may stand where: shared by the three shells.
#include "report/completions.hpp"

#include <fmt/format.h>

#include "report/explain.hpp"
#include "report/format.hpp"

namespace ipc_advisor::report {
namespace {

using Files = Candidates::Files;

std::vector<std::string> values_of(const rules::NeedDef& need) {
  return need.type == rules::NeedType::boolean ? std::vector<std::string>{"true", "false"} : need.choice_ids();
}

// "reach=same-host", …; "latency=" where any figure may follow.
std::vector<std::string> answers(const rules::Rules& rules) {
  std::vector<std::string> words;
  for (const rules::NeedDef& need : rules.vocabulary.all()) {
    const auto values = values_of(need);
    if (values.empty()) words.push_back(need.id + "=");
    for (const std::string& value : values) words.push_back(fmt::format("{}={}", need.id, value));
  }
  return words;
}

std::vector<std::string> formats() {
  std::vector<std::string> ids;
  for (const Format& format : all_formats()) ids.emplace_back(format.id);
  return ids;
}

}  // namespace

Candidates candidates(const Argument& argument, const rules::Rules& rules) {
  if (!argument.choices.empty()) return {argument.choices, Files::none};
  const std::string& value = argument.value;
  if (value == "FILE") return {{}, argument.names.empty() ? Files::toml : Files::any};
  if (value == "DIR") return {{}, Files::folders};
  if (value == "BEFORE" || value == "AFTER") return {{"embedded"}, Files::folders};
  if (value == "MECHANISM") return {rules.mechanism_ids(), Files::none};
  if (value == "NEED=VALUE") return {answers(rules), Files::none};
  if (value == "FORMAT[=FILE]") return {formats(), Files::after_equals};
  if (value == "ID") return {explainable_ids(rules), Files::none};
  return {};
}

}  // namespace ipc_advisor::report
