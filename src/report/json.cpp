// The JSON report, version 1. Keys are fixed; more may be added.
#include <cmath>

#include "probe/wire.hpp"
#include "report/comparison.hpp"
#include "report/format.hpp"
#include "report/json_text.hpp"

namespace ipc_advisor::report {
namespace {

using nlohmann::ordered_json;

ordered_json number(const std::optional<double>& value) {
  // JSON has no infinity, and a missing figure is not zero.
  return value && std::isfinite(*value) ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json layer_json(const Layer& layer) {
  ordered_json out = {{"kind", layer.kind}, {"value", layer.value}};
  if (!layer.platform.empty()) out["platform"] = layer.platform;
  out["because"] = layer.because;
  out["source"] = layer.source;
  return out;
}

ordered_json step_json(const TraceStep& step) {
  return {{"tree", step.tree}, {"node", step.node}, {"need", step.need}, {"answer", step.answer}, {"source", step.source}, {"origin", word(step.origin)}};
}

ordered_json candidate_json(const Candidate& candidate) {
  return {{"mechanism", candidate.mechanism}, {"standing", word(candidate.standing)}, {"because", candidate.because}, {"source", candidate.source},
          {"trait", candidate.trait}, {"advised_against", candidate.advised_against}, {"needs", candidate.needs}};
}

ordered_json change_json(const NeedChange& change) {
  return {{"need", change.need}, {"from", change.from}, {"to", change.to}, {"line", change.where.begin.line}, {"column", change.where.begin.column}};
}

ordered_json flip_json(const Flip& flip) {
  ordered_json out = change_json(flip.first);
  out["mechanism"] = flip.mechanism;
  if (flip.second) out["and"] = change_json(*flip.second);
  return out;
}

ordered_json why_not_json(const WhyNot& why_not) {
  const auto objection_json = [](const Objection& objection) -> ordered_json {
    return {{"because", objection.because}, {"source", objection.source}, {"trait", objection.trait}, {"advised_against", objection.advised_against}};
  };
  return {{"mechanism", why_not.mechanism}, {"picked", why_not.picked}, {"objections", array_of(why_not.objections, objection_json)}, {"instead", why_not.instead},
          {"ways", array_of(why_not.ways, flip_json)}, {"cost", why_not.cost}};
}

ordered_json assumption_json(const Assumption& assumption) {
  return {{"need", assumption.need}, {"value", assumption.value}, {"otherwise", assumption.otherwise}, {"essential", assumption.essential}, {"outcomes", assumption.outcomes}};
}

ordered_json check_json(const Check& check) {
  return {{"need", check.need}, {"mechanism", check.mechanism}, {"wanted", check.wanted_number ? number(check.wanted_number) : ordered_json(check.wanted)},
          {"low", number(check.low)}, {"median", number(check.median)}, {"high", number(check.high)}, {"unit", check.unit},
          {"verdict", word(check.verdict)}, {"because", check.because}};
}

ordered_json claim_json(const ClaimVerdict& claim) {
  return {{"id", claim.id}, {"says", claim.says}, {"verdict", claim.verdict}, {"measured", number(claim.measured)}, {"low", number(claim.low)},
          {"high", number(claim.high)}, {"unit", claim.unit}, {"because", claim.because}};
}

ordered_json channel_json(const ChannelReport& channel) {
  const Decision& decision = channel.decision;
  ordered_json out = {{"name", channel.name}, {"file", channel.file}, {"line", channel.position.line}};
  out["guide"] = {{"mechanism", decision.guide.mechanism}, {"claim", decision.guide.claim}, {"because", decision.guide.advice}};
  out["recommendation"] = {{"mechanism", decision.mechanism}, {"layers", array_of(decision.layers, layer_json)}, {"because", decision.because}, {"source", decision.source}};
  out["verdict"] = word(channel.verdict);
  out["because"] = channel.because;
  out["undecided"] = channel.undecided;
  out["trace"] = array_of(decision.trace, step_json);
  out["candidates"] = array_of(decision.candidates, candidate_json);
  out["flips"] = array_of(decision.flips, flip_json);
  out["assumed"] = array_of(decision.assumed, assumption_json);
  out["checks"] = array_of(channel.checks, check_json);
  out["refuted_claims"] = array_of(channel.refuted, claim_json);
  out["disagreements"] = array_of(decision.disagreements, [](const Disagreement& one) -> ordered_json {
    return {{"id", one.id}, {"guide", one.guide}, {"claim", one.claim}, {"field", one.field}, {"source", one.source}};
  });
  if (!channel.what_if.empty()) out["what_if"] = {{"changes", array_of(channel.what_if, change_json)}, {"instead_of", channel.instead_of}};
  if (channel.why_not) out["why_not"] = why_not_json(*channel.why_not);
  out["cost"] = channel.cost;
  out["debug"] = channel.debug;
  out["pitfalls"] = channel.pitfalls;
  if (channel.parameters) out["parameters"] = ordered_json::parse(probe::to_json(*channel.parameters));
  return out;
}

void add_span(ordered_json& out, const Span& span) {
  out["line"] = span.begin.line;
  out["column"] = span.begin.column;
  out["end_line"] = span.end.line;
  out["end_column"] = span.end.column;
}

ordered_json finding_json(const Finding& finding) {
  ordered_json out = {{"rule", finding.rule}, {"name", finding.name}, {"level", word(finding.level)}, {"message", finding.message}, {"help", finding.help},
                      {"channel", finding.channel}, {"file", finding.file}};
  add_span(out, finding.span);
  out["also"] = array_of(finding.also, [](const Related& related) {
    ordered_json place = {{"message", related.message}, {"file", related.file}};
    add_span(place, related.span);
    return place;
  });
  out["suppressed"] = finding.suppressed ? ordered_json(*finding.suppressed) : ordered_json(nullptr);
  if (finding.fix) out["fix"] = {{"says", finding.fix->says}, {"safe", finding.fix->safe}};
  return out;
}

ordered_json host_json(const Host& host) {
  ordered_json out = {{"kernel", host.kernel}, {"cpu_model", host.cpu_model}, {"usable_cpus", host.usable_cpus}, {"cpu_quota", number(host.cpu_quota)},
                      {"governor", host.governor}, {"hypervisor", host.hypervisor}, {"container", host.container}, {"load_1min", host.load_1min}};
  ordered_json limits = ordered_json::object();
  for (const auto& [name, value] : host.limits) limits[name] = value;
  out["limits"] = limits;
  out["warnings"] = host.warnings;
  return out;
}

}  // namespace

std::string render_json(const Report& report, const Style&) {
  ordered_json out = {{"schema", "ipc-advisor-report-1"}, {"version", report.version}};
  out["rules"] = {{"version", report.rules_version}, {"digest", report.rules_digest}};
  out["channels"] = array_of(report.channels, channel_json);
  out["findings"] = array_of(report.findings, finding_json);
  out["claims"] = array_of(report.claims, claim_json);
  out["probes"] = array_of(report.probes, [](const ProbeResult& probe) { return ordered_json::parse(probe::to_json(probe)); });
  out["host"] = host_json(report.host);
  if (report.comparison) out["comparison"] = comparison_json(*report.comparison);
  // File names are bytes; what is not UTF-8 in them is replaced rather than thrown at.
  return json_text(out);
}

}  // namespace ipc_advisor::report
