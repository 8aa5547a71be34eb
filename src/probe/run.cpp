// Trials first, then round trips at 64 bytes and at the channel's size, then flows.
#include "probe/run.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/os.hpp"
#include "probe/harness.hpp"

namespace ipc_advisor::probe {
namespace {

constexpr std::uint64_t sweep[] = {4096, 65536, 262144, 1048576};

class Round {
 public:
  Round(const Probe& probe, const Plan& plan, Place place, RawResult& out) : probe_(probe), plan_(plan), place_(std::move(place)), out_(out) {}

  Result<void> run() {
    const Placement placement = choose_placement();
    out_.placement = placement.words();
    place_.one_cpu = placement.client_cpu == placement.server_cpu;
    // Where there is nothing to try it on, no trial could say more.
    if (const auto link = probe_.prepare(place_); !link && link.error().kind == ErrorKind::not_found) return tl::unexpected(link.error());
    if (plan_.run_trials) run_trials();
    if (auto timed = time_all(placement); !timed) return timed;
    return probe_.flows ? flow_all(placement) : Result<void>{};
  }

 private:
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
      if (auto slice = time_one("", bytes, plan_.seconds * 0.5 / static_cast<double>(sizes.size()), placement); !slice) return slice;
    if (!plan_.all_modes) return {};
    for (const std::string_view mode : probe_.modes) {
      // A spinning end would burn its whole time slice before the other one may run.
      if (mode.empty() || (mode == "spinning" && place_.one_cpu)) continue;
      if (auto slice = time_one(mode, 64, plan_.seconds * 0.1, placement); !slice) return slice;
    }
    return {};
  }

  Result<void> time_one(std::string_view mode, std::uint64_t bytes, double seconds, const Placement& placement) {
    place_.mode = mode;
    auto slice = time_round_trips(probe_, place_, placement, bytes, seconds);
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
      auto flow = time_flow(probe_, place_, placement, bytes, plan_.seconds * 0.4 / static_cast<double>(sizes.size()));
      if (!flow) return tl::unexpected(flow.error());
      out_.flows.push_back(*flow);
    }
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
