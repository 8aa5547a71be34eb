// Looks up what each claim hangs on: a trial, a figure, a ratio of figures; or says that no probe can settle it.
#include "engine/claims.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/checks.hpp"

namespace ipc_advisor::engine {

using rules::Claim;
using rules::FigureClaim;
using rules::Rules;

namespace {

struct Interval {
  double low, median, high;
  std::vector<double> rounds = {};  // in the order in which they were taken
  std::uint64_t samples = fewest_samples;
};

const ProbeResult* measured(const std::vector<ProbeResult>& probes, std::string_view mechanism, ClaimVerdict& verdict) {
  for (const ProbeResult& probe : probes) {
    if (probe.mechanism != mechanism) continue;
    if (probe.end == ProbeEnd::measured) return &probe;
    verdict.because = fmt::format("the probe of {} ended as {}: {}", mechanism, word(probe.end), probe.because);
    return nullptr;
  }
  verdict.because = fmt::format("{} was not probed", mechanism);
  return nullptr;
}

std::optional<Interval> figure_of(const ProbeResult& probe, const FigureClaim& claim) {
  if (claim.what == "throughput") {
    // With the defaults that users get.
    const Throughput* best = nullptr;
    for (const Throughput& row : probe.throughput)
      if (row.mode.empty() && (best == nullptr || row.bytes_per_s > best->bytes_per_s)) best = &row;
    if (best == nullptr) return std::nullopt;
    return Interval{best->low, best->bytes_per_s, best->high, best->rounds};
  }
  // A hand-over is one way between two spinning cores: half of a round trip that has no wake-up in it.
  const bool hand_over = claim.what == "hand-over";
  for (const RoundTrip& round : probe.round_trip) {
    if (round.mode != (hand_over ? "spinning" : "") || (claim.bytes != 0 && round.bytes != claim.bytes)) continue;
    const double scale = hand_over ? 0.5e-9 : 1e-9;
    Interval out{round.low_ns * scale, round.median_ns * scale, round.high_ns * scale, round.rounds_ns, round.samples};
    for (double& one : out.rounds) one *= scale;
    return out;
  }
  return std::nullopt;
}

// Rounds are interleaved, so that those of the same number met the host in the same state: their ratio holds where the
// figures themselves do not. Too few rounds: what the two intervals allow.
Interval ratio_of(const Interval& value, const Interval& divisor) {
  constexpr std::size_t fewest = 5;
  std::vector<double> ratios;
  for (std::size_t i = 0; i < std::min(value.rounds.size(), divisor.rounds.size()); ++i) ratios.push_back(value.rounds[i] / divisor.rounds[i]);
  if (ratios.size() < fewest) return {value.low / divisor.high, value.median / divisor.median, value.high / divisor.low};
  std::sort(ratios.begin(), ratios.end());
  const std::size_t upper = ratios.size() / 2, lower = (ratios.size() - 1) / 2;
  return {ratios.front(), (ratios[lower] + ratios[upper]) / 2, ratios.back()};
}

Verdict judge_figure(const Interval& value, const FigureClaim& claim) {
  const double least = claim.at_least.value_or(0);
  const double most = claim.at_most.value_or(std::max(value.high, value.median) * 2);
  if (value.low >= least && value.high <= most) return Verdict::confirmed;
  if (value.high < least / 1.5 || value.low > most * 1.5) return Verdict::refuted;
  return Verdict::inconclusive;
}

// A busy host slows a mechanism down and never speeds it up; of a ratio it may disturb either part.
bool could_be_disturbed(const FigureClaim& claim, const Interval& value) {
  if (!claim.over.empty()) return true;
  return claim.what == "throughput" ? value.high < claim.at_least.value_or(0) : claim.at_most && value.low > *claim.at_most;
}

void excuse(const ProbeResult& probe, ClaimVerdict& out) {
  const std::string disturbance = disturbance_of(probe);
  if (disturbance.empty() || out.verdict != word(Verdict::refuted)) return;
  out.verdict = word(Verdict::inconclusive);
  out.because += "; but " + disturbance;
}

void settle_figure(const FigureClaim& claim, const std::vector<ProbeResult>& probes, ClaimVerdict& out) {
  const ProbeResult* probe = measured(probes, claim.mechanism, out);
  const ProbeResult* over = probe == nullptr || claim.over.empty() ? probe : measured(probes, claim.over, out);
  if (probe == nullptr || over == nullptr) return;
  auto value = figure_of(*probe, claim);
  const auto divisor = figure_of(*over, claim);
  if (!value || !divisor) {
    out.because = fmt::format("{} at that size was not measured", claim.what);
    return;
  }
  const std::uint64_t fewest = value->samples;
  out.unit = claim.what == "throughput" ? "bytes/s" : "s";
  if (!claim.over.empty()) {
    out.unit = "times";
    value = ratio_of(*value, *divisor);
  }
  out.low = value->low;
  out.measured = value->median;
  out.high = value->high;
  out.verdict = word(judge_figure(*value, claim));
  out.because = claim.over.empty() ? fmt::format("{} of {}", claim.what, claim.mechanism)
                                   : fmt::format("{} of {} over that of {}", claim.what, claim.mechanism, claim.over);
  if (const std::uint64_t samples = std::min(fewest, divisor->samples); samples < fewest_samples) {
    out.verdict = word(Verdict::inconclusive);
    out.because += fmt::format("; only {} samples", samples);
  }
  if (out.verdict == word(Verdict::refuted) && could_be_disturbed(claim, *value))
    for (const ProbeResult* one : {probe, over}) excuse(*one, out);
}

void settle_trial(const std::string& name, const std::vector<ProbeResult>& probes, ClaimVerdict& out) {
  const auto slash = name.find('/');
  const ProbeResult* probe = measured(probes, name.substr(0, slash), out);
  if (probe == nullptr) return;
  out.because = fmt::format("no trial {} yet", name);
  for (const Trial& trial : probe->trials) {
    if (trial.id != name.substr(slash + 1)) continue;
    out.verdict = word(trial.verdict);
    out.because = trial.because;
    out.measured = trial.figure;
    out.unit = trial.unit;
  }
}

}  // namespace

std::vector<ClaimVerdict> settle_claims(const Rules& rules, const std::vector<ProbeResult>& probes) {
  std::vector<ClaimVerdict> out;
  for (const Claim& claim : rules.claims) {
    ClaimVerdict verdict;
    verdict.id = claim.id;
    verdict.says = claim.says;
    verdict.verdict = claim.settled_by == "probe" ? "not-run" : claim.settled_by;
    if (claim.figure) settle_figure(*claim.figure, probes, verdict);
    else if (!claim.trial.empty()) settle_trial(claim.trial, probes, verdict);
    else verdict.because = claim.settled_by == "rule" ? "it shapes decisions; a conformance case shows how" : "it cannot be seen on this host; " + claim.source;
    out.push_back(std::move(verdict));
  }
  return out;
}

}  // namespace ipc_advisor::engine
