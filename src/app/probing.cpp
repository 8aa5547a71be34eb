// Chooses what to probe, runs it or replays it, and sorts the results by channel.
#include "app/probing.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "app/output.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "engine/checks.hpp"
#include "engine/judge.hpp"
#include "probe/host.hpp"
#include "probe/probe.hpp"
#include "probe/supervisor.hpp"
#include "report/replay.hpp"

namespace ipc_advisor::app {
namespace {

// Time for one channel that leaves room for start-up within the second and a half that a channel may take.
constexpr double seconds_per_channel = 1.4;
constexpr std::size_t candidates_per_channel = 3;

std::vector<std::string> mechanisms_with_probe() {
  std::vector<std::string> ids;
  for (const probe::Probe* known : probe::all_probes()) ids.emplace_back(known->id);
  return ids;
}

std::vector<ProbeResult> run(std::vector<probe::Request> requests, double budget_s) {
  auto results = probe::supervise(std::move(requests), budget_s,
                                  [](std::string_view mechanism, int round) { show_progress(fmt::format("measuring {}, round {} …", mechanism, round + 1)); });
  clear_progress();
  return results;
}

// A number that the channel states, or `otherwise`.
double stated(const rules::Rules& rules, const Channel& channel, std::string_view id, double otherwise) {
  const auto index = rules.vocabulary.find(id);
  const auto* number = index ? std::get_if<double>(&channel.needs[*index].value) : nullptr;
  return number == nullptr ? otherwise : *number;
}

// Slower than the slowest here a 99th percentile would take longer than anybody waits; faster than the fastest there is no
// pause left to sleep in.
constexpr double slowest_pace = 2000, fastest_pace = 20000;

double paced_rate(const rules::Rules& rules, const Channel& channel) {
  const auto bursty = rules.vocabulary.find("bursty");
  const bool idles = bursty && channel.needs[*bursty].value == Value{true};
  const double rate = stated(rules, channel, "message-rate", idles ? slowest_pace : 0);
  return rate <= 0 || rate > fastest_pace ? 0 : std::max(rate, slowest_pace);
}

std::vector<probe::Request> requests_for(const rules::Rules& rules, const Decided& decided) {
  std::vector<std::string> mechanisms = engine::to_probe(decided.decision, mechanisms_with_probe(), candidates_per_channel);
  std::vector<probe::Request> requests;
  for (const std::string& mechanism : mechanisms) {
    probe::Request request{mechanism, {}, 1};
    constexpr double largest = 64.0 * 1024 * 1024;
    request.plan.message_bytes = static_cast<std::uint64_t>(std::min(stated(rules, *decided.channel, "message-size", 64), largest));
    request.plan.clients = static_cast<int>(std::clamp(stated(rules, *decided.channel, "max-clients", 64), 64.0, 1000.0));
    request.plan.trials = engine::trials_for(rules, *decided.channel);
    // Memory has several ways to wait and a torn write to show; elsewhere these ids mean nothing.
    // Paced as its users will meet it; the others follow only where the first is refuted. A channel that is always busy is
    // met back to back.
    const double rate = paced_rate(rules, *decided.channel);
    if (rate > 0 && requests.empty()) {
      request.plan.rate = rate;
      request.weight = 5;
    } else if (rate > 0) {
      request.most_rounds = 3;
    }
    for (const char* extra : {"spinning-ring", "sleeping-ring", "torn-write"}) request.plan.trials.emplace_back(extra);
    requests.push_back(std::move(request));
  }
  return requests;
}

Result<report::Recording> recorded(const Options& options) {
  const auto text = read_file(options.replay);
  if (!text) return tl::unexpected(text.error());
  auto recording = report::recording_from_report(*text);
  if (!recording) return fail(recording.error().kind, fmt::format("{}: {}", printable(options.replay), recording.error().message));
  return recording;
}

// A load average lags behind by a minute; what the probes themselves had to wait does not.
void warn_of_neighbours(Probed& probed) {
  double waited = 0;
  for (const auto& list : probed.by_channel)
    for (const ProbeResult& result : list) waited = std::max(waited, result.waited);
  if (waited > engine::busy_share)
    probed.host.warnings.push_back(fmt::format("other programs had a probe's CPU in up to {:.0f} % of the time: figures are disturbed and refute nothing", waited * 100));
}

}  // namespace

std::vector<ProbeResult> Probed::all() const {
  std::vector<ProbeResult> out;
  for (const auto& list : by_channel)
    for (const ProbeResult& result : list) {
      const bool there = std::any_of(out.begin(), out.end(), [&](const ProbeResult& other) { return other.mechanism == result.mechanism; });
      if (!there) out.push_back(result);
    }
  return out;
}

Result<Probed> results_for(const rules::Rules& rules, const std::vector<Decided>& decided, const Options& options) {
  Probed out;
  if (!options.replay.empty()) {
    const auto recording = recorded(options);
    if (!recording) return tl::unexpected(recording.error());
    out.host = recording->host;
    out.by_channel.assign(decided.size(), recording->probes);
    return out;
  }
  out.by_channel.resize(decided.size());
  if (!options.probe) return out;
  out.host = probe::read_host();
  const double each = options.budget_s > 0 ? options.budget_s / static_cast<double>(std::max<std::size_t>(decided.size(), 1)) : seconds_per_channel;
  for (std::size_t i = 0; i < decided.size(); ++i) out.by_channel[i] = run(requests_for(rules, decided[i]), each);
  warn_of_neighbours(out);
  return out;
}

Result<Probed> results_of_all(const Options& options, double default_budget_s) {
  Probed out;
  if (!options.replay.empty()) {
    auto recording = recorded(options);
    if (!recording) return tl::unexpected(recording.error());
    out.host = recording->host;
    const auto unnamed = [&](const ProbeResult& probe) { return std::find(options.mechanisms.begin(), options.mechanisms.end(), probe.mechanism) == options.mechanisms.end(); };
    if (!options.mechanisms.empty()) recording->probes.erase(std::remove_if(recording->probes.begin(), recording->probes.end(), unnamed), recording->probes.end());
    out.by_channel.push_back(std::move(recording->probes));
    return out;
  }
  out.host = probe::read_host();
  std::vector<probe::Request> requests;
  for (const std::string& mechanism : options.mechanisms.empty() ? mechanisms_with_probe() : options.mechanisms) {
    probe::Request request{mechanism, {}, 1};
    request.plan.message_bytes = options.size;
    request.plan.clients = options.clients;
    request.plan.growing = options.clients_asked;
    request.plan.together = options.together;
    requests.push_back(std::move(request));
  }
  out.by_channel.push_back(run(std::move(requests), options.budget_s > 0 ? options.budget_s : default_budget_s));
  warn_of_neighbours(out);
  return out;
}

}  // namespace ipc_advisor::app
