// Figures against needs. One whose interval straddles what is wanted is inconclusive, never rounded to a yes.
#include "engine/checks.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/units.hpp"
#include "engine/complete.hpp"

namespace ipc_advisor::engine {

using rules::Facts;
using rules::NeedCheck;
using rules::Rules;
using rules::Truth;

namespace {

// Checks are for what somebody asked for; an assumption is not held against the host.
bool applies(const NeedCheck& check, const std::vector<Need>& needs) {
  const Need& need = needs[check.need];
  const bool stated = is_known(need.value) && need.origin.kind != OriginKind::assumed;
  return stated && check.when.evaluate(Facts{needs, "", ""}) == Truth::yes;
}

// The round trip nearest to the channel's size, in the headline mode unless another is named.
const RoundTrip* round_trip_at(const ProbeResult& probe, double bytes, std::string_view mode = "") {
  const RoundTrip* best = nullptr;
  for (const RoundTrip& round : probe.round_trip) {
    if (round.mode != mode) continue;
    const auto gap = [&](const RoundTrip& r) { return std::abs(std::log((static_cast<double>(r.bytes) + 1) / (bytes + 1))); };
    if (best == nullptr || gap(round) < gap(*best)) best = &round;
  }
  return best;
}

struct Range {
  double low, median, high;
};

void hold(Check& check, const Range& range, bool less_is_good) {
  check.low = range.low;
  check.median = range.median;
  check.high = range.high;
  const double wanted = check.wanted_number.value_or(0);
  const bool good = less_is_good ? range.high <= wanted : range.low >= wanted;
  const bool bad = less_is_good ? range.low > wanted : range.high < wanted;
  check.verdict = good ? Verdict::confirmed : bad ? Verdict::refuted : Verdict::inconclusive;
}

// A host that was busy with something else, or whose bare sleeps were as late as what is wanted, refutes no mechanism,
// unless what is wanted lies beyond what the disturbance can explain. `usual` is the median of what was measured.
void excuse(Check& check, const ProbeResult& probe, double usual) {
  if (check.verdict != Verdict::refuted) return;
  const double wanted = check.wanted_number.value_or(0), late = probe.late_p99_ns.value_or(0) * 1e-9;
  const bool duration = check.unit == "s";
  // Each end had the rest of the time to itself; a wake-up can wait for a whole turn of another program, so that a duration
  // has no such bound.
  const bool within_reach = duration || check.high.value_or(0) / ((1 - probe.waited) * (1 - probe.waited)) >= wanted;
  const std::string disturbance = disturbance_of(probe);
  if (!disturbance.empty() && within_reach) {
    check.because += "; but " + disturbance;
  } else if (duration && usual <= wanted && late > wanted / 2) {
    // One late wake-up in a hundred moves a percentile, and no median.
    check.because += fmt::format("; but one in a hundred bare sleeps on this host ended {} late too", format_quantity(late, Quantity::duration));
  } else {
    return;
  }
  check.verdict = Verdict::inconclusive;
}

void check_latency(Check& check, const ProbeResult& probe, double bytes) {
  const RoundTrip* paced = round_trip_at(probe, bytes, "paced");
  const RoundTrip* round = paced != nullptr ? paced : round_trip_at(probe, bytes);
  check.unit = "s";
  if (round == nullptr) {
    check.because = "no round trip was measured";
  } else if (!round->p99_ns) {
    check.because = fmt::format("only {} round trips at {} bytes: too few for a 99th percentile", round->samples, round->bytes);
    check.verdict = Verdict::inconclusive;
  } else {
    hold(check, {round->p99_low_ns.value_or(*round->p99_ns) * 1e-9, *round->p99_ns * 1e-9, round->p99_high_ns.value_or(*round->p99_ns) * 1e-9}, true);
    check.because = fmt::format("99 of 100 round trips at {}{}, {} samples", format_quantity(static_cast<double>(round->bytes), Quantity::size),
                                paced != nullptr ? ", with pauses as in use" : "", round->samples);
    excuse(check, probe, round->median_ns * 1e-9);
  }
}

void check_rate(Check& check, const ProbeResult& probe, double bytes, bool two_way) {
  const RoundTrip* round = round_trip_at(probe, bytes);
  check.unit = "/s";
  if (round == nullptr || round->median_ns <= 0) {
    check.because = "no round trip was measured";
    return;
  }
  hold(check, {1e9 / round->high_ns, 1e9 / round->median_ns, 1e9 / round->low_ns}, false);
  check.because = fmt::format("{} at {}, one after the other", two_way ? "round trips" : "acknowledged messages",
                              format_quantity(static_cast<double>(round->bytes), Quantity::size));
  if (round->samples < fewest_samples) {
    check.because += fmt::format("; only {} samples", round->samples);
    check.verdict = Verdict::inconclusive;
  }
  // One after the other is the least that a channel does; a sender that does not wait gets what throughput says.
  if (check.verdict == Verdict::refuted && !two_way) check.verdict = Verdict::inconclusive;
  excuse(check, probe, check.median.value_or(0));
}

void check_throughput(Check& check, const ProbeResult& probe, double bytes) {
  check.unit = "bytes/s";
  const Throughput* best = nullptr;
  // Users get the defaults.
  for (const Throughput& row : probe.throughput)
    if (row.mode.empty() && (best == nullptr || std::abs(std::log((static_cast<double>(row.bytes) + 1) / (bytes + 1))) <
                               std::abs(std::log((static_cast<double>(best->bytes) + 1) / (bytes + 1)))))
      best = &row;
  if (best == nullptr) {
    check.because = "no throughput was measured";
    return;
  }
  hold(check, {best->low, best->bytes_per_s, best->high}, false);
  check.because = fmt::format("one way in writes of {}", format_quantity(static_cast<double>(best->bytes), Quantity::size));
  excuse(check, probe, check.median.value_or(0));
}

void check_trial(Check& check, const ProbeResult& probe, const std::string& id) {
  for (const Trial& trial : probe.trials) {
    if (trial.id != id) continue;
    check.verdict = trial.verdict;
    check.because = trial.because;
    if (trial.figure) {
      check.median = trial.figure;
      check.unit = trial.unit;
    }
    return;
  }
  check.because = fmt::format("the probe has no trial \"{}\"", id);
}

double size_of(const Rules& rules, const std::vector<Need>& needs) {
  const auto index = rules.vocabulary.find("message-size");
  const auto* bytes = index ? std::get_if<double>(&needs[*index].value) : nullptr;
  return bytes == nullptr ? 64 : *bytes;
}

bool is_two_way(const Rules& rules, const std::vector<Need>& needs) {
  const auto index = rules.vocabulary.find("direction");
  return index && needs[*index].value == Value{std::string("two-way")};
}

Check payload_check(std::string_view mechanism, const ProbeResult& probe) {
  Check check;
  check.need = "content";
  check.mechanism = mechanism;
  check.wanted = "payload intact";
  check_trial(check, probe, "link");
  return check;
}

}  // namespace

std::string disturbance_of(const ProbeResult& probe) {
  return probe.waited > busy_share ? fmt::format("other programs had the CPU in {:.0f} % of the time", probe.waited * 100) : "";
}

std::vector<std::string> trials_for(const Rules& rules, const Channel& channel) {
  const std::vector<Need> needs = complete(rules, channel.needs);
  std::vector<std::string> out{"link"};
  for (const NeedCheck& check : rules.checks)
    if (!check.trial.empty() && applies(check, needs) && std::find(out.begin(), out.end(), check.trial) == out.end()) out.push_back(check.trial);
  return out;
}

std::vector<Check> checks_of(const Rules& rules, const Channel& channel, std::string_view mechanism, const ProbeResult* probe) {
  const std::vector<Need> needs = complete(rules, channel.needs);
  const double bytes = size_of(rules, needs);
  const bool measured = probe != nullptr && probe->end == ProbeEnd::measured;
  std::vector<Check> checks;
  if (measured) checks.push_back(payload_check(mechanism, *probe));
  for (const NeedCheck& rule : rules.checks) {
    if (!applies(rule, needs)) continue;
    const rules::NeedDef& def = rules.vocabulary[rule.need];
    Check check;
    check.need = def.id;
    check.mechanism = mechanism;
    check.wanted = rules::format_value(def, needs[rule.need].value);
    if (const auto* number = std::get_if<double>(&needs[rule.need].value)) check.wanted_number = *number;
    check.timing = !rule.figure.empty();
    if (!measured) check.because = probe == nullptr ? "not probed" : probe->because;
    else if (rule.figure == "latency") check_latency(check, *probe, bytes);
    else if (rule.figure == "message-rate") check_rate(check, *probe, bytes, is_two_way(rules, needs));
    else if (rule.figure == "throughput") check_throughput(check, *probe, bytes);
    else check_trial(check, *probe, rule.trial);
    checks.push_back(std::move(check));
  }
  return checks;
}

}  // namespace ipc_advisor::engine
