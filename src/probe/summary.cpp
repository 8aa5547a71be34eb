// Rounds to figures: the median of the rounds' medians, with an interval that covers every round and what no run can see.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <map>
#include <tuple>

#include "probe/raw.hpp"
#include "probe/stats.hpp"

namespace ipc_advisor::probe {
namespace {

using Key = std::pair<std::string, std::uint64_t>;

// "8 clients" before "16 clients".
struct InOrder {
  bool operator()(const Key& a, const Key& b) const {
    const auto number = [](const Key& key) { return std::strtol(key.first.c_str(), nullptr, 10); };
    return std::tuple(number(a), a) < std::tuple(number(b), b);
  }
};

// A run sees the host for some seconds, and the host drifts over minutes. What that adds cannot be computed from the run's
// own samples: it is an uncertainty of type B (JCGM 100:2008, 4.3), taken from whole runs repeated over minutes, of which
// `./dev bench calibrate` makes twenty. With it 19 of 20 intervals or more hold the median of all runs.
constexpr double drift = 0.12;

// The samples' own uncertainty and the drift's, as independent ones add up (JCGM 100:2008, 5.1.2).
double with_drift(double own, double value) { return std::hypot(own, drift * value); }

// A slice and the state that the host was in when it was taken.
struct Labelled {
  const Slice* slice;
  double hop_ns;
};

// Two states where the CPUs were once much farther apart than at another time; the border is the widest gap.
std::vector<HostState> states_of(std::vector<Labelled> slices) {
  // No cache line takes that long: something else ran on one of the CPUs, which says nothing of the host's state.
  constexpr double disturbed_ns = 5000;
  std::erase_if(slices, [](const Labelled& one) { return one.hop_ns <= 0 || one.hop_ns > disturbed_ns; });
  std::sort(slices.begin(), slices.end(), [](const Labelled& a, const Labelled& b) { return a.hop_ns < b.hop_ns; });
  constexpr double another_state = 1.5;
  if (slices.size() < 2 || slices.back().hop_ns < another_state * slices.front().hop_ns) return {};
  std::size_t border = 1;
  for (std::size_t i = 1; i < slices.size(); ++i)
    if (slices[i].hop_ns / slices[i - 1].hop_ns > slices[border].hop_ns / slices[border - 1].hop_ns) border = i;
  std::vector<HostState> out;
  for (const auto& [begin, end] : {std::pair(std::size_t{0}, border), std::pair(border, slices.size())}) {
    std::vector<double> hops, medians;
    for (std::size_t i = begin; i < end; ++i) {
      hops.push_back(slices[i].hop_ns);
      medians.push_back(median(slices[i].slice->ns));
    }
    out.push_back({median(hops), median(medians), end - begin});
  }
  return out;
}

// Beyond the upper outer fence (Tukey, Exploratory Data Analysis, chapter 2). They are counted and kept: users meet them.
std::uint64_t count_outliers(const std::vector<double>& sorted) {
  const double lower = sorted[sorted.size() / 4], upper = sorted[sorted.size() * 3 / 4];
  const auto first = std::upper_bound(sorted.begin(), sorted.end(), upper + 3 * (upper - lower));
  return static_cast<std::uint64_t>(sorted.end() - first);
}

std::size_t usual_count(const std::vector<Labelled>& slices) {
  std::vector<double> counts;
  for (const auto& [slice, hop_ns] : slices) counts.push_back(static_cast<double>(slice->ns.size()));
  return std::max<std::size_t>(static_cast<std::size_t>(median(std::move(counts))), 1);
}

RoundTrip summarise_slices(const Key& key, const std::vector<Labelled>& slices) {
  RoundTrip out;
  out.mode = key.first;
  out.bytes = key.second;
  std::vector<double> medians, pooled, switches;
  const std::size_t at_most = usual_count(slices);
  for (const auto& [slice, hop_ns] : slices) {
    medians.push_back(median(slice->ns));
    switches.push_back(slice->switches);
    out.samples += slice->ns.size();
    // A slice from a fast state has more samples than others; thinned evenly, none outweighs the rest in a percentile.
    const std::size_t step = (slice->ns.size() + at_most - 1) / at_most;
    for (std::size_t i = 0; i < slice->ns.size(); i += step) pooled.push_back(slice->ns[i]);
  }
  std::sort(pooled.begin(), pooled.end());
  out.outliers = count_outliers(pooled);
  out.median_ns = median(medians);
  out.switches = median(switches);
  out.states = states_of(slices);
  // A host changes its state between rounds, so the rounds' spread is the honest interval (with six rounds it holds the
  // median of such rounds in 97 of 100 cases, by the sign test); within one round there is only that round's own.
  const auto [low, high] = std::minmax_element(medians.begin(), medians.end());
  const auto own = quantile(pooled, 0.5);
  out.low_ns = (own ? std::min(*low, own->low) : *low) * (1 - drift);
  out.high_ns = (own ? std::max(*high, own->high) : *high) * (1 + drift);
  // Rounds so unlike that the pool's percentile lies below the rounds' median have none in common.
  if (const auto p99 = quantile(std::move(pooled), 0.99); p99 && p99->value >= out.median_ns) {
    out.p99_ns = p99->value;
    out.p99_low_ns = p99->value - with_drift(p99->value - p99->low, p99->value);
    out.p99_high_ns = p99->value + with_drift(p99->high - p99->value, p99->value);
  }
  out.rounds_ns = std::move(medians);
  return out;
}

void summarise_figures(const std::vector<const RawResult*>& rounds, ProbeResult& out) {
  std::map<Key, std::vector<Labelled>, InOrder> slices;
  std::map<Key, std::vector<double>, InOrder> flows;
  std::map<Key, std::uint64_t> buffers;
  for (const RawResult* round : rounds) {
    for (const Slice& slice : round->slices)
      if (!slice.ns.empty()) slices[{slice.mode, slice.bytes}].push_back({&slice, round->hop_ns});
    for (const Flow& flow : round->flows) {
      flows[{flow.mode, flow.bytes}].push_back(flow.bytes_per_s);
      buffers[{flow.mode, flow.bytes}] = flow.buffer;
    }
  }
  for (const auto& [key, list] : slices) out.round_trip.push_back(summarise_slices(key, list));
  for (const auto& [key, rates] : flows) {
    const auto [low, high] = std::minmax_element(rates.begin(), rates.end());
    out.throughput.push_back({key.second, median(rates), *low * (1 - drift), *high * (1 + drift), key.first, rates, buffers[key]});
  }
}

// The controls: what the host did to a program that used no mechanism at all.
void summarise_controls(const std::vector<const RawResult*>& rounds, ProbeResult& out) {
  std::vector<double> waits, late;
  for (const RawResult* round : rounds) {
    waits.push_back(round->waited);
    late.insert(late.end(), round->late_ns.begin(), round->late_ns.end());
    for (const Slice& slice : round->slices) late.insert(late.end(), slice.late_ns.begin(), slice.late_ns.end());
  }
  if (!waits.empty()) out.waited = median(waits);
  if (late.empty()) return;
  std::sort(late.begin(), late.end());
  out.late_p99_ns = late[static_cast<std::size_t>(std::ceil(0.99 * static_cast<double>(late.size()))) - 1];
}

// Later rounds repeat no trials, so the first word on each stands.
void collect_trials(const std::vector<RawResult>& rounds, ProbeResult& out) {
  for (const RawResult& round : rounds)
    for (const Trial& trial : round.trials) {
      const bool known = std::any_of(out.trials.begin(), out.trials.end(), [&](const Trial& other) { return other.id == trial.id; });
      if (!known) out.trials.push_back(trial);
    }
}

}  // namespace

ProbeResult summarise(const std::vector<RawResult>& rounds) {
  ProbeResult out;
  if (rounds.empty()) return out;
  out.mechanism = rounds.front().mechanism;
  out.end = ProbeEnd::measured;
  std::vector<const RawResult*> measured;
  for (const RawResult& round : rounds) {
    if (!round.placement.empty()) out.placement = round.placement;
    if (round.end == ProbeEnd::measured) {
      measured.push_back(&round);
    } else if (out.end == ProbeEnd::measured) {
      out.end = round.end;
      out.because = round.because;
    }
  }
  collect_trials(rounds, out);
  if (measured.size() > 2) measured.erase(measured.begin());
  if (out.end != ProbeEnd::measured) return out;
  summarise_figures(measured, out);
  summarise_controls(measured, out);
  return out;
}

bool is_steady(const std::vector<RawResult>& rounds) {
  constexpr std::size_t fewest = 6;
  constexpr double width = 0.05;
  if (rounds.size() < fewest) return false;
  const ProbeResult result = summarise(rounds);
  const auto steady = [](const RoundTrip& round) {
    if (!round.mode.empty() && round.mode != "paced") return true;
    return round.p99_ns && round.low_ns >= round.median_ns * (1 - width) * (1 - drift) && round.high_ns <= round.median_ns * (1 + width) * (1 + drift);
  };
  return result.end == ProbeEnd::measured && std::all_of(result.round_trip.begin(), result.round_trip.end(), steady);
}

}  // namespace ipc_advisor::probe
