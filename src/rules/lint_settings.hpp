// What a project says of the linter itself: the [lint] table of its ipc.toml, and the same from the command line.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::rules {

/// A rule's level as somebody stated it; none: off.
struct StatedLevel {
  std::string code;
  std::optional<Level> level;
};

/// What one place states. Nothing stated changes nothing.
struct LintSettings {
  std::optional<Level> fail_level;
  std::vector<StatedLevel> levels;
  bool stated() const { return fail_level || !levels.empty(); }
};

/// What holds for one file, each value with the place that it comes from.
class EffectiveSettings {
 public:
  /// A later place wins over an earlier one, value by value.
  void add(const LintSettings& settings, const std::string& origin);
  /// Gives findings their levels and takes out those of rules that are off.
  void apply(std::vector<Finding>& findings) const;
  /// Whether one of them fails the run: it is not suppressed and at least of the fail level.
  bool fails(std::span<const Finding> findings) const;
  /// "fail-level = warning (default)", then a line for each stated rule.
  std::vector<std::string> lines(const Rules& rules) const;

 private:
  struct Stated {
    std::optional<Level> level;
    std::string origin;
  };
  Stated fail_level_ = {Level::warning, "default"};
  std::map<std::string, Stated> levels_;
};

/// "IPC203=off" or "choice-cannot=warning"; an error names the nearest rule or the levels.
Result<StatedLevel> parse_stated_level(std::string_view text, const Rules& rules);

/// The level of a word, "off" included. An error says what was expected; a rule about the file itself cannot be off.
Result<StatedLevel> stated_level(const std::string& rule, const std::string& word, const Rules& rules);

}  // namespace ipc_advisor::rules
