// Draft-07, since every editor and validator reads it.
#include "report/schema.hpp"

#include <algorithm>
#include <initializer_list>

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/json_text.hpp"

namespace ipc_advisor::report {
namespace {

using nlohmann::ordered_json;
using rules::NeedDef;
using rules::NeedType;

constexpr const char* draft = "http://json-schema.org/draft-07/schema#";

// ------------------------------------------------------------------ ipc.toml

std::string quantity_pattern(Quantity quantity) {
  std::vector<std::string> units = unit_names(quantity);
  // The longer ones first, or a matcher might stop at "B" of "B/s".
  std::sort(units.begin(), units.end(), [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
  return "^[ \\t]*[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?[ \\t]*(" + join(units, "|", "|") + ")[ \\t]*$";
}

ordered_json choices_json(const NeedDef& need, bool or_unknown) {
  ordered_json list = need.choice_ids();
  if (or_unknown) list.push_back("unknown");
  return {{"type", "string"}, {"enum", std::move(list)}};
}

// "unknown" stands for no answer wherever a need decides.
ordered_json or_unknown(ordered_json schema) { return {{"anyOf", ordered_json::array({std::move(schema), {{"const", "unknown"}}})}}; }

ordered_json value_schema(const rules::Rules& rules, const NeedDef& need) {
  switch (need.type) {
    case NeedType::boolean: return or_unknown({{"type", "boolean"}});
    case NeedType::choice: return choices_json(need, true);
    case NeedType::list: return or_unknown({{"type", "array"}, {"items", choices_json(need, false)}, {"minItems", 1}, {"uniqueItems", true}});
    case NeedType::count: return or_unknown({{"type", "integer"}, {"minimum", need.id == "port" ? 0 : 1}});
    case NeedType::text: return need.id == "uses" ? ordered_json{{"type", "string"}, {"enum", rules.mechanism_ids()}} : ordered_json{{"type", "string"}};
    default: return or_unknown({{"type", "string"}, {"pattern", quantity_pattern(rules::quantity_of(need.type))}});
  }
}

std::string described(const NeedDef& need) {
  std::string out = need.question;
  if (!need.why.empty()) out += "\n" + need.why;
  for (const rules::Choice& choice : need.choices) out += "\n- " + choice.id + ": " + choice.says;
  return out;
}

ordered_json channel_schema(const rules::Rules& rules) {
  ordered_json properties = {{"name", {{"type", "string"}, {"minLength", 1}, {"description", "The channel's name, by which reports and baselines know it."}}}};
  for (const NeedDef& need : rules.vocabulary.all()) {
    ordered_json schema = {{"description", described(need)}};
    schema.update(value_schema(rules, need));
    properties[need.id] = std::move(schema);
  }
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", {"name"}}, {"additionalProperties", false}};
}

ordered_json lint_schema(const rules::Rules& rules) {
  ordered_json levels = ordered_json::object();
  for (const rules::LintRule& rule : rules.lint)
    for (const std::string& id : {rule.code, rule.name}) levels[id] = {{"type", "string"}, {"enum", {"off", "info", "warning", "error"}}, {"description", rule.message}};
  ordered_json properties = {{"fail-level", {{"type", "string"}, {"enum", {"error", "warning", "info"}}, {"description", "The lowest level that fails."}}},
                             {"levels", {{"type", "object"}, {"properties", std::move(levels)}, {"additionalProperties", false}}}};
  return {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
}

// ------------------------------------------------------------------ the report

ordered_json text() { return {{"type", "string"}}; }
ordered_json number() { return {{"type", "number"}}; }
ordered_json whole() { return {{"type", "integer"}}; }
ordered_json boolean() { return {{"type", "boolean"}}; }
ordered_json or_null(const char* type) { return {{"type", {type, "null"}}}; }
ordered_json list_of(ordered_json items) { return {{"type", "array"}, {"items", std::move(items)}}; }
ordered_json one_of(std::initializer_list<const char*> words) { return {{"type", "string"}, {"enum", ordered_json(words)}}; }

// Every key that is named is there; more may be, and what may be missing is in `optional`.
ordered_json object(ordered_json properties, const ordered_json& optional = ordered_json::object()) {
  ordered_json required = ordered_json::array();
  for (const auto& [key, schema] : properties.items()) required.push_back(key);
  properties.update(optional);
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}};
}

ordered_json verdict() { return one_of({"confirmed", "refuted", "inconclusive", "not-run", "not-applicable"}); }

ordered_json span_keys() { return {{"file", text()}, {"line", whole()}, {"column", whole()}, {"end_line", whole()}, {"end_column", whole()}}; }

ordered_json finding_schema() {
  ordered_json also = {{"message", text()}};
  also.update(span_keys());
  ordered_json keys = {{"rule", text()}, {"name", text()}, {"level", one_of({"error", "warning", "info"})}, {"message", text()}, {"help", text()}, {"channel", text()},
                       {"also", list_of(object(std::move(also)))}, {"suppressed", or_null("string")}};
  keys.update(span_keys());
  return object(std::move(keys), {{"fix", object({{"says", text()}, {"safe", boolean()}})}});
}

ordered_json change_schema() { return object({{"need", text()}, {"from", text()}, {"to", text()}, {"line", whole()}, {"column", whole()}}); }

ordered_json claim_schema() {
  return object({{"id", text()}, {"says", text()}, {"verdict", text()}, {"measured", or_null("number")}, {"low", or_null("number")}, {"high", or_null("number")}, {"unit", text()}, {"because", text()}});
}

ordered_json parameters_schema() { return object({{"message_bytes", whole()}, {"clients", whole()}, {"rate", number()}, {"together", boolean()}}); }

ordered_json channel_report_schema() {
  ordered_json flip = change_schema();
  flip["properties"]["mechanism"] = text();
  const ordered_json layer = object({{"kind", text()}, {"value", text()}, {"because", text()}, {"source", text()}}, {{"platform", text()}});
  const ordered_json check = object({{"need", text()}, {"mechanism", text()}, {"wanted", {{"anyOf", ordered_json::array({text(), number()})}}}, {"low", or_null("number")}, {"median", or_null("number")},
                                     {"high", or_null("number")}, {"unit", text()}, {"verdict", verdict()}, {"because", text()}});
  const ordered_json candidate = object({{"mechanism", text()}, {"standing", text()}, {"because", text()}, {"source", text()}, {"trait", text()}, {"advised_against", boolean()}, {"needs", list_of(text())}});
  return object({{"name", text()},
                 {"file", text()},
                 {"line", whole()},
                 {"guide", object({{"mechanism", text()}, {"claim", text()}, {"because", text()}})},
                 {"recommendation", object({{"mechanism", text()}, {"layers", list_of(layer)}, {"because", text()}, {"source", text()}})},
                 {"verdict", verdict()},
                 {"because", text()},
                 {"undecided", boolean()},
                 {"trace", list_of(object({{"tree", text()}, {"node", text()}, {"need", text()}, {"answer", text()}, {"source", text()}, {"origin", text()}}))},
                 {"candidates", list_of(candidate)},
                 {"flips", list_of(flip)},
                 {"assumed", list_of(object({{"need", text()}, {"value", text()}, {"otherwise", text()}, {"essential", boolean()}, {"outcomes", whole()}}))},
                 {"checks", list_of(check)},
                 {"refuted_claims", list_of(claim_schema())},
                 {"disagreements", list_of(object({{"id", text()}, {"guide", text()}, {"claim", text()}, {"field", text()}, {"source", text()}}))},
                 {"cost", text()},
                 {"debug", list_of(text())},
                 {"pitfalls", list_of(text())}},
                {{"what_if", {{"type", "object"}}}, {"why_not", {{"type", "object"}}}, {"parameters", parameters_schema()}});
}

ordered_json probe_schema() {
  const ordered_json state = object({{"hop_ns", number()}, {"median_ns", number()}, {"rounds", whole()}});
  const ordered_json round = object({{"bytes", whole()}, {"median_ns", number()}, {"low_ns", number()}, {"high_ns", number()}, {"samples", whole()}, {"switches", number()}, {"outliers", whole()},
                                     {"rounds_ns", list_of(number())}, {"states", list_of(state)}},
                                    {{"p99_ns", number()}, {"p99_low_ns", number()}, {"p99_high_ns", number()}, {"mode", text()}});
  const ordered_json flow = object({{"bytes", whole()}, {"bytes_per_s", number()}, {"low", number()}, {"high", number()}, {"rounds", list_of(number())}}, {{"mode", text()}});
  const ordered_json trial = object({{"id", text()}, {"verdict", verdict()}, {"because", text()}}, {{"figure", number()}, {"unit", text()}});
  return object({{"mechanism", text()}, {"end", one_of({"measured", "unsupported", "not-run", "failed", "crashed", "timed-out"})}, {"because", text()}, {"placement", text()},
                 {"round_trip", list_of(round)}, {"throughput", list_of(flow)}, {"trials", list_of(trial)}, {"waited", number()}},
                {{"late_p99_ns", number()}, {"parameters", parameters_schema()}});
}

ordered_json comparison_schema() {
  const ordered_json then = object({{"then", text()}, {"now", text()}});
  const ordered_json words = list_of(object({{"mechanism", text()}, {"what", text()}, {"then", text()}, {"now", text()}}));
  const ordered_json interval = object({{"low", number()}, {"median", number()}, {"high", number()}});
  const ordered_json figures = list_of(object({{"mechanism", text()}, {"what", text()}, {"bytes", whole()}, {"mode", text()}, {"unit", text()}, {"then", interval}, {"now", interval}, {"ratio", number()},
                                               {"ratio_low", number()}, {"ratio_high", number()}, {"change", one_of({"none", "lower", "higher"})}}));
  const ordered_json verdicts = {{"anyOf", ordered_json::array({then, {{"type", "null"}}})}};
  const ordered_json channel = object({{"name", text()}, {"file", text()}, {"decision", one_of({"same", "changed", "added", "removed"})}, {"mechanism", then}, {"layers", then}, {"verdict", verdicts},
                                       {"left_out", text()}, {"answers", words}, {"needs", words}, {"figures", figures}});
  return object({{"with", text()}, {"rules", then}, {"refused", list_of(text())}, {"left_out", list_of(text())}, {"unmeasured", text()}, {"channels", list_of(channel)}, {"figures", figures}, {"trials", words}});
}

ordered_json host_schema() {
  return object({{"kernel", text()}, {"cpu_model", text()}, {"usable_cpus", whole()}, {"cpu_quota", or_null("number")}, {"governor", text()}, {"hypervisor", text()}, {"container", text()},
                 {"load_1min", number()}, {"limits", {{"type", "object"}, {"additionalProperties", text()}}}, {"warnings", list_of(text())}});
}

}  // namespace

std::string requirements_schema(const rules::Rules& rules) {
  ordered_json out = {{"$schema", draft}, {"title", "ipc.toml: what a project's channels need"}, {"type", "object"}};
  out["properties"] = {{"project", {{"type", "object"}, {"properties", {{"name", text()}}}, {"additionalProperties", false}}},
                       {"lint", lint_schema(rules)},
                       {"channel", {{"type", "array"}, {"minItems", 1}, {"items", channel_schema(rules)}}}};
  out["anyOf"] = ordered_json::array({{{"required", {"channel"}}}, {{"required", {"lint"}}}});
  out["additionalProperties"] = false;
  return json_text(out);
}

std::string report_schema() {
  ordered_json out = {{"$schema", draft}, {"title", "ipc-advisor's report, version 1"}};
  out.update(object({{"schema", {{"const", "ipc-advisor-report-1"}}},
                     {"version", text()},
                     {"rules", object({{"version", text()}, {"digest", text()}})},
                     {"channels", list_of(channel_report_schema())},
                     {"findings", list_of(finding_schema())},
                     {"claims", list_of(claim_schema())},
                     {"probes", list_of(probe_schema())},
                     {"host", host_schema()}},
                    {{"comparison", comparison_schema()}}));
  return json_text(out);
}

}  // namespace ipc_advisor::report
