// One small function a part of the comparison. What is missing on one side is said, never taken for no change.
#include "engine/compare.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/text.hpp"
#include "base/units.hpp"

namespace ipc_advisor::engine {
namespace {

std::string or_none(const std::string& text) { return text.empty() ? "none" : printable(text); }

void add_difference(std::vector<std::string>& out, std::string_view what, const std::string& then, const std::string& now) {
  if (then != now) out.push_back(fmt::format("{}: {} then, {} now", what, or_none(then), or_none(now)));
}

std::string bytes_in_words(std::uint64_t bytes) { return format_quantity(static_cast<double>(bytes), Quantity::size); }

// Recordings that are older than the parameters have none; the sizes of their rows and their placement still tell.
std::string differences(const std::optional<Parameters>& then, const std::optional<Parameters>& now) {
  std::vector<std::string> out;
  if (!then || !now) return "";
  add_difference(out, "message size", bytes_in_words(then->message_bytes), bytes_in_words(now->message_bytes));
  add_difference(out, "clients", fmt::to_string(then->clients), fmt::to_string(now->clients));
  add_difference(out, "CPUs of the two ends", then->together ? "one" : "two", now->together ? "one" : "two");
  return join(out, ", ", ", ");
}

double rate_of(const ProbeResult& probe) { return probe.parameters ? probe.parameters->rate : 0; }

// ------------------------------------------------------------------ figures

template <typename Row>
const Row* same_row(const std::vector<Row>& rows, const Row& as) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.bytes == as.bytes && row.mode == as.mode; });
  return found == rows.end() ? nullptr : &*found;
}

class ProbeComparison {
 public:
  ProbeComparison(const ProbeResult& then, const ProbeResult& now, Comparison& out) : then_(then), now_(now), out_(out) {}

  void run() {
    for (const RoundTrip& row : now_.round_trip)
      // Another pace is another figure.
      if (const RoundTrip* old = same_row(then_.round_trip, row); old != nullptr && (row.mode != "paced" || rate_of(then_) == rate_of(now_))) add_round_trip(*old, row);
    for (const Throughput& row : now_.throughput)
      if (const Throughput* old = same_row(then_.throughput, row); old != nullptr)
        add("throughput", row.bytes, row.mode, "bytes/s", {old->low, old->bytes_per_s, old->high}, {row.low, row.bytes_per_s, row.high});
    for (const Trial& trial : now_.trials)
      for (const Trial& old : then_.trials)
        if (old.id == trial.id && old.verdict != trial.verdict) out_.trials.push_back({now_.mechanism, trial.id, {std::string(word(old.verdict)), std::string(word(trial.verdict))}});
  }

 private:
  static FigureInterval seconds(double low, double median, double high) { return {low * 1e-9, median * 1e-9, high * 1e-9}; }

  void add_round_trip(const RoundTrip& then, const RoundTrip& now) {
    add("round-trip", now.bytes, now.mode, "s", seconds(then.low_ns, then.median_ns, then.high_ns), seconds(now.low_ns, now.median_ns, now.high_ns));
    if (then.p99_ns && then.p99_low_ns && then.p99_high_ns && now.p99_ns && now.p99_low_ns && now.p99_high_ns)
      add("p99", now.bytes, now.mode, "s", seconds(*then.p99_low_ns, *then.p99_ns, *then.p99_high_ns), seconds(*now.p99_low_ns, *now.p99_ns, *now.p99_high_ns));
  }

  void add(std::string what, std::uint64_t bytes, const std::string& mode, std::string unit, const FigureInterval& then, const FigureInterval& now) {
    auto change = change_of(then, now, what == "p99" ? tail_drift : 1);
    if (!change) return;
    change->mechanism = now_.mechanism;
    change->what = std::move(what);
    change->bytes = bytes;
    change->mode = mode;
    change->unit = std::move(unit);
    out_.figures.push_back(std::move(*change));
  }

  const ProbeResult& then_;
  const ProbeResult& now_;
  Comparison& out_;
};

template <typename List>
auto find_mechanism(const List& list, std::string_view mechanism) {
  return std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.mechanism == mechanism; });
}

