// Verdicts: what the checks of a mechanism come to, and which mechanism that leaves.
#include "engine/judge.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "engine/checks.hpp"
#include "engine/claims.hpp"
#include "engine/complete.hpp"
#include "engine/decide.hpp"

namespace ipc_advisor::engine {

using rules::Rules;

namespace {

const ProbeResult* probe_of(const std::vector<ProbeResult>& probes, std::string_view mechanism) {
  for (const ProbeResult& probe : probes)
    if (probe.mechanism == mechanism) return &probe;
  return nullptr;
}

std::string counted(const std::vector<Check>& checks, Verdict verdict) {
  std::vector<std::string> names;
  for (const Check& check : checks)
    if (check.verdict == verdict) names.push_back(check.need);
  return join(names, ", ", " and ");
}

// A decision that leans on the guide's figures must not hide which of them do not hold here.
void sort_figures(const Rules& rules, std::string_view mechanism, const std::vector<ProbeResult>& probes, ChannelReport& report) {
  for (ClaimVerdict& settled : settle_claims(rules, probes)) {
    const auto claim = std::find_if(rules.claims.begin(), rules.claims.end(), [&](const rules::Claim& one) { return one.id == settled.id; });
    if (!claim->figure || (claim->figure->mechanism != mechanism && claim->figure->over != mechanism)) continue;
    if (settled.verdict == word(Verdict::refuted)) report.refuted.push_back(std::move(settled));
    else if (settled.verdict == word(Verdict::confirmed)) report.upheld.push_back(std::move(settled));
  }
}

std::vector<StatedNeed> stated_needs(const Rules& rules, const Channel& channel) {
  std::vector<StatedNeed> out;
  for (std::size_t i = 0; i < channel.needs.size(); ++i) {
    const Need& need = channel.needs[i];
    if (is_known(need.value)) out.push_back({rules.vocabulary[i].id, rules::format_value(rules.vocabulary[i], need.value), need.origin.key.begin.line});
  }
  // As the file has them.
  std::stable_sort(out.begin(), out.end(), [](const StatedNeed& a, const StatedNeed& b) { return a.line < b.line; });
  return out;
}

// The leader's probe did not confirm it, but this candidate's did: the choice passes on, and the fall is told.
void pass_on(const Rules& rules, const Channel& channel, const std::string& successor, const std::string& why, Decision& decision) {
  const std::string leader = decision.mechanism;
  decision.because = fmt::format("{} was the choice, but {}; {} is the best that is confirmed here.", leader, why, successor);
  decision.mechanism = successor;
  decision.layers = layers_of(rules, complete(rules, channel.needs), successor, decision.guide.mechanism);
  for (Candidate& other : decision.candidates) {
    if (other.mechanism == leader) other = {leader, Standing::fallen, false, "probe", why, "measured on this host", {}};
    if (other.mechanism == successor) other.standing = Standing::picked;
  }
  std::stable_sort(decision.candidates.begin(), decision.candidates.end(), [](const Candidate& a, const Candidate& b) { return a.standing < b.standing; });
}

// What the checks of one mechanism come to.
struct Tried {
  std::vector<Check> checks;
  Judgement judgement;
};

Tried try_one(const Rules& rules, const Channel& channel, const std::string& mechanism, const std::vector<ProbeResult>& probes) {
  const ProbeResult* probe = probe_of(probes, mechanism);
  Tried out{checks_of(rules, channel, mechanism, probe), {}};
  out.judgement = judge_checks(out.checks, probe, mechanism);
  return out;
}

// The leader; or where this host refutes it, the next standing candidate that it confirms.
Tried try_in_turn(const Rules& rules, const Channel& channel, const std::vector<ProbeResult>& probes, Decision& decision) {
  Tried leader = try_one(rules, channel, decision.mechanism, probes);
  if (leader.judgement.verdict != Verdict::refuted) return leader;
  for (const Candidate& candidate : decision.candidates) {
    if (candidate.standing != Standing::standing || probe_of(probes, candidate.mechanism) == nullptr) continue;
    Tried next = try_one(rules, channel, candidate.mechanism, probes);
    if (next.judgement.verdict != Verdict::confirmed) continue;
    pass_on(rules, channel, std::string(candidate.mechanism), leader.judgement.because, decision);
    return next;
  }
  return leader;
}

void add_advice(const Rules& rules, const std::string& id, ChannelReport& report) {
  const rules::Mechanism* mechanism = rules.mechanism(id);
  if (mechanism == nullptr) return;
  report.cost = mechanism->cost;
  report.debug = mechanism->debug;
  for (const std::string& known : mechanism->pitfalls)
    if (const rules::Pitfall* pitfall = rules.pitfall(known)) report.pitfalls.push_back(fmt::format("{} {}: {}", known, pitfall->title, pitfall->advice));
}

}  // namespace

std::vector<std::string> to_probe(const Decision& decision, const std::vector<std::string>& with_probe, std::size_t count) {
  std::vector<std::string> out;
  for (const Candidate& candidate : decision.candidates) {
    const bool probed = std::find(with_probe.begin(), with_probe.end(), candidate.mechanism) != with_probe.end();
    if (candidate.standing != Standing::fallen && probed && out.size() < count) out.push_back(candidate.mechanism);
  }
  return out;
}

Judgement judge_checks(const std::vector<Check>& checks, const ProbeResult* probe, std::string_view mechanism) {
  if (probe == nullptr) return {Verdict::not_run, fmt::format("{} was not probed", mechanism)};
  switch (probe->end) {
    case ProbeEnd::measured: break;
    case ProbeEnd::unsupported: return {Verdict::refuted, fmt::format("{} cannot be used on this host: {}", mechanism, probe->because)};
    case ProbeEnd::not_run: return {Verdict::not_run, probe->because};
    default: return {Verdict::inconclusive, fmt::format("the probe of {} {}: {}", mechanism, word(probe->end), probe->because)};
  }
  if (const std::string names = counted(checks, Verdict::refuted); !names.empty())
    return {Verdict::refuted, fmt::format("this host refutes {}", names)};
  if (const std::string names = counted(checks, Verdict::inconclusive); !names.empty())
    return {Verdict::inconclusive, fmt::format("the figures do not settle {}", names)};
  const std::string confirmed = counted(checks, Verdict::confirmed);
  if (confirmed.empty()) return {Verdict::inconclusive, "no check could be run"};
  const std::string skipped = counted(checks, Verdict::not_run);
  return {Verdict::confirmed, fmt::format("tried here: {}{}", confirmed, skipped.empty() ? "" : "; could not be tried: " + skipped)};
}

ChannelReport judge(const Rules& rules, const Channel& channel, Decision decision, const std::vector<ProbeResult>& probes) {
  ChannelReport report;
  report.name = channel.name;
  report.file = channel.file;
  report.position = channel.header.begin;
  report.needs = stated_needs(rules, channel);
  Tried tried = try_in_turn(rules, channel, probes, decision);
  report.checks = std::move(tried.checks);
  report.verdict = tried.judgement.verdict;
  report.because = std::move(tried.judgement.because);
  for (const Assumption& assumption : decision.assumed) report.undecided = report.undecided || assumption.essential;
  sort_figures(rules, decision.mechanism, probes, report);
  add_advice(rules, decision.mechanism, report);
  report.decision = std::move(decision);
  return report;
}

bool passes_gate(const ChannelReport& report, bool timings_gate) {
  if (report.decision.mechanism.empty()) return false;
  if (report.verdict != Verdict::refuted) return true;
  const auto gates = [&](const Check& check) { return check.verdict == Verdict::refuted && (timings_gate || !check.timing); };
  const bool measured = std::any_of(report.checks.begin(), report.checks.end(), [](const Check& check) { return check.verdict != Verdict::not_run; });
  return measured && std::none_of(report.checks.begin(), report.checks.end(), gates);
}

}  // namespace ipc_advisor::engine
