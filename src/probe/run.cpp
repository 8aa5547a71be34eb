// Trials first, then round trips at 64 bytes and at the channel's size, then flows.
#include "probe/run.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/os.hpp"
#include "probe/control.hpp"
#include "probe/crowd.hpp"
#include "probe/harness.hpp"

namespace ipc_advisor::probe {
namespace {

constexpr std::uint64_t sweep[] = {4096, 65536, 262144, 1048576};

class Round {
 public:
  Round(const Probe& probe, const Plan& plan, Place place, RawResult& out) : probe_(probe), plan_(plan), place_(std::move(place)), out_(out) {}

  Result<void> run() {
    if (plan_.together) pin_to(usable_cpus().front());
    const Placement placement = choose_placement();
    out_.placement = placement.words();
    out_.hop_ns = time_hop(placement);
    place_.one_cpu = placement.client_cpu == placement.server_cpu;
    // Where there is nothing to try it on, no trial could say more.
    if (const auto link = probe_.prepare(place_); !link && link.error().kind == ErrorKind::not_found) return tl::unexpected(link.error());
    if (plan_.run_trials) run_trials();
    out_.late_ns = time_wake_ups();
    const std::int64_t start = now_ns();
    const double waited = waited_ns();
    if (auto timed = time_all(placement); !timed) return timed;
    if (auto flowed = probe_.flows ? flow_all(placement) : Result<void>{}; !flowed) return flowed;
    if (auto crowded = time_crowds(placement); !crowded) return crowded;
    // Where both ends share a CPU each waits for the other, as it should.
    if (place_.one_cpu) return {};
    out_.waited = (waited_ns() - waited) / static_cast<double>(now_ns() - start);
    return plan_.all_modes ? time_sharing(placement.client_cpu) : Result<void>{};
  }

 private:
  // How the seconds are divided; only their proportions matter. A 99th percentile of paced messages takes patience.
  static constexpr double round_trips = 5, paced = 36, one_mode = 1, flows = 4, expert = 2, one_crowd = 2;

  double part(double share) const {
    double whole = round_trips + (plan_.rate > 0 ? paced : 0) + (probe_.flows ? flows : 0) + (probe_.tunable ? expert : 0);
    // Beside the probe's own modes both ends poll, or share a CPU.
    if (plan_.all_modes) whole += one_mode * static_cast<double>(probe_.modes.size() - 1 + (probe_.polls ? 1 : 0) + (place_.one_cpu ? 0 : 1));
    whole += one_crowd * static_cast<double>(crowds().size());
    return plan_.seconds * share / whole;
  }

  bool wanted(std::string_view id) const {
    return plan_.trials.empty() || std::find(plan_.trials.begin(), plan_.trials.end(), id) != plan_.trials.end();
  }

  void run_trials() {
    if (wanted("link")) out_.trials.push_back(try_payload(probe_, place_));
    for (const TrialSpec& trial : probe_.trials)
      if (wanted(trial.id)) out_.trials.push_back(trial.run(place_));
  }

  std::uint64_t fitting(std::uint64_t bytes) const {
    return probe_.largest_message == 0 ? bytes : std::min<std::uint64_t>(bytes, probe_.largest_message);
  }

  Result<void> time_all(const Placement& placement) {
    std::vector<std::uint64_t> sizes{64};
    if (fitting(plan_.message_bytes) != 64) sizes.push_back(fitting(plan_.message_bytes));
    for (const std::uint64_t bytes : sizes)
      if (auto slice = time_one("", bytes, part(round_trips) / static_cast<double>(sizes.size()), placement); !slice) return slice;
    if (plan_.rate > 0)
      if (auto slice = time_one("paced", fitting(plan_.message_bytes), part(paced), placement); !slice) return slice;
    if (!plan_.all_modes) return {};
    for (const std::string_view mode : probe_.modes) {
      // A spinning end would burn its whole time slice before the other one may run.
      if (mode.empty() || (mode == "spinning" && place_.one_cpu)) continue;
      // A host without IPv6, say, is measured without it; a trial says why.
      if (auto slice = time_one(mode, 64, part(one_mode), placement); !slice && slice.error().kind != ErrorKind::unsupported) return slice;
    }
    return probe_.polls && !place_.one_cpu ? time_one("busy-polled", 64, part(one_mode), placement) : Result<void>{};
  }

  // Both ends on one CPU, where two are usable.
  Result<void> time_sharing(int cpu) {
    place_.one_cpu = true;
    auto slice = time_one("one-cpu", 64, part(one_mode), {cpu, cpu});
    place_.one_cpu = false;
    return slice;
  }

  // 1, 2, 4 and so on, and the number that was asked for.
  std::vector<int> crowds() const {
    std::vector<int> out;
    if (!plan_.growing || !probe_.crowd) return out;
    for (int clients = 1; clients < plan_.clients; clients *= 2) out.push_back(clients);
    out.push_back(plan_.clients);
    return out;
  }