void compare_probes(const Report& then, const Report& now, Comparison& out) {
  std::size_t compared = 0;
  std::vector<std::string> reasons;
  for (const ProbeResult& probe : now.probes) {
    const auto old = find_mechanism(then.probes, probe.mechanism);
    if (old == then.probes.end()) {
      out.left_out.push_back(fmt::format("{}: not tried then", printable(probe.mechanism)));
      continue;
    }
    if (const std::string reason = differences(old->parameters, probe.parameters); !reason.empty()) {
      if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end()) reasons.push_back(reason);
      out.left_out.push_back(fmt::format("{}: {}", printable(probe.mechanism), reason));
      continue;
    }
    ++compared;
    if (old->end != probe.end) out.trials.push_back({probe.mechanism, "probe", {std::string(word(old->end)), std::string(word(probe.end))}});
    ProbeComparison(*old, probe, out).run();
  }
  for (const ProbeResult& old : then.probes)
    if (find_mechanism(now.probes, old.mechanism) == now.probes.end()) out.left_out.push_back(fmt::format("{}: not tried now", printable(old.mechanism)));
  if (compared > 0) return;
  // Nothing is left to compare. Where a decision went elsewhere that is its own news, and no fault of the file.
  if (!reasons.empty()) out.refused = std::move(reasons);
  else if (now.channels.empty()) out.refused = {"no mechanism was tried both times"};
  if (!out.refused.empty()) out.left_out.clear();
}

// ------------------------------------------------------------------ channels

std::string layers_in_words(const Decision& decision) {
  std::vector<std::string> parts;
  for (const Layer& layer : decision.layers) parts.push_back(fmt::format("{} {}{}", layer.kind, layer.value, layer.platform.empty() ? "" : " on " + layer.platform));
  return join(parts, ", ", ", ");
}

// The channel of that name in that file; of that name alone where the file goes by another name now.
const ChannelReport* find_channel(const std::vector<ChannelReport>& channels, const ChannelReport& as) {
  const ChannelReport* by_name = nullptr;
  std::size_t namesakes = 0;
  for (const ChannelReport& channel : channels) {
    if (channel.name != as.name) continue;
    if (channel.file == as.file) return &channel;
    by_name = &channel;
    ++namesakes;
  }
  return namesakes == 1 ? by_name : nullptr;
}

// Which answers on the way changed, and which thresholds.
std::vector<WordChange> answers_that_changed(const ChannelReport& then, const ChannelReport& now) {
  std::vector<WordChange> out;
  const auto add = [&](const std::string& need, const std::string& before, const std::string& after) {
    const bool known = std::any_of(out.begin(), out.end(), [&](const WordChange& one) { return one.what == need; });
    if (!known && before != after) out.push_back({"", need, {before, after}});
  };
  for (const TraceStep& step : now.decision.trace)
    for (const TraceStep& old : then.decision.trace)
      if (old.tree == step.tree && old.node == step.node) add(step.need, old.answer, step.answer);
  for (const Check& check : now.checks)
    for (const Check& old : then.checks)
      if (old.need == check.need && (old.wanted_number != check.wanted_number || (!check.wanted_number && old.wanted != check.wanted))) add(check.need, old.wanted, check.wanted);
  return out;
}

void compare_checks(const ChannelReport& then, const ChannelReport& now, ChannelChange& out) {
  out.verdict = {std::string(word(then.verdict)), std::string(word(now.verdict))};
  for (const Check& check : now.checks)
    for (const Check& old : then.checks) {
      if (old.need != check.need || old.mechanism != check.mechanism) continue;
      if (old.verdict != check.verdict) out.needs.push_back({check.mechanism, check.need, {std::string(word(old.verdict)), std::string(word(check.verdict))}});
      if (old.unit != check.unit || !old.low || !old.median || !old.high || !check.low || !check.median || !check.high) continue;
      // Every duration that a need is held against is a 99th percentile.
      auto change = change_of({*old.low, *old.median, *old.high}, {*check.low, *check.median, *check.high}, check.unit == "s" ? tail_drift : 1);
      if (!change) continue;
      change->mechanism = check.mechanism;
      change->what = check.need;
      change->unit = check.unit;
      out.figures.push_back(std::move(*change));
    }
}

