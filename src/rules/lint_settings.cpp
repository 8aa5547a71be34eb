// Pure: places are added in order, findings go through at the end.
#include "rules/lint_settings.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"

namespace ipc_advisor::rules {
namespace {

std::string level_words(const std::optional<Level>& level) { return level ? std::string(word(*level)) : "off"; }

Result<std::optional<Level>> level_or_off(const std::string& text) {
  if (text == "off") return std::optional<Level>();
  if (const auto level = level_of(text)) return level;
  const auto near = nearest_word(text, {"off", "info", "warning", "error"});
  return fail(ErrorKind::usage, fmt::format("\"{}\" is not a level; expected off, info, warning or error{}", printable(text), near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
}

}  // namespace

void EffectiveSettings::add(const LintSettings& settings, const std::string& origin) {
  if (settings.fail_level) fail_level_ = {settings.fail_level, origin};
  for (const StatedLevel& one : settings.levels) levels_[one.code] = {one.level, origin};
}

void EffectiveSettings::apply(std::vector<Finding>& findings) const {
  std::erase_if(findings, [&](const Finding& finding) {
    const auto stated = levels_.find(finding.rule);
    return stated != levels_.end() && !stated->second.level;
  });
  for (Finding& finding : findings)
    if (const auto stated = levels_.find(finding.rule); stated != levels_.end()) finding.level = *stated->second.level;
}

bool EffectiveSettings::fails(std::span<const Finding> findings) const {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) { return !finding.suppressed && finding.level >= *fail_level_.level; });
}

std::vector<std::string> EffectiveSettings::lines(const Rules& rules) const {
  std::vector<std::string> out{fmt::format("fail-level = {} ({})", level_words(fail_level_.level), fail_level_.origin)};
  for (const auto& [code, stated] : levels_) {
    const LintRule* rule = rules.lint_rule(code);
    out.push_back(fmt::format("{} {} = {} ({}; {} by default)", code, rule == nullptr ? "" : rule->name, level_words(stated.level), stated.origin,
                              rule == nullptr ? "unknown" : word(rule->level)));
  }
  return out;
}

Result<StatedLevel> stated_level(const std::string& rule, const std::string& word, const Rules& rules) {
  const LintRule* known = rules.lint_rule(rule);
  if (known == nullptr) {
    std::vector<std::string> names;
    for (const LintRule& one : rules.lint) names.insert(names.end(), {one.code, one.name});
    const auto near = nearest_word(rule, names);
    return fail(ErrorKind::usage, fmt::format("\"{}\" is not a rule{}", printable(rule), near ? fmt::format("; did you mean \"{}\"?", *near) : "; rules list names them"));
  }
  const auto level = level_or_off(word);
  if (!level) return tl::unexpected(level.error());
  if (known->code.starts_with("IPC0") && *level < std::optional<Level>(known->level))
    return fail(ErrorKind::usage, fmt::format("{} is about the file itself: it cannot be less than {}", known->code, ipc_advisor::word(known->level)));
  return StatedLevel{known->code, *level};
}

Result<StatedLevel> parse_stated_level(std::string_view text, const Rules& rules) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return fail(ErrorKind::usage, fmt::format("\"{}\" states no level; expected RULE=LEVEL, as in IPC203=off", printable(text)));
  return stated_level(std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)), rules);
}

}  // namespace ipc_advisor::rules