  Result<void> time_crowds(const Placement& placement) {
    for (const int clients : crowds()) {
      auto crowd = time_crowd(probe_.crowd(), place_, placement, clients, 64, part(one_crowd));
      if (!crowd) return tl::unexpected(crowd.error());
      out_.slices.push_back(std::move(crowd->slice));
      out_.flows.push_back(std::move(crowd->flow));
    }
    return {};
  }

  Result<void> time_one(std::string_view mode, std::uint64_t bytes, double seconds, const Placement& placement) {
    place_.mode = mode;
    auto slice = time_round_trips(probe_, place_, placement, bytes, seconds, mode == "paced" ? plan_.rate : 0);
    place_.mode.clear();
    if (!slice) return tl::unexpected(slice.error());
    out_.slices.push_back(std::move(*slice));
    return {};
  }

  Result<void> flow_all(const Placement& placement) {
    std::vector<std::uint64_t> sizes{fitting(std::max<std::uint64_t>(plan_.message_bytes, 64))};
    for (const std::uint64_t bytes : sweep)
      if (fitting(bytes) == bytes && bytes != sizes.front()) sizes.push_back(bytes);
    for (const std::uint64_t bytes : sizes) {
      auto flow = time_flow(probe_, place_, placement, bytes, part(flows) / static_cast<double>(sizes.size()));
      if (!flow) return tl::unexpected(flow.error());
      // Nothing but the last message came before the time was up: no rate follows from that.
      if (flow->bytes_per_s > 0) out_.flows.push_back(*flow);
    }
    return probe_.tunable ? flow_as_an_expert(placement) : Result<void>{};
  }

  // The buffers that move most, found by trying a few in turn, the kernel's own among them: which ones do differs between
  // mechanisms and hosts.
  Result<std::uint64_t> best_buffer(const Placement& placement, std::uint64_t bytes, double seconds) {
    static constexpr std::uint64_t tried[] = {0, 64 * 1024, 256 * 1024, 1024 * 1024};
    constexpr int times = 2;
    double most = 0;
    std::uint64_t best = tried[0];
    for (int time = 0; time < times; ++time)
      for (const std::uint64_t buffer : tried) {
        place_.buffer = buffer;
        const auto flow = time_flow(probe_, place_, placement, bytes, seconds / (times * std::size(tried)));
        if (!flow) return tl::unexpected(flow.error());
        if (flow->bytes_per_s > most) best = buffer;
        most = std::max(most, flow->bytes_per_s);
      }
    return best;
  }

  // As an expert would set it up, at the channel's size and those where buffers tell.
  Result<void> flow_as_an_expert(const Placement& placement) {
    place_.mode = "expert";
    const std::uint64_t usual = fitting(65536);
    const auto buffer = plan_.buffer ? Result<std::uint64_t>(*plan_.buffer) : best_buffer(placement, usual, part(expert) / 2);
    if (!buffer) return tl::unexpected(buffer.error());
    place_.buffer = *buffer;
    std::vector<std::uint64_t> sizes{fitting(plan_.message_bytes)};
    for (const std::uint64_t bytes : {usual, std::uint64_t{1048576}})
      if (fitting(bytes) == bytes && bytes != sizes.front()) sizes.push_back(bytes);
    for (const std::uint64_t bytes : sizes) {
      // Nobody waits for an answer; large writes have nothing to gain.
      place_.gather = bytes < 16384;
      auto flow = time_flow(probe_, place_, placement, bytes, part(expert) / 2 / static_cast<double>(sizes.size()));
      if (!flow) return tl::unexpected(flow.error());
      if (flow->bytes_per_s > 0) out_.flows.push_back(std::move(*flow));
    }
    place_.mode.clear();
    place_.buffer = 0;
    place_.gather = false;
    return {};
  }

  const Probe& probe_;
  const Plan& plan_;
  Place place_;
  RawResult& out_;
};

ProbeEnd end_for(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::not_found: return ProbeEnd::not_run;
    case ErrorKind::forbidden: case ErrorKind::unsupported: return ProbeEnd::unsupported;
    case ErrorKind::timed_out: return ProbeEnd::timed_out;
    default: return ProbeEnd::failed;
  }
}

}  // namespace

RawResult run_here(std::string_view mechanism, const Plan& plan) {
  RawResult out;
  out.mechanism = mechanism;
  const Probe* probe = find_probe(mechanism);
  if (probe == nullptr) {
    out.because = fmt::format("there is no probe for {}", mechanism);
    return out;
  }
  Result<void> done;
  if (auto folder = PrivateFolder::make(); !folder) {
    done = tl::unexpected(folder.error());
  } else {
    Place place;
    place.folder = folder->path();
    place.clients = plan.clients;
    done = Round(*probe, plan, std::move(place), out).run();
  }
  out.end = done ? ProbeEnd::measured : end_for(done.error().kind);
  if (!done) out.because = done.error().message;
  return out;
}

}  // namespace ipc_advisor::probe
