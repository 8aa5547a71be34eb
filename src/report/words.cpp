// Wording only; no layout.
#include "report/words.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "base/text.hpp"
#include "base/units.hpp"

namespace ipc_advisor::report {

std::string name_of(const Report& report, std::string_view mechanism) {
  if (mechanism.empty()) return "nothing";
  for (const auto& [id, name] : report.names)
    if (id == mechanism) return fmt::format("{} ({})", name, id);
  return printable(mechanism);
}

std::string measured(const std::optional<double>& value, std::string_view unit) {
  if (!value) return "-";
  if (unit == "s") return format_quantity(*value, Quantity::duration);
  if (unit == "bytes/s") return format_quantity(*value, Quantity::byte_rate);
  if (unit == "bytes") return format_quantity(*value, Quantity::size);
  if (unit == "/s") return format_quantity(*value, Quantity::rate);
  return fmt::format("{:.3g}{}{}", *value, unit.empty() ? "" : " ", printable(unit));
}

std::string with_interval(const Check& check) {
  if (!check.median) return "-";
  std::string figure = measured(check.median, check.unit);
  if (!check.low || !check.high) return figure;
  return fmt::format("{} ({} to {})", figure, measured(check.low, check.unit), measured(check.high, check.unit));
}

std::string what_if_in_words(const ChannelReport& channel) {
  if (channel.what_if.empty()) return "";
  std::vector<std::string> changes;
  for (const NeedChange& change : channel.what_if) changes.push_back(fmt::format("{} were {} (it is {})", change.need, change.to, change.from));
  const auto named = [](const std::string& mechanism) { return mechanism.empty() ? std::string("nothing") : mechanism; };
  const std::string outcome = channel.instead_of == channel.decision.mechanism ? "the same mechanism" : fmt::format("{} instead of {}", named(channel.decision.mechanism), named(channel.instead_of));
  return fmt::format("{}: {}", join(changes, ", ", " and "), outcome);
}

std::string layers_in_short(const Decision& decision) {
  std::vector<std::string> parts;
  const auto value = [&](std::string_view kind) -> std::string {
    for (const Layer& layer : decision.layers)
      if (layer.kind == kind) return layer.value;
    return "";
  };
  // Framing and protocol are said in one breath: "length-prefixed json".
  const std::string framing = value("framing"), protocol = value("protocol");
  if (!framing.empty() || !protocol.empty()) parts.push_back(framing + (framing.empty() || protocol.empty() ? "" : " ") + protocol);
  for (const Layer& layer : decision.layers)
    if (layer.kind != "framing" && layer.kind != "protocol")
      parts.push_back(fmt::format("{} {}{}", layer.kind, layer.value, layer.platform.empty() ? "" : " on " + layer.platform));
  return join(parts, ", ", ", ");
}

std::string verdict_in_words(Verdict verdict) {
  switch (verdict) {
    case Verdict::confirmed: return "confirmed on this host";
    case Verdict::refuted: return "refuted on this host";
    case Verdict::inconclusive: return "inconclusive on this host";
    case Verdict::not_run: return "not tried";
    case Verdict::not_applicable: return "not applicable";
  }
  return "";
}

std::string count_findings(const Report& report) {
  int counts[3] = {}, allowed = 0;
  std::set<std::string> files;
  for (const Finding& finding : report.findings) {
    if (finding.suppressed) {
      ++allowed;
      continue;
    }
    ++counts[static_cast<int>(finding.level)];
    files.insert(finding.file);
  }
  std::vector<std::string> parts;
  const auto add = [&](Level level, std::string_view name, std::string_view plural) {
    const int count = counts[static_cast<int>(level)];
    if (count > 0) parts.push_back(fmt::format("{} {}{}", count, name, count == 1 ? "" : plural));
  };
  add(Level::error, "error", "s");
  add(Level::warning, "warning", "s");
  add(Level::info, "info", "");
  const std::string also = allowed > 0 ? fmt::format("; {} allowed", allowed) : "";
  if (parts.empty()) return "no findings" + also;
  return fmt::format("{} in {} file{}{}", join(parts, ", ", ", "), files.size(), files.size() == 1 ? "" : "s", also);
}

namespace {

template <typename Better>
const RoundTrip* pick_round_trip(const ProbeResult& probe, Better better) {
  const RoundTrip* best = nullptr;
  for (const RoundTrip& round : probe.round_trip)
    if (round.mode.empty() && (best == nullptr || better(round, *best))) best = &round;
  return best;
}

}  // namespace

const RoundTrip* smallest_round_trip(const ProbeResult& probe) {
  return pick_round_trip(probe, [](const RoundTrip& a, const RoundTrip& b) { return a.bytes < b.bytes; });
}

const RoundTrip* largest_round_trip(const ProbeResult& probe) {
  return pick_round_trip(probe, [](const RoundTrip& a, const RoundTrip& b) { return a.bytes > b.bytes; });
}

const Throughput* best_throughput(const ProbeResult& probe, std::string_view mode) {
  const Throughput* best = nullptr;
  for (const Throughput& row : probe.throughput)
    if (row.mode == mode && (best == nullptr || row.bytes_per_s > best->bytes_per_s)) best = &row;
  return best;
}

}  // namespace ipc_advisor::report
