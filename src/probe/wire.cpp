// JSON of plans, rounds and results. nlohmann's exceptions end here.
#include "probe/wire.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "probe/raw.hpp"

namespace ipc_advisor {

// Found by nlohmann through argument-dependent look-up.
static void to_json(nlohmann::ordered_json& out, const Trial& trial) {
  out = {{"id", trial.id}, {"verdict", word(trial.verdict)}, {"because", trial.because}};
  if (!trial.figure) return;
  out["figure"] = *trial.figure;
  out["unit"] = trial.unit;
}

static void from_json(const nlohmann::ordered_json& in, Trial& trial) {
  trial.id = in.at("id").get<std::string>();
  trial.verdict = verdict_of(in.at("verdict").get<std::string>()).value_or(Verdict::inconclusive);
  trial.because = in.value("because", "");
  if (in.contains("figure")) trial.figure = in.at("figure").get<double>();
  trial.unit = in.value("unit", "");
}

namespace probe {

using nlohmann::ordered_json;

static void to_json(ordered_json& out, const Slice& slice) { out = {{"bytes", slice.bytes}, {"mode", slice.mode}, {"ns", slice.ns}, {"switches", slice.switches}, {"late_ns", slice.late_ns}}; }
static void from_json(const ordered_json& in, Slice& slice) {
  slice = {in.at("bytes").get<std::uint64_t>(), in.at("mode").get<std::string>(), in.at("ns").get<std::vector<double>>(), in.value("switches", 0.0), in.value("late_ns", std::vector<double>{})};
}
static void to_json(ordered_json& out, const Flow& flow) { out = {{"bytes", flow.bytes}, {"bytes_per_s", flow.bytes_per_s}, {"mode", flow.mode}, {"buffer", flow.buffer}}; }
static void from_json(const ordered_json& in, Flow& flow) { flow = {in.at("bytes").get<std::uint64_t>(), in.at("bytes_per_s").get<double>(), in.value("mode", ""), in.value("buffer", std::uint64_t{0})}; }

namespace {

template <typename Read>
auto guarded(std::string_view what, Read read) -> Result<decltype(read())> {
  try {
    return read();
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorKind::usage, fmt::format("{} cannot be read: {}", what, error.what()));
  }
}

ProbeEnd end_of(const ordered_json& in) {
  const auto text = in.at("end").get<std::string>();
  const auto end = probe_end_of(text);
  // An unknown word must never pass for a measured one.
  return end.value_or(ProbeEnd::failed);
}

void set(ordered_json& out, const char* key, const std::optional<double>& value) {
  if (value) out[key] = *value;
}

std::optional<double> get(const ordered_json& in, const char* key) {
  const auto found = in.find(key);
  if (found == in.end() || found->is_null()) return std::nullopt;
  return found->get<double>();
}

ordered_json round_trip_json(const RoundTrip& round) {
  ordered_json out = {{"bytes", round.bytes}, {"median_ns", round.median_ns}, {"low_ns", round.low_ns}, {"high_ns", round.high_ns}};
  set(out, "p99_ns", round.p99_ns);
  set(out, "p99_low_ns", round.p99_low_ns);
  set(out, "p99_high_ns", round.p99_high_ns);
  out["samples"] = round.samples;
  if (!round.mode.empty()) out["mode"] = round.mode;
  out["switches"] = round.switches;
  out["outliers"] = round.outliers;
  out["rounds_ns"] = round.rounds_ns;
  out["states"] = ordered_json::array();
  for (const HostState& state : round.states) out["states"].push_back({{"hop_ns", state.hop_ns}, {"median_ns", state.median_ns}, {"rounds", state.rounds}});
  return out;
}

RoundTrip round_trip_of(const ordered_json& in) {
  RoundTrip out;
  out.bytes = in.at("bytes").get<std::uint64_t>();
  out.median_ns = in.at("median_ns").get<double>();
  out.low_ns = in.at("low_ns").get<double>();
  out.high_ns = in.at("high_ns").get<double>();
  out.p99_ns = get(in, "p99_ns");
  out.p99_low_ns = get(in, "p99_low_ns");
  out.p99_high_ns = get(in, "p99_high_ns");
  out.samples = in.value("samples", std::uint64_t{0});
  out.mode = in.value("mode", "");
  out.switches = in.value("switches", 0.0);
  out.outliers = in.value("outliers", std::uint64_t{0});
  out.rounds_ns = in.value("rounds_ns", std::vector<double>{});
  for (const auto& state : in.value("states", ordered_json::array()))
    out.states.push_back({state.at("hop_ns").get<double>(), state.at("median_ns").get<double>(), state.at("rounds").get<std::size_t>()});
  return out;
}

Parameters parameters_of(const ordered_json& in) {
  return {in.at("message_bytes").get<std::uint64_t>(), in.at("clients").get<int>(), in.at("rate").get<double>(), in.at("together").get<bool>()};
}

ordered_json parameters_json(const Parameters& parameters) {
  return {{"message_bytes", parameters.message_bytes}, {"clients", parameters.clients}, {"rate", parameters.rate}, {"together", parameters.together}};
}

ProbeResult result_of(const ordered_json& in) {
  ProbeResult out;
  out.mechanism = in.at("mechanism").get<std::string>();
  out.end = end_of(in);
  out.because = in.value("because", "");
  out.placement = in.value("placement", "");
  for (const auto& round : in.value("round_trip", ordered_json::array())) out.round_trip.push_back(round_trip_of(round));
  for (const auto& row : in.value("throughput", ordered_json::array()))
    out.throughput.push_back({row.at("bytes").get<std::uint64_t>(), row.at("bytes_per_s").get<double>(), row.at("low").get<double>(), row.at("high").get<double>(), row.value("mode", ""), row.value("rounds", std::vector<double>{}), row.value("buffer", std::uint64_t{0})});
  for (const auto& trial : in.value("trials", ordered_json::array())) out.trials.push_back(trial.get<Trial>());
  out.waited = in.value("waited", 0.0);
  out.late_p99_ns = get(in, "late_p99_ns");
  if (in.contains("parameters")) out.parameters = parameters_of(in.at("parameters"));
  return out;
}

}  // namespace

std::string to_json(const ProbeResult& result) {
  ordered_json out = {{"mechanism", result.mechanism}, {"end", word(result.end)}, {"because", result.because}, {"placement", result.placement}};
  out["round_trip"] = ordered_json::array();
  for (const RoundTrip& round : result.round_trip) out["round_trip"].push_back(round_trip_json(round));
  out["throughput"] = ordered_json::array();
  for (const Throughput& row : result.throughput) {
    out["throughput"].push_back({{"bytes", row.bytes}, {"bytes_per_s", row.bytes_per_s}, {"low", row.low}, {"high", row.high}, {"rounds", row.rounds}});
    if (!row.mode.empty()) out["throughput"].back()["mode"] = row.mode;
    if (row.buffer > 0) out["throughput"].back()["buffer"] = row.buffer;
  }
  out["trials"] = result.trials;
  out["waited"] = result.waited;
  set(out, "late_p99_ns", result.late_p99_ns);
  if (result.parameters) out["parameters"] = parameters_json(*result.parameters);
  return out.dump();
}

Result<ProbeResult> probe_result_from_json(std::string_view text) {
  return guarded("the probe's result", [&] { return result_of(ordered_json::parse(text)); });
}

std::string to_json(const Parameters& parameters) { return parameters_json(parameters).dump(); }

Result<Parameters> parameters_from_json(std::string_view text) {
  return guarded("what the probe was told", [&] { return parameters_of(ordered_json::parse(text)); });
}

std::string to_json(const Plan& plan) {
  ordered_json out{{"message_bytes", plan.message_bytes}, {"clients", plan.clients},       {"seconds", plan.seconds}, {"trial_seconds", plan.trial_seconds}, {"rate", plan.rate}, {"growing", plan.growing}, {"together", plan.together},
                      {"run_trials", plan.run_trials},       {"all_modes", plan.all_modes}, {"trials", plan.trials}};
  if (plan.buffer) out["buffer"] = *plan.buffer;
  return out.dump();
}

Result<Plan> plan_from_json(std::string_view text) {
  return guarded("the plan", [&] {
    const auto in = ordered_json::parse(text);
    Plan plan;
    plan.message_bytes = in.value("message_bytes", plan.message_bytes);
    plan.clients = in.value("clients", plan.clients);
    plan.seconds = in.value("seconds", plan.seconds);
    plan.trial_seconds = in.value("trial_seconds", plan.trial_seconds);
    plan.rate = in.value("rate", plan.rate);
    plan.growing = in.value("growing", plan.growing);
    plan.together = in.value("together", plan.together);
    plan.run_trials = in.value("run_trials", plan.run_trials);
    plan.all_modes = in.value("all_modes", plan.all_modes);
    if (in.contains("buffer")) plan.buffer = in.at("buffer").get<std::uint64_t>();
    plan.trials = in.value("trials", plan.trials);
    return plan;
  });
}

std::string to_json(const RawResult& raw) {
  return ordered_json{{"mechanism", raw.mechanism}, {"end", word(raw.end)}, {"because", raw.because}, {"placement", raw.placement}, {"hop_ns", raw.hop_ns}, {"waited", raw.waited}, {"late_ns", raw.late_ns},
                      {"slices", raw.slices},       {"flows", raw.flows},   {"trials", raw.trials}}
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<RawResult> raw_from_json(std::string_view text) {
  return guarded("the round", [&] {
    const auto in = ordered_json::parse(text);
    RawResult raw;
    raw.mechanism = in.at("mechanism").get<std::string>();
    raw.end = end_of(in);
    raw.because = in.value("because", "");
    raw.placement = in.value("placement", "");
    raw.hop_ns = in.value("hop_ns", 0.0);
    raw.waited = in.value("waited", 0.0);
    raw.late_ns = in.value("late_ns", std::vector<double>{});
    raw.slices = in.at("slices").get<std::vector<Slice>>();
    raw.flows = in.at("flows").get<std::vector<Flow>>();
    raw.trials = in.at("trials").get<std::vector<Trial>>();
    return raw;
  });
}

}  // namespace probe
}  // namespace ipc_advisor
