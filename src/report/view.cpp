// One small function a part of the report.
#include "report/view.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "report/comparison.hpp"
#include "report/json_text.hpp"
#include "report/words.hpp"

namespace ipc_advisor::report {
namespace {

using nlohmann::ordered_json;

// Never colour alone: each word has a glyph of its own.
std::string glyph_of(std::string_view word) {
  static constexpr std::pair<std::string_view, std::string_view> glyphs[] = {
      {"confirmed", "✓"}, {"refuted", "✗"}, {"inconclusive", "~"}, {"error", "✗"}, {"warning", "!"}, {"info", "i"}, {"would do", "✓"}, {"advised against", "!"}, {"cannot", "✗"}};
  for (const auto& [known, glyph] : glyphs)
    if (known == word) return std::string(glyph);
  return "·";
}

void mark(ordered_json& row, std::string_view word) {
  row["word"] = word;
  row["glyph"] = glyph_of(word);
}

std::string or_nothing(const std::string& mechanism) { return mechanism.empty() ? "nothing is left" : mechanism; }

ordered_json layer_view(const Layer& layer) {
  return {{"kind", layer.kind}, {"value", layer.value}, {"platform", layer.platform}, {"because", layer.because}, {"source", layer.source}};
}

ordered_json step_view(const TraceStep& step) {
  return {{"tree", step.tree}, {"node", step.node}, {"need", step.need}, {"answer", step.answer}, {"source", step.source}, {"assumed", step.origin == OriginKind::assumed}};
}

ordered_json check_view(const Check& check) {
  ordered_json row = {{"need", check.need}, {"wanted", check.wanted}, {"measured", check.median ? with_interval(check) : ""}, {"because", check.because}};
  mark(row, word(check.verdict));
  return row;
}

ordered_json candidate_view(const Report& report, const Candidate& candidate) {
  const bool stands = candidate.standing == Standing::standing;
  ordered_json row = {{"mechanism", name_of(report, candidate.mechanism)}, {"id", candidate.mechanism}, {"because", candidate.because}, {"source", candidate.source}};
  mark(row, stands ? "would do" : candidate.advised_against ? "advised against" : "cannot");
  return row;
}

ordered_json change_view(const NeedChange& change) { return {{"need", change.need}, {"from", change.from}, {"to", change.to}, {"line", change.where.begin.line > 0 ? std::to_string(change.where.begin.line) : ""}}; }

std::string in_words(const NeedChange& change) {
  return fmt::format("{} from {} to {}{}", change.need, change.from, change.to, change.where.begin.line > 0 ? fmt::format(" (line {})", change.where.begin.line) : "");
}

ordered_json flip_view(const Flip& flip) {
  ordered_json row = {{"changes", {change_view(flip.first)}}, {"in_words", in_words(flip.first)}, {"mechanism", or_nothing(flip.mechanism)}};
  if (!flip.second) return row;
  row["changes"].push_back(change_view(*flip.second));
  row["in_words"] = fmt::format("{} and {}", in_words(flip.first), in_words(*flip.second));
  return row;
}

ordered_json assumption_view(const Assumption& assumption) {
  return {{"need", assumption.need}, {"value", assumption.value}, {"otherwise", assumption.otherwise}, {"essential", assumption.essential}};
}

ordered_json why_not_view(const WhyNot& why_not) {
  const auto objection_view = [](const Objection& one) -> ordered_json {
    return {{"word", one.advised_against ? "advised against" : "cannot"}, {"because", one.because}, {"source", one.source}};
  };
  return {{"mechanism", why_not.mechanism}, {"picked", why_not.picked}, {"objections", array_of(why_not.objections, objection_view)}, {"instead", why_not.instead},
          {"ways", array_of(why_not.ways, flip_view)}, {"cost", why_not.cost}};
}

ordered_json claim_view(const ClaimVerdict& claim) {
  ordered_json row = {{"id", claim.id}, {"says", claim.says}, {"because", claim.because}, {"measured", claim.measured ? measured(claim.measured, claim.unit) : ""}, {"interval", ""}};
  if (claim.low && claim.high) row["interval"] = fmt::format("{} to {}", measured(claim.low, claim.unit), measured(claim.high, claim.unit));
  mark(row, claim.verdict);
  return row;
}

ordered_json need_view(const StatedNeed& need) { return {{"need", need.need}, {"value", need.value}, {"line", need.line > 0 ? std::to_string(need.line) : ""}}; }

ordered_json others_of(const Report& report, const Decision& decision) {
  ordered_json out = ordered_json::array();
  for (const Candidate& candidate : decision.candidates)
    if (candidate.standing != Standing::picked) out.push_back(candidate_view(report, candidate));
  return out;
}

void add_decision(ordered_json& out, const Report& report, const Decision& decision) {
  out["mechanism"] = name_of(report, decision.mechanism);
  out["id"] = decision.mechanism;
  out["why"] = decision.because;
  out["source"] = decision.source;
  out["layers_in_short"] = layers_in_short(decision);
  out["layers"] = array_of(decision.layers, layer_view);
  out["guide"] = decision.guide.mechanism;
  out["guide_same"] = decision.guide.mechanism == decision.mechanism;
  out["advice"] = decision.guide.advice;
  out["claim"] = decision.guide.claim;
  out["steps"] = array_of(decision.trace, step_view);
  out["others"] = others_of(report, decision);
  out["flips"] = array_of(decision.flips, flip_view);
  out["assumed"] = array_of(decision.assumed, assumption_view);
  out["disagreements"] = array_of(decision.disagreements, [](const Disagreement& one) -> ordered_json {
    return {{"guide", one.guide}, {"claim", one.claim}, {"field", one.field}, {"source", one.source}};
  });
}

ordered_json channel_view(const Report& report, const ChannelReport& channel) {
  ordered_json out = {{"name", channel.name}, {"file", channel.file}, {"line", channel.position.line > 0 ? std::to_string(channel.position.line) : ""}};
  mark(out, word(channel.verdict));
  out["verdict"] = verdict_in_words(channel.verdict);
  out["because"] = channel.because;
  out["undecided"] = channel.undecided;
  add_decision(out, report, channel.decision);
  out["needs"] = array_of(channel.needs, need_view);
  out["checks"] = array_of(channel.checks, check_view);
  out["claims"] = array_of(channel.refuted, claim_view);
  for (const ClaimVerdict& claim : channel.upheld) out["claims"].push_back(claim_view(claim));
  out["what_if"] = what_if_in_words(channel);
  out["why_not"] = channel.why_not ? why_not_view(*channel.why_not) : ordered_json(nullptr);
  out["cost"] = channel.cost;
  out["debug"] = channel.debug;
  out["pitfalls"] = channel.pitfalls;
  return out;
}

ordered_json finding_view(const Finding& finding) {
  ordered_json row = {{"place", fmt::format("{}:{}:{}", finding.file, finding.span.begin.line, finding.span.begin.column)}, {"rule", finding.rule}, {"name", finding.name},
                      {"message", finding.message}, {"help", finding.help}};
  mark(row, word(finding.level));
  return row;
}

ordered_json findings_of(const Report& report) {
  ordered_json out = ordered_json::array();
  for (const Finding& finding : report.findings)
    if (!finding.suppressed) out.push_back(finding_view(finding));
  return out;
}

// "2 confirmed, 1 not-run": how often each word comes, in the order in which the words are first met.
std::string tally(const std::vector<std::string>& words) {
  std::vector<std::pair<std::string, int>> counts;
  for (const std::string& word : words) {
    const auto known = std::find_if(counts.begin(), counts.end(), [&](const auto& entry) { return entry.first == word; });
    if (known == counts.end()) counts.emplace_back(word, 1);
    else ++known->second;
  }
  std::vector<std::string> parts;
  for (const auto& [word, count] : counts) parts.push_back(fmt::format("{} {}", count, word));
  return join(parts, ", ", ", ");
}

template <typename List, typename Word>
std::string tally_of(const List& list, Word word_of_one) {
  std::vector<std::string> words;
  for (const auto& one : list) words.emplace_back(word_of_one(one));
  return tally(words);
}

std::string headline_of_channels(const Report& report) {
  if (report.channels.size() > 1)
    return fmt::format("{} channels: {}", report.channels.size(), tally_of(report.channels, [](const ChannelReport& channel) { return word(channel.verdict); }));
  const ChannelReport& channel = report.channels.front();
  const std::string& mechanism = channel.decision.mechanism;
  return fmt::format("{}: {}, {}", channel.name, mechanism.empty() ? "no mechanism is left" : "use " + mechanism, verdict_in_words(channel.verdict));
}

std::vector<std::string> host_facts(const Host& host) {
  std::vector<std::string> out;
  if (host.kernel.empty()) return out;
  out.push_back(host.kernel);
  out.push_back(host.cpu_model.empty() ? "CPU unknown" : host.cpu_model);
  out.push_back(fmt::format("{} usable CPU{}", host.usable_cpus, host.usable_cpus == 1 ? "" : "s"));
  out.push_back(fmt::format("load {:.2f}", host.load_1min));
  if (host.cpu_quota) out.push_back(fmt::format("quota {:.2g} CPUs", *host.cpu_quota));
  if (!host.governor.empty()) out.push_back("governor " + host.governor);
  if (!host.hypervisor.empty()) out.push_back("virtual machine: " + host.hypervisor);
  if (!host.container.empty()) out.push_back("container: " + host.container);
  return out;
}

}  // namespace

std::string headline(const Report& report) {
  if (!report.channels.empty()) return headline_of_channels(report);
  if (!report.claims.empty()) return fmt::format("The guide's {} claims: {}", report.claims.size(), tally_of(report.claims, [](const ClaimVerdict& claim) { return claim.verdict; }));
  if (!report.probes.empty()) return fmt::format("{} mechanisms: {}", report.probes.size(), tally_of(report.probes, [](const ProbeResult& probe) { return word(probe.end); }));
  return count_findings(report);
}

ordered_json view_of(const Report& report) {
  ordered_json out = {{"headline", headline(report)}, {"version", report.version}, {"rules_version", report.rules_version}, {"digest", report.rules_digest}};
  out["several"] = report.channels.size() > 1;
  out["channels"] = array_of(report.channels, [&](const ChannelReport& channel) { return channel_view(report, channel); });
  out["lint_only"] = report.channels.empty() && report.claims.empty() && report.probes.empty();
  out["count"] = count_findings(report);
  out["findings"] = findings_of(report);
  out["claims"] = array_of(report.claims, claim_view);
  out["host"] = host_facts(report.host);
  out["host_in_short"] = join(host_facts(report.host), ", ", ", ");
  out["warnings"] = report.host.warnings;
  out["comparison"] = report.comparison ? comparison_view(*report.comparison) : ordered_json(nullptr);
  return out;
}

}  // namespace ipc_advisor::report