ChannelChange compare_channel(const ChannelReport* then, const ChannelReport& now, bool verdicts_too) {
  ChannelChange out;
  out.name = now.name;
  out.file = now.file;
  out.mechanism.now = now.decision.mechanism;
  out.layers.now = layers_in_words(now.decision);
  out.added = then == nullptr;
  if (then == nullptr) return out;
  out.mechanism.then = then->decision.mechanism;
  out.layers.then = layers_in_words(then->decision);
  out.answers = answers_that_changed(*then, now);
  if (!verdicts_too) return out;
  out.left_out = then->decision.mechanism == now.decision.mechanism ? differences(then->parameters, now.parameters) : "";
  if (out.left_out.empty()) compare_checks(*then, now, out);
  return out;
}

void compare_channels(const Report& then, const Report& now, Comparison& out) {
  const bool verdicts_too = out.refused.empty() && out.unmeasured.empty();
  for (const ChannelReport& channel : now.channels) out.channels.push_back(compare_channel(find_channel(then.channels, channel), channel, verdicts_too));
  for (const ChannelReport& old : then.channels) {
    if (find_channel(now.channels, old) != nullptr) continue;
    ChannelChange gone;
    gone.name = old.name;
    gone.file = old.file;
    gone.removed = true;
    gone.mechanism.then = old.decision.mechanism;
    gone.layers.then = layers_in_words(old.decision);
    out.channels.push_back(std::move(gone));
  }
}

// Reports of different verbs hold different things.
std::string other_kind(const Report& then, const Report& now) {
  if (then.channels.empty() && !now.channels.empty()) return "it holds no decision";
  if (!then.channels.empty() && now.channels.empty()) return "it is a report of decisions, whose probes were told other things";
  return then.channels.empty() && then.probes.empty() ? "it holds no figures" : "";
}

bool was_probed(const Report& report) {
  return std::any_of(report.probes.begin(), report.probes.end(), [](const ProbeResult& probe) { return probe.end != ProbeEnd::not_run; });
}

}  // namespace

std::vector<std::string> differences(const Host& then, const Host& now) {
  std::vector<std::string> out;
  const auto quota = [](const Host& host) { return host.cpu_quota ? fmt::format("{:.2g} CPUs", *host.cpu_quota) : std::string(); };
  add_difference(out, "kernel", then.kernel, now.kernel);
  add_difference(out, "CPU model", then.cpu_model, now.cpu_model);
  add_difference(out, "usable CPUs", fmt::to_string(then.usable_cpus), fmt::to_string(now.usable_cpus));
  add_difference(out, "CPU quota", quota(then), quota(now));
  add_difference(out, "governor", then.governor, now.governor);
  add_difference(out, "hypervisor", then.hypervisor, now.hypervisor);
  add_difference(out, "container", then.container, now.container);
  return out;
}

std::optional<FigureChange> change_of(const FigureInterval& then, const FigureInterval& now, double drift) {
  const auto usable = [](const FigureInterval& one) { return one.low > 0 && one.low <= one.median && one.median <= one.high && std::isfinite(one.high); };
  if (!usable(then) || !usable(now)) return std::nullopt;
  FigureChange out;
  out.then = then;
  out.now = now;
  out.ratio = now.median / then.median;
  out.ratio_low = now.low / then.high / (drift * drift);
  out.ratio_high = now.high / then.low * (drift * drift);
  out.change = out.ratio_low > 1 ? FigureChange::Change::higher : out.ratio_high < 1 ? FigureChange::Change::lower : FigureChange::Change::none;
  return out;
}

Comparison compare(const Report& then, const Report& now, std::string with) {
  Comparison out;
  out.with = std::move(with);
  const auto rules = [](const Report& report) { return fmt::format("{} ({})", report.rules_version, report.rules_digest); };
  out.rules = {rules(then), rules(now)};
  if (std::string reason = other_kind(then, now); !reason.empty()) {
    out.refused = {std::move(reason)};
    return out;
  }
  if (!was_probed(now)) out.unmeasured = "nothing was measured now";
  else if (!was_probed(then)) out.unmeasured = "nothing was measured then";
  else out.refused = differences(then.host, now.host);
  if (out.refused.empty() && out.unmeasured.empty()) compare_probes(then, now, out);
  compare_channels(then, now, out);
  return out;
}

}  // namespace ipc_advisor::engine
