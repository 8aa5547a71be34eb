// Tables of figures, and a bar for each mechanism on one logarithmic axis.
#include "report/probes.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "base/text.hpp"
#include "base/units.hpp"
#include "engine/checks.hpp"
#include "report/words.hpp"

namespace ipc_advisor::report {
namespace {

class ProbeTables {
 public:
  ProbeTables(Page& page, const std::vector<ProbeResult>& probes) : page_(page), probes_(probes) {}

  void run() {
    page_.heading("Measured: round trips (median and interval; 99th percentile) and one-way throughput");
    std::vector<std::vector<std::string>> rows;
    for (const ProbeResult& probe : probes_) {
      if (probe.end != ProbeEnd::measured) {
        rows.push_back({printable(probe.mechanism), page_.paint(Ink::yellow, word(probe.end)), "", printable(probe.because)});
        continue;
      }
      rows.push_back({printable(probe.mechanism), round_trip_text(smallest_round_trip(probe)),
                      largest_round_trip(probe) == smallest_round_trip(probe) ? "" : round_trip_text(largest_round_trip(probe)), throughput_text(probe, "")});
      for (const RoundTrip& round : probe.round_trip)
        if (!round.mode.empty()) rows.push_back({"  " + printable(round.mode), round_trip_text(&round), "", answers_text(probe, round)});
      if (const Throughput* expert = best_throughput(probe, "expert"); expert != nullptr)
        rows.push_back({"  expert's flow", "", "", throughput_text(probe, "expert") + (expert->buffer > 0 ? fmt::format(", asking for {}", size(expert->buffer)) : "")});
    }
    page_.table(rows);
    for (const ProbeResult& probe : probes_) add_states(probe);
    const auto placed = std::find_if(probes_.begin(), probes_.end(), [](const ProbeResult& probe) { return !probe.placement.empty(); });
    if (placed != probes_.end()) page_.add(placed->placement + "; round trips are whole ones, never halved");
    if (probes_.size() > 1) add_ranges();
    if (page_.style().sizes) add_sizes();
    if (page_.style().verbose) add_trials();
    if (page_.style().legend) add_legend();
  }

 private:
  // A host that changed its state in between has no one figure.
  void add_states(const ProbeResult& probe) {
    const RoundTrip* round = smallest_round_trip(probe);
    if (round == nullptr || round->states.size() < 2) return;
    // Some mechanisms take as long in the one as in the other.
    constexpr double alike = 1.1;
    const auto [fast, slow] = std::minmax(round->states.front().median_ns, round->states.back().median_ns);
    if (slow < alike * fast) return;
    std::vector<std::string> parts;
    for (const HostState& state : round->states)
      parts.push_back(fmt::format("{} while a cache line took {} between the CPUs", duration(state.median_ns), duration(state.hop_ns)));
    page_.add(fmt::format("{}: the host was in two states, {}", probe.mechanism, join(parts, ", ", " and ")), page_.style().unicode ? "  ⚠ " : "  ! ");
  }

  // Median to 99th percentile of each mechanism on one logarithmic axis.
  void add_ranges() {
    std::vector<const ProbeResult*> measured;
    double least = std::numeric_limits<double>::infinity(), most = 0;
    for (const ProbeResult& probe : probes_)
      if (const RoundTrip* round = smallest_round_trip(probe); round != nullptr) {
        measured.push_back(&probe);
        least = std::min(least, round->median_ns);
        most = std::max(most, round->p99_ns.value_or(round->median_ns));
      }
    if (measured.size() < 2 || least >= most) return;
    const int columns = std::clamp(page_.style().width - 44, 10, 50);
    const auto at = [&](double ns) { return static_cast<int>(std::lround(std::log(ns / least) / std::log(most / least) * (columns - 1))); };
    page_.heading(fmt::format("Round trips from median to 99th percentile, {} to {}, logarithmic", duration(least), duration(most)));
    std::vector<std::vector<std::string>> rows;
    for (const ProbeResult* probe : measured) {
      const RoundTrip& round = *smallest_round_trip(*probe);
      const int from = at(round.median_ns), to = at(round.p99_ns.value_or(round.median_ns));
      std::string bar(static_cast<std::size_t>(from), ' ');
      for (int i = from; i <= to; ++i) bar += i == from ? (page_.style().unicode ? "●" : "o") : (page_.style().unicode ? "━" : "-");
      rows.push_back({printable(probe->mechanism), duration(round.median_ns), page_.paint(Ink::blue, bar) + std::string(static_cast<std::size_t>(columns - 1 - to), ' '), round.p99_ns ? duration(*round.p99_ns) : "-"});
    }
    page_.table(rows);
  }

