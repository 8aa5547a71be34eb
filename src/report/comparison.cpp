// Words first; the terminal's section, the templates' values and the JSON are made from them or beside them.
#include "report/comparison.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/json_text.hpp"
#include "report/words.hpp"

namespace ipc_advisor::report {

const std::string_view comparison_rule =
    "A figure counts as changed only where its interval then and its interval now do not overlap, those of a 99th percentile widened to half and to twice, as it moves between "
    "runs on the same quiet host; the ratio is now over then, with the interval that these allow.";

namespace {

using nlohmann::ordered_json;

std::string named_or_nothing(const std::string& text) { return text.empty() ? "nothing" : text; }

std::string then_and_now(const Then& one) { return fmt::format("{} then, {} now", named_or_nothing(one.then), named_or_nothing(one.now)); }

std::string interval_in_words(const FigureInterval& interval, const std::string& unit) {
  return fmt::format("{} ({} to {})", measured(interval.median, unit), measured(interval.low, unit), measured(interval.high, unit));
}

std::string subject_of(const FigureChange& one) {
  // Without a size it is a need of a channel.
  if (one.bytes == 0) return one.what;
  const std::string size = format_quantity(static_cast<double>(one.bytes), Quantity::size), mode = one.mode.empty() ? "" : ", " + one.mode;
  if (one.what == "round-trip") return fmt::format("{}: round trip of {}{}", one.mechanism, size, mode);
  if (one.what == "p99") return fmt::format("{}: 99th percentile of {}{}", one.mechanism, size, mode);
  return fmt::format("{}: throughput in writes of {}{}", one.mechanism, size, mode);
}

// What more or less of it means to people.
std::string_view word_of(const FigureChange& one) {
  if (one.change == FigureChange::Change::none) return "no change that the figures bear out";
  const bool more = one.change == FigureChange::Change::higher;
  if (one.unit == "s") return more ? "slower" : "faster";
  if (one.unit == "bytes/s" || one.unit == "/s") return more ? "faster" : "slower";
  return more ? "more" : "less";
}

FigureRow row_of(const FigureChange& one) {
  return {subject_of(one), interval_in_words(one.then, one.unit), interval_in_words(one.now, one.unit), fmt::format("{:.3g} times ({:.3g} to {:.3g})", one.ratio, one.ratio_low, one.ratio_high),
          std::string(word_of(one)), one.change != FigureChange::Change::none};
}

std::string headline_of(const ChannelChange& channel) {
  const std::string &then = channel.mechanism.then, &now = channel.mechanism.now;
  if (channel.added) return fmt::format("{}: new here; use {}", channel.name, named_or_nothing(now));
  if (channel.removed) return fmt::format("{}: gone; it was to use {}", channel.name, named_or_nothing(then));
  if (channel.mechanism.changed()) return fmt::format("{}: use {} now; it was {} then", channel.name, named_or_nothing(now), named_or_nothing(then));
  return fmt::format("{}: still {}{}", channel.name, named_or_nothing(now), channel.layers.changed() ? ", with other layers" : "");
}

ChannelWords words_of(const ChannelChange& channel) {
  ChannelWords out;
  out.headline = headline_of(channel);
  out.same = !channel.decided_otherwise() && !channel.verdict.changed();
  if (channel.added || channel.removed) return out;
  for (const WordChange& one : channel.answers) out.lines.push_back(fmt::format("{}: {}", one.what, then_and_now(one.word)));
  if (channel.layers.changed()) out.lines.push_back(fmt::format("with {}", then_and_now(channel.layers)));
  if (channel.verdict.changed()) out.lines.push_back(fmt::format("verdict: {}", then_and_now(channel.verdict)));
  else if (!channel.verdict.now.empty()) out.lines.push_back(fmt::format("verdict: {}, as then", channel.verdict.now));
  if (!channel.left_out.empty()) out.lines.push_back(fmt::format("verdict and figures are not compared; {}", channel.left_out));
  for (const WordChange& one : channel.needs) out.lines.push_back(fmt::format("{} with {}: {}", one.what, one.mechanism, then_and_now(one.word)));
  for (const FigureChange& one : channel.figures) out.figures.push_back(row_of(one));
  return out;
}

std::string summary_of(const Comparison& comparison) {
  const std::size_t all = comparison.figures.size(), changed = comparison.figures_changed();
  if (all == 0) return "";
  if (changed == 0) return fmt::format("{} figure{} compared: no change that the figures bear out", all, all == 1 ? "" : "s");
  return fmt::format("{} of {} figure{} changed", changed, all, all == 1 ? "" : "s");
}

std::vector<std::string> notes_of(const Comparison& comparison) {
  std::vector<std::string> out;
  if (!comparison.refused.empty()) out.push_back(fmt::format("Refused, verdicts and figures are not comparable. {}", join(comparison.refused, "; ", "; ")));
  if (!comparison.unmeasured.empty()) out.push_back(fmt::format("Decisions only: {}.", comparison.unmeasured));
  if (comparison.rules.changed()) out.push_back(fmt::format("rules: {}", then_and_now(comparison.rules)));
  if (!comparison.left_out.empty()) out.push_back(fmt::format("Not compared: {}", join(comparison.left_out, "; ", "; ")));
  return out;
}

// ------------------------------------------------------------------ JSON

ordered_json then_json(const Then& one) { return {{"then", one.then}, {"now", one.now}}; }

ordered_json interval_json(const FigureInterval& one) { return {{"low", one.low}, {"median", one.median}, {"high", one.high}}; }

ordered_json figure_json(const FigureChange& one) {
  const char* change = one.change == FigureChange::Change::none ? "none" : one.change == FigureChange::Change::higher ? "higher" : "lower";
  return {{"mechanism", one.mechanism}, {"what", one.what}, {"bytes", one.bytes}, {"mode", one.mode}, {"unit", one.unit}, {"then", interval_json(one.then)}, {"now", interval_json(one.now)},
          {"ratio", one.ratio}, {"ratio_low", one.ratio_low}, {"ratio_high", one.ratio_high}, {"change", change}};
}

ordered_json word_json(const WordChange& one) { return {{"mechanism", one.mechanism}, {"what", one.what}, {"then", one.word.then}, {"now", one.word.now}}; }

ordered_json channel_change_json(const ChannelChange& one) {
  const char* change = one.added ? "added" : one.removed ? "removed" : one.decided_otherwise() ? "changed" : "same";
  return {{"name", one.name}, {"file", one.file}, {"decision", change}, {"mechanism", then_json(one.mechanism)}, {"layers", then_json(one.layers)},
          {"verdict", one.verdict.now.empty() ? ordered_json(nullptr) : then_json(one.verdict)}, {"left_out", one.left_out},
          {"answers", array_of(one.answers, word_json)}, {"needs", array_of(one.needs, word_json)}, {"figures", array_of(one.figures, figure_json)}};
}

// ------------------------------------------------------------------ templates

ordered_json row_view(const FigureRow& row) {
  return {{"what", row.what}, {"then", row.then}, {"now", row.now}, {"ratio", row.ratio}, {"word", row.word}};
}

}  // namespace

ComparisonWords comparison_in_words(const Comparison& comparison) {
  ComparisonWords out;
  out.title = fmt::format("Compared with {}", comparison.with);
  out.refused = !comparison.refused.empty();
  out.notes = notes_of(comparison);
  for (const ChannelChange& channel : comparison.channels) out.channels.push_back(words_of(channel));
  out.summary = summary_of(comparison);
  for (const FigureChange& one : comparison.figures) out.figures.push_back(row_of(one));
  std::stable_partition(out.figures.begin(), out.figures.end(), [](const FigureRow& row) { return row.changed; });
  for (const WordChange& one : comparison.trials) out.trials.push_back(fmt::format("{}/{}: {}", one.mechanism, one.what, then_and_now(one.word)));
  return out;
}

ordered_json comparison_json(const Comparison& comparison) {
  return {{"with", comparison.with}, {"rules", then_json(comparison.rules)}, {"refused", comparison.refused}, {"left_out", comparison.left_out},
          {"unmeasured", comparison.unmeasured}, {"channels", array_of(comparison.channels, channel_change_json)}, {"figures", array_of(comparison.figures, figure_json)},
          {"trials", array_of(comparison.trials, word_json)}};
}

ordered_json comparison_view(const Comparison& comparison) {
  const ComparisonWords words = comparison_in_words(comparison);
  ordered_json out = {{"title", words.title}, {"refused", words.refused}, {"notes", words.notes}, {"summary", words.summary}, {"trials", words.trials}};
  out["rule"] = words.summary.empty() ? "" : std::string(comparison_rule);
  out["channels"] = array_of(words.channels, [](const ChannelWords& one) -> ordered_json {
    return {{"headline", one.headline}, {"lines", one.lines}, {"figures", array_of(one.figures, row_view)}};
  });
  out["figures"] = ordered_json::array();
  for (const FigureRow& row : words.figures)
    if (row.changed) out["figures"].push_back(row_view(row));
  return out;
}

void add_comparison(Page& page, const Comparison& comparison) {
  const ComparisonWords words = comparison_in_words(comparison);
  const auto add_rows = [&](const std::vector<FigureRow>& figures, bool all, std::string_view indent) {
    std::vector<std::vector<std::string>> rows;
    for (const FigureRow& row : figures)
      if (all || row.changed)
        rows.push_back({printable(row.what), fmt::format("{} {} {}", printable(row.then), page.style().unicode ? "→" : "->", printable(row.now)),
                        page.paint(row.changed ? Ink::bold : Ink::dim, row.changed ? fmt::format("{}, {}", row.word, row.ratio) : row.word)});
    page.table(rows, indent);
  };
  page.heading(words.title);
  for (const std::string& note : words.notes) page.add(note, page.style().unicode ? "  ⚠ " : "  ! ");
  for (const ChannelWords& channel : words.channels) {
    page.add(channel.headline);
    for (const std::string& line : channel.lines) page.add(line, "    ");
    add_rows(channel.figures, true, "    ");
  }
  if (!words.summary.empty()) page.add(words.summary);
  add_rows(words.figures, page.style().verbose, "    ");
  for (const std::string& trial : words.trials) page.add(trial, "    ");
  if (!words.summary.empty()) page.add(comparison_rule);
}

}  // namespace ipc_advisor::report
