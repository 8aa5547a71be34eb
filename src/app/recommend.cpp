// recommend: the straight line. File → needs → lint → decision → probes → verdict → report → bytes.
#include <algorithm>
#include <fmt/format.h>

#include "app/load.hpp"
#include "app/output.hpp"
#include "app/probing.hpp"
#include "engine/decide.hpp"
#include "engine/judge.hpp"
#include "engine/lint.hpp"

namespace ipc_advisor::app {
namespace {

ExitCode exit_code_of(const Report& report, const Options& options) {
  const auto any = [&](auto test) { return std::any_of(report.channels.begin(), report.channels.end(), test); };
  if (any([&](const ChannelReport& channel) { return !engine::passes_gate(channel, options.timings_gate); })) return ExitCode::findings;
  if (any([](const ChannelReport& channel) { return channel.undecided; })) return ExitCode::undecided;
  const bool settled = !any([](const ChannelReport& channel) { return channel.verdict == Verdict::inconclusive || channel.verdict == Verdict::not_run; });
  return options.strict && !settled ? ExitCode::inconclusive : ExitCode::fine;
}

}  // namespace

ExitCode recommend(const Options& options) {
  const auto rules = load_effective_rules(options);
  if (!rules) return complain(rules.error().message), ExitCode::unusable;
  const auto files = load_requirements(options, *rules);
  if (!files) return complain(files.error().message), ExitCode::unusable;

  Report report = empty_report(*rules);
  bool readable = true;
  for (const rules::Requirements& file : *files) {
    const std::vector<Finding> findings = engine::lint(*rules, file);
    report.findings.insert(report.findings.end(), findings.begin(), findings.end());
    readable = readable && file.readable();
  }
  // Half-read needs would give a confident answer to a question that nobody asked.
  if (!readable) {
    const auto written = write_report(report, options);
    if (!written) complain(written.error().message);
    complain("the requirements could not be read; correct the errors above");
    return ExitCode::unusable;
  }

  std::vector<Decided> decided;
  for (const rules::Requirements& file : *files)
    for (const Channel& channel : file.channels) decided.push_back({&channel, engine::decide(*rules, channel)});

  const auto probes = results_for(*rules, decided, options);
  if (!probes) return complain(probes.error().message), ExitCode::unusable;
  report.host = probes->host;
  for (std::size_t i = 0; i < decided.size(); ++i)
    report.channels.push_back(engine::judge(*rules, *decided[i].channel, std::move(decided[i].decision), probes->by_channel[i]));
  report.probes = probes->all();

  if (const auto written = write_report(report, options); !written) return complain(written.error().message), ExitCode::unusable;
  return exit_code_of(report, options);
}

}  // namespace ipc_advisor::app
