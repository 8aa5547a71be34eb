// One page to look at: the values of the view, and the pictures beside them.
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/chart.hpp"
#include "report/format.hpp"
#include "report/markup.hpp"
#include "report/template.hpp"
#include "report/view.hpp"
#include "report/words.hpp"

namespace ipc_advisor::report {
namespace {

using nlohmann::ordered_json;

std::string duration(double ns) { return format_quantity(ns * 1e-9, Quantity::duration); }
std::string size(std::uint64_t bytes) { return format_quantity(static_cast<double>(bytes), Quantity::size); }
std::string rate(double bytes_per_s) { return format_quantity(bytes_per_s, Quantity::byte_rate); }

// ------------------------------------------------------------------ figures

// What the pictures of one channel hang on; of no channel where everything is measured for its own sake.
struct Focus {
  std::string prefix;      ///< of the pictures' ids
  std::string mechanism;   ///< the recommended one
  const std::vector<Check>* checks = nullptr;

  std::optional<Limit> need(std::string_view id) const {
    if (checks == nullptr) return std::nullopt;
    const auto check = std::find_if(checks->begin(), checks->end(), [&](const Check& one) { return one.need == id && one.wanted_number; });
    if (check == checks->end()) return std::nullopt;
    return Limit{*check->wanted_number, fmt::format("need: {}", check->wanted)};
  }
};

std::string needed_in_words(const std::optional<Limit>& need) { return need ? fmt::format(" A line shows the {}.", need->says) : ""; }

// A round trip that is drawn, with the mechanism it is of.
struct Drawn {
  std::string label, mechanism;
  const RoundTrip* round = nullptr;
};

// The headline of each mechanism, at the channel's size where there is a channel, and the one with pauses.
std::vector<Drawn> drawn_round_trips(const std::vector<ProbeResult>& probes, bool at_channel_size) {
  std::vector<Drawn> out;
  for (const ProbeResult& probe : probes) {
    const RoundTrip* headline = at_channel_size ? largest_round_trip(probe) : smallest_round_trip(probe);
    if (headline != nullptr) out.push_back({probe.mechanism, probe.mechanism, headline});
    for (const RoundTrip& round : probe.round_trip)
      if (round.mode == "paced") out.push_back({fmt::format("{}, with pauses", probe.mechanism), probe.mechanism, &round});
  }
  std::stable_sort(out.begin(), out.end(), [](const Drawn& a, const Drawn& b) { return a.round->median_ns < b.round->median_ns; });
  return out;
}

std::string p99_text(const RoundTrip& round) {
  if (!round.p99_ns) return "too few samples";
  if (!round.p99_low_ns || !round.p99_high_ns) return duration(*round.p99_ns);
  return fmt::format("{} ({} to {})", duration(*round.p99_ns), duration(*round.p99_low_ns), duration(*round.p99_high_ns));
}

ordered_json latency_row(const Drawn& drawn) {
  const RoundTrip& round = *drawn.round;
  return {{"label", drawn.label}, {"size", size(round.bytes)}, {"samples", std::to_string(round.samples)},
          {"median", fmt::format("{} ({} to {})", duration(round.median_ns), duration(round.low_ns), duration(round.high_ns))}, {"p99", p99_text(round)}};
}

Bar bar_of(const Drawn& drawn, const Focus& focus) {
  const RoundTrip& round = *drawn.round;
  Bar bar{drawn.label, round.median_ns * 1e-9, std::nullopt, duration(round.median_ns), drawn.mechanism == focus.mechanism};
  if (!round.p99_ns) return bar;
  bar.to = *round.p99_ns * 1e-9;
  bar.says += fmt::format(" to {}", duration(*round.p99_ns));
  return bar;
}

ordered_json latency_view(const std::vector<ProbeResult>& probes, const Focus& focus) {
  RangeChart chart;
  ordered_json rows = ordered_json::array();
  for (const Drawn& drawn : drawn_round_trips(probes, focus.checks != nullptr)) {
    chart.bars.push_back(bar_of(drawn, focus));
    rows.push_back(latency_row(drawn));
  }
  chart.need = focus.need("latency");
  chart.caption = {focus.prefix + "-latency", "Round trips from the median to the 99th percentile, on a logarithmic axis",
                   fmt::format("{} ranges, the fastest first; the table below has the figures.{}", chart.bars.size(), needed_in_words(chart.need))};
  const std::string svg = draw(chart);
  if (svg.empty()) return nullptr;
  return {{"svg", svg}, {"rows", rows}};
}

// A to Z, then A2 to Z2, and so on.
std::string mark_of(std::size_t number) {
  const std::string letter(1, static_cast<char>('A' + static_cast<char>(number % 26)));
  return number < 26 ? letter : fmt::format("{}{}", letter, number / 26 + 1);
}

ordered_json throughput_row(const ProbeResult& probe, const Curve& curve) {
  const Throughput* best = best_throughput(probe, "");
  ordered_json row = {{"mark", curve.mark}, {"label", probe.mechanism}, {"chosen", curve.chosen}, {"best", fmt::format("{} in writes of {}", rate(best->bytes_per_s), size(best->bytes))}};
  row["sizes"] = ordered_json::array();
  for (const Throughput& one : probe.throughput)
    if (one.mode.empty()) row["sizes"].push_back({{"size", size(one.bytes)}, {"rate", rate(one.bytes_per_s)}, {"interval", fmt::format("{} to {}", rate(one.low), rate(one.high))}});
  return row;
}

Curve curve_of(const ProbeResult& probe, std::size_t number, const Focus& focus) {
  Curve curve{mark_of(number), {}, probe.mechanism == focus.mechanism};
  for (const Throughput& one : probe.throughput)
    if (one.mode.empty()) curve.points.push_back({static_cast<double>(one.bytes), one.bytes_per_s});
  std::sort(curve.points.begin(), curve.points.end(), [](const Point& a, const Point& b) { return a.x < b.x; });
  return curve;
}

ordered_json throughput_view(const std::vector<ProbeResult>& probes, const Focus& focus) {
  CurveChart chart;
  ordered_json rows = ordered_json::array();
  for (const ProbeResult& probe : probes) {
    if (best_throughput(probe, "") == nullptr) continue;
    chart.curves.push_back(curve_of(probe, chart.curves.size(), focus));
    rows.push_back(throughput_row(probe, chart.curves.back()));
  }
  chart.need = focus.need("throughput");
  chart.caption = {focus.prefix + "-throughput", "One-way throughput over the size of a write, both axes logarithmic",
                   fmt::format("{} curves; the lists below name them and have the figures.{}", chart.curves.size(), needed_in_words(chart.need))};
  const std::string svg = draw(chart);
  if (svg.empty()) return nullptr;
  return {{"svg", svg}, {"rows", rows}};
}

ordered_json unmeasured_view(const std::vector<ProbeResult>& probes) {
  ordered_json out = ordered_json::array();
  for (const ProbeResult& probe : probes)
    if (probe.end != ProbeEnd::measured) out.push_back({{"mechanism", probe.mechanism}, {"word", word(probe.end)}, {"because", probe.because}});
  return out;
}

ordered_json figures_view(const std::vector<ProbeResult>& probes, const Focus& focus) {
  if (probes.empty()) return nullptr;
  return {{"latency", latency_view(probes, focus)}, {"throughput", throughput_view(probes, focus)}, {"unmeasured", unmeasured_view(probes)}};
}

// ------------------------------------------------------------------ trees

std::vector<std::size_t> path_in(const Decision& decision, const std::string& tree) {
  std::vector<std::size_t> out;
  for (const TraceStep& step : decision.trace)
    if (step.tree == tree) out.push_back(step.branch);
  return out;
}

// The mechanism that a way ends at; empty where it keeps the guide's answer.
std::string end_of(const TreeShape& shape, const std::vector<std::size_t>& path) {
  std::size_t at = 0;
  for (const std::size_t branch : path)
    if (branch < shape.vertices[at].branches.size()) at = shape.vertices[at].branches[branch].second;
  return shape.vertices[at].branches.empty() ? shape.vertices[at].says : "";
}

std::string guide_end(const Decision& decision) {
  const bool kept = decision.guide.mechanism == decision.mechanism;
  return fmt::format("{}{}", decision.guide.mechanism, kept ? ", and so it stays" : fmt::format(", which is left for {}", decision.mechanism));
}

std::string refined_end(const Decision& decision, const std::string& end) {
  const std::string wanted = end.empty() ? decision.guide.mechanism : end;
  std::string out = end.empty() || end == decision.guide.mechanism ? fmt::format("as the guide says: {}", wanted) : fmt::format("the guide is left here: {}", wanted);
  if (wanted != decision.mechanism) out += fmt::format("; it falls, and {} takes its place", decision.mechanism.empty() ? "nothing" : decision.mechanism);
  return out;
}

ordered_json tree_view(const TreeShape& shape, const Decision& decision, const std::string& prefix) {
  const bool guide = shape.name == "guide";
  TreeChart chart;
  chart.shape = &shape;
  chart.path = path_in(decision, shape.name);
  chart.whole = guide;
  chart.end = guide ? guide_end(decision) : refined_end(decision, end_of(shape, chart.path));
  const std::string title = guide ? "The guide's tree, whole" : "Beyond the guide, where this channel went";
  chart.caption = {fmt::format("{}-{}", prefix, shape.name), title, fmt::format("{} questions lead to: {}. The list below has each answer.", chart.path.size(), chart.end)};
  return {{"title", title}, {"svg", draw(chart)}};
}

// ------------------------------------------------------------------ the page

void add_pictures(ordered_json& channel, const Report& report, const ChannelReport& of, std::size_t number) {
  const std::string anchor = fmt::format("channel-{}", number + 1);
  channel["anchor"] = anchor;
  channel["measured"] = figures_view(report.probes, {anchor, of.decision.mechanism, &of.checks});
  channel["trees"] = ordered_json::array();
  for (const TreeShape& shape : report.trees)
    if (!shape.vertices.empty()) channel["trees"].push_back(tree_view(shape, of.decision, anchor));
  // A style for each standing; the words themselves are no class names.
  for (ordered_json& other : channel["others"]) other["tone"] = other["word"] == "would do" ? "confirmed" : other["word"] == "cannot" ? "refuted" : "inconclusive";
}

}  // namespace

std::string render_html(const Report& report, const Style&) {
  ordered_json values = view_of(report);
  values["css"] = embedded_file("html.css");
  for (std::size_t i = 0; i < report.channels.size(); ++i) add_pictures(values["channels"][i], report, report.channels[i], i);
  values["alone"] = report.channels.empty() ? figures_view(report.probes, {"all", "", nullptr}) : ordered_json(nullptr);
  return fill("html.mustache", values, escape_html);
}

}  // namespace ipc_advisor::report
