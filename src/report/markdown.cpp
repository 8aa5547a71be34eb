// The report for a pull request: verdict first, the rest folded away, never longer than a comment may be.
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "report/format.hpp"
#include "report/markup.hpp"
#include "report/template.hpp"
#include "report/view.hpp"

namespace ipc_advisor::report {
namespace {

// What GitHub takes as the text of a comment or a pull request.
constexpr std::size_t most_bytes = 65536;

// The questions that were asked, the guide's answer between the two trees, and the recommendation at the end.
std::string mermaid_of(const Decision& decision) {
  std::string out = "flowchart TD\n";
  std::string arrow, tree;
  for (std::size_t i = 0; i < decision.trace.size(); ++i) {
    const TraceStep& step = decision.trace[i];
    if (!tree.empty() && step.tree != tree) {
      out += fmt::format("{}G([\"the guide says {}\"])\n", arrow, escape_mermaid(decision.guide.mechanism));
      arrow = "  G --> ";
    }
    tree = step.tree;
    out += fmt::format("{}S{}[\"{}\"]\n", arrow.empty() ? "  " : arrow, i, escape_mermaid(step.need));
    arrow = fmt::format("  S{} -->|\"{}\"| ", i, escape_mermaid(step.answer));
  }
  const std::string end = decision.mechanism.empty() ? "nothing is left" : "use " + decision.mechanism;
  return fmt::format("{}{}P([\"{}\"])", out, arrow.empty() ? "  " : arrow, escape_mermaid(end));
}

int rank_of(const ChannelReport& channel) {
  if (channel.verdict == Verdict::refuted) return 0;
  if (channel.undecided) return 1;
  return channel.verdict == Verdict::inconclusive ? 2 : 3;
}

}  // namespace

std::string render_markdown(const Report& report, const Style&) {
  nlohmann::ordered_json values = view_of(report);
  for (std::size_t i = 0; i < report.channels.size(); ++i) {
    values["channels"][i]["mermaid"] = mermaid_of(report.channels[i].decision);
    values["channels"][i]["rank"] = rank_of(report.channels[i]);
  }
  // What needs an eye comes before whatever a cut may take.
  std::stable_sort(values["channels"].begin(), values["channels"].end(), [](const auto& a, const auto& b) { return a.at("rank") < b.at("rank"); });
  return shorten_markdown(squeeze_blank_lines(fill("markdown.mustache", values, escape_markdown)), most_bytes);
}

}  // namespace ipc_advisor::report