  // Every size that was measured, so that nobody has to guess between the smallest and the best.
  void add_sizes() {
    page_.heading("By size: round trip (95 % interval of the median), and throughput (over the rounds)");
    std::vector<std::vector<std::string>> rows;
    for (const ProbeResult& probe : probes_) {
      for (const RoundTrip& round : probe.round_trip)
        rows.push_back({printable(probe.mechanism), round.mode.empty() ? "round trip" : printable(round.mode), size(round.bytes),
                        fmt::format("{}{}, {}, {}", duration(round.median_ns), round.samples < engine::fewest_samples ? "" : fmt::format(" ({} to {})", duration(round.low_ns), duration(round.high_ns)),
                                    counted(round.samples, "sample"), counted(round.outliers, "outlier"))});
      for (const Throughput& row : probe.throughput)
        rows.push_back({printable(probe.mechanism), row.mode.empty() ? "throughput" : "throughput, " + printable(row.mode), size(row.bytes),
                        fmt::format("{} ({} to {})", rate(row.bytes_per_s), rate(row.low), rate(row.high))});
    }
    page_.table(rows);
  }

  void add_legend() {
    page_.heading("What this means, and what it does not");
    static constexpr std::string_view lines[] = {
        "A round trip is a message there and its answer back, whole, never halved. Both ends are processes, on two CPUs unless it says otherwise, and sleep while they wait; memory's ends look for some microseconds before they sleep.",
        "busy-polled: both ends ask again and again instead of sleeping, which costs two CPUs. spinning, sleeping: the same for memory. one-cpu: both ends share a CPU. paced: with pauses between messages, as an idle channel is met; waking up an idle peer takes longer. ipv6: over ::1. without-bridge: HTTP straight to the Unix socket; what is left is the bridge's cost.",
        "The second figure is the 99th percentile; it is left out below 368 samples, where it would be a guess. The interval of a median covers every slice that was taken, each in a fresh process; that of a percentile lies between two order statistics (binomial ranks). Both are widened by 12 % of the figure, since a run sees the host for seconds, and the host drifts over minutes; a percentile's as independent uncertainties add up.",
        "Outliers lie far above the rest, beyond the upper quartile by three times the quartiles' distance. They are counted and kept, since a program meets them too.",
        "Throughput is one way, counted where it arrives, with the defaults that programs get, and TCP_NODELAY. Expert's flow: with a receiver that polls, the buffers that moved most here, the kernel's own or one of three sizes, and small writes left to TCP to gather. 64 clients and the like: one message under way for each.",
        "It does not say what your program will reach: its own work, its framing and its serialisation come on top. It holds for this host, now; another kernel, CPU or neighbour gives other figures, and ratios hold better than figures."};
    for (const std::string_view line : lines) page_.add(line, page_.style().unicode ? "  • " : "  * ");
  }

  static std::string counted(std::uint64_t count, std::string_view what) { return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s"); }
  static std::string size(std::uint64_t bytes) { return format_quantity(static_cast<double>(bytes), Quantity::size); }
  static std::string rate(double bytes_per_s) { return format_quantity(bytes_per_s, Quantity::byte_rate); }
  static std::string duration(double ns) { return format_quantity(ns * 1e-9, Quantity::duration); }

  static std::string round_trip_text(const RoundTrip* round) {
    if (round == nullptr) return "-";
    const bool enough = round->samples >= engine::fewest_samples;
    std::string text = fmt::format("{}: {}", size(round->bytes),
                                   enough ? format_interval(round->median_ns * 1e-9, round->low_ns * 1e-9, round->high_ns * 1e-9, Quantity::duration) : duration(round->median_ns));
    if (round->p99_ns) text += "; " + duration(*round->p99_ns);
    return text;
  }

  // Many clients at once: what matters beside the wait is how many are answered.
  static std::string answers_text(const ProbeResult& probe, const RoundTrip& round) {
    for (const Throughput& row : probe.throughput)
      if (row.mode == round.mode && row.bytes == round.bytes && row.bytes > 0)
        return format_quantity(row.bytes_per_s / static_cast<double>(row.bytes), Quantity::rate) + " answered";
    return "";
  }

  static std::string throughput_text(const ProbeResult& probe, std::string_view mode) {
    const Throughput* best = best_throughput(probe, mode);
    if (best == nullptr) return "-";
    return fmt::format("{}: {}", size(best->bytes), format_interval(best->bytes_per_s, best->low, best->high, Quantity::byte_rate));
  }

  void add_trials() {
    page_.heading("Trials");
    std::vector<std::vector<std::string>> rows;
    for (const ProbeResult& probe : probes_)
      for (const Trial& trial : probe.trials)
        rows.push_back({page_.badge(trial.verdict), printable(probe.mechanism) + "/" + printable(trial.id), measured(trial.figure, trial.unit), printable(trial.because)});
    page_.table(rows);
  }

  Page& page_;
  const std::vector<ProbeResult>& probes_;
};

}  // namespace

void add_probes(Page& page, const std::vector<ProbeResult>& probes) { ProbeTables(page, probes).run(); }

}  // namespace ipc_advisor::report
