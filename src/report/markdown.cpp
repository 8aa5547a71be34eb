// The report for a pull request: a line and a table a channel, the rest folded away.
#include <fmt/format.h>
#include <kainjow/mustache.hpp>

#include "base/text.hpp"
#include "report/format.hpp"
#include "report/words.hpp"

namespace ipc_advisor::report {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::mustache;

// Every character that Markdown, HTML or GitHub's mentions give a meaning becomes a numeric entity or is escaped, so
// that a name from a file stays a name.
std::string escape_markdown(const std::string& text) {
  static constexpr std::string_view special = "\\`*_{}[]<>#+!|~@&";
  std::string out;
  for (const char c : printable(text)) {
    if (special.find(c) == std::string_view::npos) out += c;
    else out += fmt::format("&#{};", static_cast<int>(c));
  }
  return out;
}

constexpr const char* page = R"({{#channels}}
### {{name}}: use {{mechanism}}

**{{verdict}}**{{#because}}: {{because}}{{/because}}

{{#what_if}}What if {{what_if}}.

{{/what_if}}
{{#layers}}With {{layers}}.

{{/layers}}
{{why}} \[{{source}}\]

The guide says {{guide}}: {{advice}} \[{{claim}}\]
{{#disagreements}}

- The guide: {{guide}} \[{{claim}}\]
- The field: {{field}} \[{{source}}\]
{{/disagreements}}
{{#why_not}}

**Why not {{mechanism}}**
{{#objections}}
- {{because}} \[{{source}}\]
{{/objections}}
{{#instead}}
- {{instead}}
{{/instead}}
{{#ways}}
- it would be the choice with {{way}}
{{/ways}}
{{/why_not}}
{{#has_checks}}

| verdict | need | wanted | measured | how |
|---|---|---|---|---|
{{#checks}}
| {{verdict}} | {{need}} | {{wanted}} | {{measured}} | {{because}} |
{{/checks}}
{{/has_checks}}

<details><summary>Why not the others</summary>

| mechanism | standing | because |
|---|---|---|
{{#candidates}}
| {{mechanism}} | {{standing}} | {{because}} |
{{/candidates}}

</details>
{{#has_flips}}

<details><summary>What would change the answer</summary>

| need | from | to | then |
|---|---|---|---|
{{#flips}}
| {{need}} | {{from}} | {{to}} | {{mechanism}} |
{{/flips}}

</details>
{{/has_flips}}
{{#has_assumed}}

<details><summary>Assumed</summary>

| need | taken for | else |
|---|---|---|
{{#assumed}}
| {{need}} | {{value}} | {{otherwise}} |
{{/assumed}}

</details>
{{/has_assumed}}

{{/channels}}
{{#has_findings}}
### Findings: {{count}}

| place | level | rule | message |
|---|---|---|---|
{{#findings}}
| {{place}} | {{level}} | {{rule}} | {{message}} |
{{/findings}}

{{/has_findings}}
{{^has_findings}}{{#lint_only}}
No findings.

{{/lint_only}}{{/has_findings}}
{{#has_claims}}
### The guide's claims

| verdict | claim | measured | says |
|---|---|---|---|
{{#claims}}
| {{verdict}} | {{id}} | {{measured}} | {{says}} |
{{/claims}}

{{/has_claims}}
{{#host}}
<sub>{{host}}</sub>
{{/host}}
)";

data checks_data(const ChannelReport& channel) {
  data rows{data::type::list};
  for (const Check& check : channel.checks) {
    data row;
    row.set("verdict", std::string(word(check.verdict)));
    row.set("need", check.need);
    row.set("wanted", check.wanted);
    row.set("measured", with_interval(check));
    row.set("because", check.because);
    rows.push_back(row);
  }
  return rows;
}

data candidates_data(const ChannelReport& channel) {
  data rows{data::type::list};
  for (const Candidate& candidate : channel.decision.candidates) {
    if (candidate.standing == Standing::picked) continue;
    data row;
    row.set("mechanism", candidate.mechanism);
    row.set("standing", std::string(word(candidate.standing)));
    row.set("because", candidate.because + (candidate.source.empty() ? "" : " [" + candidate.source + "]"));
    rows.push_back(row);
  }
  return rows;
}

data flips_data(const ChannelReport& channel) {
  data rows{data::type::list};
  for (const Flip& flip : channel.decision.flips) {
    data row;
    row.set("need", flip.first.need + (flip.second ? " and " + flip.second->need : ""));
    row.set("from", flip.first.from + (flip.second ? " and " + flip.second->from : ""));
    row.set("to", flip.first.to + (flip.second ? " and " + flip.second->to : ""));
    row.set("mechanism", flip.mechanism.empty() ? "nothing is left" : flip.mechanism);
    rows.push_back(row);
  }
  return rows;
}

data assumed_data(const ChannelReport& channel) {
  data rows{data::type::list};
  for (const Assumption& assumption : channel.decision.assumed) {
    data row;
    row.set("need", assumption.need);
    row.set("value", assumption.value);
    row.set("otherwise", assumption.otherwise);
    rows.push_back(row);
  }
  return rows;
}

data disagreements_data(const Decision& decision) {
  data rows{data::type::list};
  for (const Disagreement& one : decision.disagreements) {
    data row;
    row.set("guide", one.guide);
    row.set("claim", one.claim);
    row.set("field", one.field);
    row.set("source", one.source);
    rows.push_back(row);
  }
  return rows;
}

data why_not_data(const WhyNot& why_not) {
  data out, objections{data::type::list}, ways{data::type::list};
  for (const Objection& objection : why_not.objections) {
    data row;
    row.set("because", objection.because);
    row.set("source", objection.source);
    objections.push_back(row);
  }
  for (const Flip& flip : why_not.ways) {
    data row;
    row.set("way", fmt::format("{} = {}{}", flip.first.need, flip.first.to, flip.second ? fmt::format(" and {} = {}", flip.second->need, flip.second->to) : ""));
    ways.push_back(row);
  }
  out.set("mechanism", why_not.mechanism);
  out.set("objections", objections);
  if (!why_not.instead.empty()) out.set("instead", why_not.instead);
  out.set("ways", ways);
  return out;
}

data channel_data(const Report& report, const ChannelReport& channel) {
  data out;
  out.set("name", channel.name);
  out.set("mechanism", name_of(report, channel.decision.mechanism));
  out.set("verdict", verdict_in_words(channel.verdict));
  if (!channel.because.empty()) out.set("because", channel.because);
  if (const std::string layers = layers_in_short(channel.decision); !layers.empty()) out.set("layers", layers);
  if (const std::string what_if = what_if_in_words(channel); !what_if.empty()) out.set("what_if", what_if);
  out.set("disagreements", disagreements_data(channel.decision));
  if (channel.why_not) out.set("why_not", why_not_data(*channel.why_not));
  out.set("why", channel.decision.because);
  out.set("source", channel.decision.source);
  out.set("guide", channel.decision.guide.mechanism);
  out.set("advice", channel.decision.guide.advice);
  out.set("claim", channel.decision.guide.claim);
  out.set("has_checks", !channel.checks.empty());
  out.set("checks", checks_data(channel));
  out.set("candidates", candidates_data(channel));
  out.set("has_flips", !channel.decision.flips.empty());
  out.set("flips", flips_data(channel));
  out.set("has_assumed", !channel.decision.assumed.empty());
  out.set("assumed", assumed_data(channel));
  return out;
}

data findings_data(const Report& report) {
  data rows{data::type::list};
  for (const Finding& finding : report.findings) {
    if (finding.suppressed) continue;
    data row;
    row.set("place", fmt::format("{}:{}:{}", finding.file, finding.span.begin.line, finding.span.begin.column));
    row.set("level", std::string(word(finding.level)));
    row.set("rule", finding.rule + " " + finding.name);
    row.set("message", finding.message);
    rows.push_back(row);
  }
  return rows;
}

data claims_data(const Report& report) {
  data rows{data::type::list};
  for (const ClaimVerdict& claim : report.claims) {
    data row;
    row.set("verdict", claim.verdict);
    row.set("id", claim.id);
    row.set("measured", measured(claim.measured, claim.unit));
    row.set("says", claim.says);
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

std::string render_markdown(const Report& report, const Style&) {
  mustache layout{std::string(page)};
  layout.set_custom_escape(escape_markdown);
  data root;
  data channels{data::type::list};
  for (const ChannelReport& channel : report.channels) channels.push_back(channel_data(report, channel));
  root.set("channels", channels);
  root.set("has_findings", !report.findings.empty());
  root.set("lint_only", report.channels.empty() && report.claims.empty() && report.probes.empty());
  root.set("count", count_findings(report));
  root.set("findings", findings_data(report));
  root.set("has_claims", !report.claims.empty());
  root.set("claims", claims_data(report));
  if (!report.host.kernel.empty())
    root.set("host", fmt::format("{}, {}, {} usable CPUs; ipc-advisor {}, rules {} {}", report.host.kernel, report.host.cpu_model, report.host.usable_cpus, report.version,
                                 report.rules_version, report.rules_digest));
  return layout.render(root);
}

}  // namespace ipc_advisor::report
