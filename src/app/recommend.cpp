// recommend: the straight line. File → needs → lint → decision → probes → verdict → report → bytes.
#include <algorithm>
#include <fmt/format.h>

#include "app/answers.hpp"
#include "app/compare.hpp"
#include "app/load.hpp"
#include "app/output.hpp"
#include "app/probing.hpp"
#include "base/text.hpp"
#include "engine/complete.hpp"
#include "engine/decide.hpp"
#include "engine/explain.hpp"
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

// More channels than that are no question of a person, who alone reads the wider changes.
constexpr std::size_t most_explained = 100;

// One channel on its way to a report, with its needs as they are to be decided.
struct Asked {
  Channel channel;
  std::vector<NeedChange> what_if;
  std::string instead_of;
};

Result<Asked> asked_of(const rules::Rules& rules, const Channel& stated, const Options& options) {
  Asked asked{stated, {}, ""};
  if (options.what_if.empty()) return asked;
  const auto set = apply_answers(rules, options.what_if, "--what-if", asked.channel);
  if (!set) return tl::unexpected(set.error());
  const std::vector<Need> before = engine::complete(rules, stated.needs);
  for (const std::size_t need : *set)
    asked.what_if.push_back({rules.vocabulary[need].id, rules::format_value(rules.vocabulary[need], before[need].value),
                             rules::format_value(rules.vocabulary[need], asked.channel.needs[need].value),
                             before[need].origin.kind == OriginKind::file ? before[need].origin.value : stated.header});
  asked.instead_of = engine::outcome_of(rules, before).pick;
  return asked;
}

Result<void> check_mechanism(const rules::Rules& rules, const std::string& id) {
  if (id.empty() || rules.mechanism(id) != nullptr) return {};
  const auto near = nearest_word(id, rules.mechanism_ids());
  return fail(ErrorKind::usage, fmt::format("--why-not: \"{}\" is not a mechanism{}", printable(id), near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
}

// The findings of all files. False where one of them could not be read.
bool lint_all(const rules::Rules& rules, const std::vector<rules::Requirements>& files, Report& report) {
  bool readable = true;
  for (const rules::Requirements& file : files) {
    const std::vector<Finding> findings = engine::lint(rules, file);
    report.findings.insert(report.findings.end(), findings.begin(), findings.end());
    readable = readable && file.readable();
  }
  return readable;
}

Result<std::vector<Asked>> ask_all(const rules::Rules& rules, const std::vector<rules::Requirements>& files, const Options& options) {
  std::vector<Asked> out;
  for (const rules::Requirements& file : files)
    for (const Channel& channel : file.channels) {
      auto one = asked_of(rules, channel, options);
      if (!one) return tl::unexpected(one.error());
      out.push_back(std::move(*one));
    }
  return out;
}

std::vector<Decided> decide_all(const rules::Rules& rules, const std::vector<Asked>& asked) {
  std::vector<Decided> out;
  for (const Asked& one : asked) {
    out.push_back({&one.channel, engine::decide(rules, one.channel)});
    Decision& decision = out.back().decision;
    if (asked.size() > most_explained) continue;
    for (Flip& flip : engine::wider_flips_of(rules, one.channel, decision.mechanism, decision.flips)) decision.flips.push_back(std::move(flip));
  }
  return out;
}

ChannelReport judge_one(const rules::Rules& rules, const Asked& asked, Decision decision, const std::vector<ProbeResult>& probes, const Options& options) {
  ChannelReport channel = engine::judge(rules, asked.channel, std::move(decision), probes);
  channel.what_if = asked.what_if;
  channel.instead_of = asked.instead_of;
  const auto recommended = std::find_if(probes.begin(), probes.end(), [&](const ProbeResult& probe) { return probe.mechanism == channel.decision.mechanism; });
  if (recommended != probes.end()) channel.parameters = recommended->parameters;
  if (!options.why_not.empty()) channel.why_not = engine::why_not(rules, asked.channel, channel.decision, options.why_not);
  return channel;
}

ExitCode unusable(const Error& error) {
  complain(error.message);
  return ExitCode::unusable;
}

}  // namespace

ExitCode recommend(const Options& options) {
  const auto rules = load_effective_rules(options);
  if (!rules) return unusable(rules.error());
  if (const auto known = check_mechanism(*rules, options.why_not); !known) return unusable(known.error());
  const auto files = load_requirements(options, *rules);
  if (!files) return unusable(files.error());
  const auto earlier = earlier_report(options);
  if (!earlier) return unusable(earlier.error());

  Report report = empty_report(*rules);
  // Half-read needs would give a confident answer to a question that nobody asked.
  if (!lint_all(*rules, *files, report)) {
    Options unsaved = options;
    // A report without a decision must not take an earlier one's place.
    unsaved.save.clear();
    if (const auto written = write_report(report, unsaved); !written) complain(written.error().message);
    complain("the requirements could not be read; correct the errors above");
    return ExitCode::unusable;
  }
  const auto asked = ask_all(*rules, *files, options);
  if (!asked) return unusable(asked.error());
  std::vector<Decided> decided = decide_all(*rules, *asked);
  const auto probes = results_for(*rules, decided, options);
  if (!probes) return unusable(probes.error());
  report.host = probes->host;
  for (std::size_t i = 0; i < decided.size(); ++i)
    report.channels.push_back(judge_one(*rules, (*asked)[i], std::move(decided[i].decision), probes->by_channel[i], options));
  report.probes = probes->all();

  const auto compared = hold_against(*earlier, options, report);
  if (const auto written = write_report(report, options); !written) return unusable(written.error());
  if (!compared) return unusable(compared.error());
  return exit_code_of(report, options);
}

}  // namespace ipc_advisor::app
