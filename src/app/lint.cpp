// lint: files → findings → report.
#include <algorithm>
#include <fmt/format.h>

#include "app/load.hpp"
#include "app/output.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "engine/lint.hpp"
#include "report/baseline.hpp"

namespace ipc_advisor::app {
namespace {

// Writes the baseline anew, or allows what stands in it and tells of what no longer has to.
Result<void> hold_baseline(const Options& options, std::vector<Finding>& findings) {
  if (options.baseline.empty()) return {};
  if (options.write_baseline)
    if (auto written = write_file(options.baseline, report::write_baseline(findings)); !written) return written;
  const auto text = read_file(options.baseline);
  if (!text) return tl::unexpected(text.error());
  const auto baseline = report::read_baseline(*text);
  if (!baseline) return fail(baseline.error().kind, fmt::format("{}: {}", printable(options.baseline), baseline.error().message));
  const auto gone = report::apply_baseline(*baseline, findings);
  if (!gone.empty()) say(fmt::format("{}: {} of its findings are found no more; --write-baseline takes them out", printable(options.baseline), gone.size()));
  return {};
}

}  // namespace

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
  if (const auto held = hold_baseline(options, report.findings); !held) return complain(held.error().message), ExitCode::unusable;
  if (const auto written = write_report(report, options); !written) return complain(written.error().message), ExitCode::unusable;
  const bool failed = std::any_of(report.findings.begin(), report.findings.end(),
                                  [&](const Finding& finding) { return !finding.suppressed && finding.level >= options.fail_level; });
  return failed ? ExitCode::findings : ExitCode::fine;
}

}  // namespace ipc_advisor::app
