// A requirements file (ipc.toml) to channels with needs. What is wrong with the file becomes findings, so that linting goes on.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"
#include "rules/lint_settings.hpp"
#include "rules/rules.hpp"
#include "rules/suppressions.hpp"

namespace ipc_advisor::rules {

struct Requirements {
  std::string file;
  std::string project;
  std::vector<Channel> channels;
  std::vector<Finding> findings;
  std::vector<Suppression> suppressions;
  LintSettings lint;  ///< its own [lint] table

  /// False where a finding of level error means that the needs are not what the author meant.
  bool readable() const;
};

/// Reads the text of one file; `file` is its name for messages.
Requirements read_requirements(std::string_view text, const std::string& file, const Rules& rules);

/// The same, but each channel goes to `take` as it comes and is not kept: a long file's channels need much memory.
Requirements read_requirements(std::string_view text, const std::string& file, const Rules& rules, const std::function<void(Channel&&)>& take);

/// A channel without any answer.
Channel empty_channel(const Rules& rules, std::string name);

Finding make_finding(const LintRule& rule, std::string message, const std::string& file, Span span);
/// A finding of the given rule with its name, level and help. The code must exist in the rules.
Finding make_finding(const Rules& rules, std::string_view code, std::string message, const std::string& file, Span span);

}  // namespace ipc_advisor::rules
