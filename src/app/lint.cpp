// lint: files → findings → report.
#include <algorithm>

#include "app/load.hpp"
#include "app/output.hpp"
#include "engine/lint.hpp"

namespace ipc_advisor::app {

ExitCode lint(const Options& options) {
  const auto rules = load_effective_rules(options);
  if (!rules) return complain(rules.error().message), ExitCode::unusable;
  const auto files = load_requirements(options, *rules);
  if (!files) return complain(files.error().message), ExitCode::unusable;

  Report report = empty_report(*rules);
  for (const rules::Requirements& file : *files) {
    const std::vector<Finding> findings = engine::lint(*rules, file);
    report.findings.insert(report.findings.end(), findings.begin(), findings.end());
  }
  if (const auto written = write_report(report, options); !written) return complain(written.error().message), ExitCode::unusable;
  const bool failed = std::any_of(report.findings.begin(), report.findings.end(),
                                  [&](const Finding& finding) { return !finding.suppressed && finding.level >= options.fail_level; });
  return failed ? ExitCode::findings : ExitCode::fine;
}

}  // namespace ipc_advisor::app
