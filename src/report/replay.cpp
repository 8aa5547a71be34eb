// Reads what json.cpp wrote.
#include "report/replay.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "probe/wire.hpp"

namespace ipc_advisor::report {

namespace {

// The library starts its messages with its own error number in brackets.
std::string_view without_library_prefix(std::string_view message) {
  const auto end = message.find("] ");
  return message.starts_with('[') && end != std::string_view::npos ? message.substr(end + 2) : message;
}

}  // namespace

Result<std::vector<ProbeResult>> probes_from_report(std::string_view json) {
  try {
    const auto root = nlohmann::ordered_json::parse(json);
    if (!root.is_object() || root.value("schema", "") != "ipc-advisor-report-1")
      return fail(ErrorKind::usage, "the recording is not an ipc-advisor report: expected \"schema\": \"ipc-advisor-report-1\"");
    std::vector<ProbeResult> out;
    for (const auto& entry : root.at("probes")) {
      auto result = probe::probe_result_from_json(entry.dump());
      if (!result) return fail(ErrorKind::usage, fmt::format("entry {} of \"probes\" in the recording: {}", out.size() + 1, result.error().message));
      out.push_back(std::move(*result));
    }
    return out;
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorKind::usage, fmt::format("the recording cannot be read: {}", without_library_prefix(error.what())));
  }
}

}  // namespace ipc_advisor::report
