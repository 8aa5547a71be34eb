// lint: files → findings → levels → fixes → report.
#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <span>

#include "app/lint_files.hpp"
#include "app/load.hpp"
#include "app/output.hpp"
#include "base/diff.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "report/baseline.hpp"

namespace ipc_advisor::app {
namespace {

Result<void> prune(const Options& options, const std::string& text, const std::multiset<std::string>& gone) {
  const auto rest = report::prune_baseline(text, gone);
  if (!rest) return tl::unexpected(rest.error());
  return write_file(options.baseline, *rest);
}

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
  if (gone.empty()) return {};
  if (options.prune) return prune(options, *text, gone);
  say(fmt::format("{}: {} of its findings are found no more; --prune takes them out", printable(options.baseline), gone.size()));
  return {};
}

ExitCode show_settings(const std::vector<LintedFile>& files, const rules::Rules& rules) {
  std::string out;
  for (const LintedFile& file : files) {
    out += fmt::format("{}\n", printable(file.name));
    for (const std::string& line : file.settings.lines(rules)) out += fmt::format("  {}\n", printable(line));
  }
  const auto printed = print(without_commands(out));
  return printed ? ExitCode::fine : (complain(printed.error().message), ExitCode::unusable);
}

// What --fix would do, as a diff; findings if there is anything.
ExitCode show_diff(const std::vector<LintedFile>& files) {
  std::string out;
  for (const LintedFile& file : files) out += unified_diff(printable(file.name), file.original, file.text);
  if (const auto printed = print(out); !printed) return complain(printed.error().message), ExitCode::unusable;
  return out.empty() ? ExitCode::fine : ExitCode::findings;
}

// Standard input's fixed text goes to standard output, where the report would be in its way.
Result<bool> write_fixed(const std::vector<LintedFile>& files) {
  bool from_stdin = false;
  std::size_t fixes = 0;
  std::vector<std::pair<std::string, std::string_view>> changed;
  for (const LintedFile& file : files) {
    fixes += file.fixes;
    if (file.path == "-") {
      from_stdin = true;
      if (auto printed = print(file.text); !printed) return tl::unexpected(printed.error());
    } else if (file.text != file.original) {
      changed.emplace_back(file.path, file.text);
    }
  }
  if (auto written = write_files(changed); !written) return tl::unexpected(written.error());
  if (fixes > 0) say(fmt::format("fixed {} finding{}", fixes, fixes == 1 ? "" : "s"));
  return from_stdin;
}

}  // namespace

ExitCode lint(const Options& options) {
  const auto rules = load_effective_rules(options);
  if (!rules) return complain(rules.error().message), ExitCode::unusable;
  auto files = lint_files(options, *rules);
  if (!files) return complain(files.error().message), ExitCode::unusable;
  if (options.show_settings) return show_settings(*files, *rules);
  if (options.diff) return show_diff(*files);

  Report report = empty_report(*rules);
  report.has_baseline = !options.baseline.empty();
  std::vector<std::size_t> begins;  // of each file's findings
  for (LintedFile& file : *files) {
    begins.push_back(report.findings.size());
    std::move(file.findings.begin(), file.findings.end(), std::back_inserter(report.findings));
  }
  begins.push_back(report.findings.size());
  if (const auto held = hold_baseline(options, report.findings); !held) return complain(held.error().message), ExitCode::unusable;
  bool no_report = false;
  if (options.fix) {
    const auto written = write_fixed(*files);
    if (!written) return complain(written.error().message), ExitCode::unusable;
    no_report = *written;
  }
  if (!no_report)
    if (const auto written = write_report(report, options); !written) return complain(written.error().message), ExitCode::unusable;
  for (std::size_t i = 0; i < files->size(); ++i)
    if ((*files)[i].settings.fails(std::span(report.findings).subspan(begins[i], begins[i + 1] - begins[i]))) return ExitCode::findings;
  return ExitCode::fine;
}

}  // namespace ipc_advisor::app
