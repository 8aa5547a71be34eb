// Reads what json.cpp wrote. Whatever is of another type than it should be is an error; nothing is guessed.
#include "report/replay.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "probe/wire.hpp"
#include "report/words.hpp"

namespace ipc_advisor::report {

namespace {

using nlohmann::ordered_json;

// The library starts its messages with its own error number in brackets.
std::string_view without_library_prefix(std::string_view message) {
  const auto end = message.find("] ");
  return message.starts_with('[') && end != std::string_view::npos ? message.substr(end + 2) : message;
}

std::optional<double> number(const ordered_json& in, const char* key) {
  const auto found = in.find(key);
  return found == in.end() || found->is_null() ? std::nullopt : std::optional(found->get<double>());
}

Host host_of(const ordered_json& in) {
  Host host;
  host.kernel = in.value("kernel", "");
  host.cpu_model = in.value("cpu_model", "");
  host.usable_cpus = in.value("usable_cpus", 0);
  host.cpu_quota = number(in, "cpu_quota");
  host.governor = in.value("governor", "");
  host.hypervisor = in.value("hypervisor", "");
  host.container = in.value("container", "");
  host.load_1min = in.value("load_1min", 0.0);
  const ordered_json limits = in.value("limits", ordered_json::object());
  for (const auto& [name, value] : limits.items()) host.limits.emplace_back(name, value.get<std::string>());
  host.warnings = in.value("warnings", std::vector<std::string>{});
  return host;
}

// What is wrong with an entry is an exception here too, so that one place turns them all into words.
struct Unreadable {
  std::string why;
};

Verdict verdict_from(const ordered_json& in) {
  const auto text = in.at("verdict").get<std::string>();
  const auto verdict = verdict_of(text);
  if (!verdict) throw Unreadable{fmt::format("\"{}\" is no verdict", printable(text))};
  return *verdict;
}

Check check_of(const ordered_json& in) {
  Check check;
  check.need = in.at("need").get<std::string>();
  check.mechanism = in.at("mechanism").get<std::string>();
  check.unit = in.at("unit").get<std::string>();
  if (in.at("wanted").is_number()) check.wanted_number = in.at("wanted").get<double>();
  check.wanted = check.wanted_number ? measured(check.wanted_number, check.unit) : in.at("wanted").get<std::string>();
  check.low = number(in, "low");
  check.median = number(in, "median");
  check.high = number(in, "high");
  check.verdict = verdict_from(in);
  return check;
}

ChannelReport channel_of(const ordered_json& in) {
  ChannelReport channel;
  channel.name = in.at("name").get<std::string>();
  channel.file = in.value("file", "");
  channel.verdict = verdict_from(in);
  const ordered_json& recommendation = in.at("recommendation");
  channel.decision.mechanism = recommendation.at("mechanism").get<std::string>();
  for (const auto& layer : recommendation.at("layers")) channel.decision.layers.push_back({layer.at("kind").get<std::string>(), layer.at("value").get<std::string>(), layer.value("platform", ""), "", ""});
  for (const auto& step : in.at("trace")) {
    TraceStep& read = channel.decision.trace.emplace_back();
    read.tree = step.at("tree").get<std::string>();
    read.node = step.at("node").get<std::string>();
    read.need = step.at("need").get<std::string>();
    read.answer = step.at("answer").get<std::string>();
  }
  for (const auto& check : in.at("checks")) channel.checks.push_back(check_of(check));
  if (!in.contains("parameters")) return channel;
  const auto parameters = probe::parameters_from_json(in.at("parameters").dump());
  if (!parameters) throw Unreadable{parameters.error().message};
  channel.parameters = *parameters;
  return channel;
}

std::vector<ProbeResult> probes_of(const ordered_json& root) {
  std::vector<ProbeResult> out;
  for (const auto& entry : root.at("probes")) {
    auto result = probe::probe_result_from_json(entry.dump());
    if (!result) throw Unreadable{fmt::format("entry {} of \"probes\": {}", out.size() + 1, result.error().message)};
    out.push_back(std::move(*result));
  }
  return out;
}

template <typename Read>
auto read_report(std::string_view json, Read read) -> Result<decltype(read(ordered_json()))> {
  try {
    const auto root = ordered_json::parse(json);
    if (!root.is_object() || !root.contains("schema") || root.at("schema") != "ipc-advisor-report-1")
      return fail(ErrorKind::usage, "the recording is not an ipc-advisor report: expected \"schema\": \"ipc-advisor-report-1\"");
    return read(root);
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorKind::usage, fmt::format("the recording cannot be read: {}", without_library_prefix(error.what())));
  } catch (const Unreadable& error) {
    return fail(ErrorKind::usage, fmt::format("the recording cannot be read: {}", error.why));
  }
}

}  // namespace

Result<Recording> recording_from_report(std::string_view json) {
  return read_report(json, [](const ordered_json& root) {
    return Recording{probes_of(root), root.contains("host") && !root.at("host").is_null() ? host_of(root.at("host")) : Host{}};
  });
}

Result<Report> compared_part_of_report(std::string_view json) {
  return read_report(json, [](const ordered_json& root) {
    Report out;
    out.version = root.at("version").get<std::string>();
    out.rules_version = root.at("rules").at("version").get<std::string>();
    out.rules_digest = root.at("rules").at("digest").get<std::string>();
    for (const auto& channel : root.at("channels")) out.channels.push_back(channel_of(channel));
    out.probes = probes_of(root);
    out.host = host_of(root.at("host"));
    return out;
  });
}

}  // namespace ipc_advisor::report
