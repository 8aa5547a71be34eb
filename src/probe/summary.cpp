// Rounds to figures: the median of the rounds' medians, with an interval that covers every round.
#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "probe/raw.hpp"
#include "probe/stats.hpp"

namespace ipc_advisor::probe {
namespace {

using Key = std::pair<std::string, std::uint64_t>;

RoundTrip summarise_slices(const Key& key, const std::vector<const Slice*>& slices) {
  RoundTrip out;
  out.mode = key.first;
  out.bytes = key.second;
  std::vector<double> medians, pooled;
  for (const Slice* slice : slices) {
    medians.push_back(median(slice->ns));
    pooled.insert(pooled.end(), slice->ns.begin(), slice->ns.end());
  }
  out.samples = pooled.size();
  out.median_ns = median(medians);
  // A host changes its state between rounds, so the rounds' spread is the honest interval (with six rounds it holds the
  // median of such rounds in 97 of 100 cases, by the sign test); within one round there is only that round's own.
  const auto [low, high] = std::minmax_element(medians.begin(), medians.end());
  const auto own = quantile(pooled, 0.5);
  out.low_ns = own ? std::min(*low, own->low) : *low;
  out.high_ns = own ? std::max(*high, own->high) : *high;
  if (const auto p99 = quantile(std::move(pooled), 0.99)) {
    out.p99_ns = p99->value;
    out.p99_low_ns = p99->low;
    out.p99_high_ns = p99->high;
  }
  return out;
}

void summarise_figures(const std::vector<const RawResult*>& rounds, ProbeResult& out) {
  std::map<Key, std::vector<const Slice*>> slices;
  std::map<std::uint64_t, std::vector<double>> flows;
  for (const RawResult* round : rounds) {
    for (const Slice& slice : round->slices)
      if (!slice.ns.empty()) slices[{slice.mode, slice.bytes}].push_back(&slice);
    for (const Flow& flow : round->flows) flows[flow.bytes].push_back(flow.bytes_per_s);
  }
  for (const auto& [key, list] : slices) out.round_trip.push_back(summarise_slices(key, list));
  for (const auto& [bytes, rates] : flows) {
    const auto [low, high] = std::minmax_element(rates.begin(), rates.end());
    out.throughput.push_back({bytes, median(rates), *low, *high});
  }
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
  if (out.end == ProbeEnd::measured) summarise_figures(measured, out);
  return out;
}

}  // namespace ipc_advisor::probe
