// The reports that CI systems read: SARIF 2.1.0, JUnit, GitHub's annotations, GitLab's code quality.
#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"
#include "report/baseline.hpp"
#include "report/format.hpp"
#include "report/json_text.hpp"
#include "report/words.hpp"

namespace ipc_advisor::report {
namespace {

using nlohmann::ordered_json;

// The rule under which the verdict on a need is reported.
constexpr const char* verdict_rule = "recommendation-holds";

// A file's name as a URI (RFC 3986), relative where the name is: what is no unreserved character is escaped.
std::string uri_of(const std::string& file) {
  std::string out = file.starts_with('/') ? "file://" : "";
  for (const char c : file.starts_with("./") ? file.substr(2) : file) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain) out += c;
    else out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

// ------------------------------------------------------------------ SARIF

class Sarif {
 public:
  explicit Sarif(const Report& report) : report_(report) {}

  std::string render() {
    ordered_json run;
    run["tool"]["driver"] = {{"name", "ipc-advisor"}, {"version", report_.version}, {"semanticVersion", report_.version}, {"informationUri", "file:///usr/share/doc/ipc-advisor/README.md"}, {"rules", rules()}};
    run["columnKind"] = "unicodeCodePoints";
    run["results"] = ordered_json::array();
    for (const Finding& finding : report_.findings) run["results"].push_back(result(finding));
    for (const ChannelReport& channel : report_.channels)
      for (const Check& check : channel.checks) run["results"].push_back(result(channel, check));
    run["properties"] = {{"rulesVersion", report_.rules_version}, {"rulesDigest", report_.rules_digest}};
    return json_text({{"$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"}, {"version", "2.1.0"}, {"runs", ordered_json::array({run})}});
  }

 private:
  static const char* level_word(Level level) { return level == Level::error ? "error" : level == Level::warning ? "warning" : "note"; }

  static ordered_json region(const Span& span) {
    ordered_json out = {{"startLine", std::max(span.begin.line, 1)}, {"startColumn", std::max(span.begin.column, 1)}};
    if (span.end.line > span.begin.line || span.end.column > span.begin.column) {
      out["endLine"] = span.end.line;
      out["endColumn"] = span.end.column;
    }
    return out;
  }

  static ordered_json location(const std::string& file, const Span& span) {
    return {{"physicalLocation", {{"artifactLocation", {{"uri", uri_of(file)}}}, {"region", region(span)}}}};
  }

  ordered_json rules() {
    ordered_json out = ordered_json::array();
    for (const RuleInfo& rule : report_.rules)
      out.push_back({{"id", rule.code}, {"name", rule.name}, {"shortDescription", {{"text", rule.message}}}, {"fullDescription", {{"text", rule.why}}},
                     {"help", {{"text", rule.help}}}, {"defaultConfiguration", {{"level", level_word(rule.level)}}}, {"properties", {{"source", rule.source}}}});
    out.push_back({{"id", verdict_rule}, {"name", "RecommendationHolds"}, {"shortDescription", {{"text", "what a channel needs was tried on this host"}}},
                   {"fullDescription", {{"text", "A probe of the recommended mechanism ran and met the need, did not, or could not settle it."}}},
                   {"help", {{"text", "See ipc-advisor recommend for the figures and their intervals."}}}, {"defaultConfiguration", {{"level", "error"}}}});
    return out;
  }

  std::size_t index_of(const std::string& id) const {
    for (std::size_t i = 0; i < report_.rules.size(); ++i)
      if (report_.rules[i].code == id) return i;
    return report_.rules.size();
  }

  ordered_json result(const Finding& finding) const {
    ordered_json out = {{"ruleId", finding.rule}, {"ruleIndex", index_of(finding.rule)}, {"level", level_word(finding.level)}, {"message", {{"text", finding.message + "."}}}};
    out["locations"] = ordered_json::array({location(finding.file, finding.span)});
    if (!finding.also.empty()) {
      out["relatedLocations"] = ordered_json::array();
      for (const Related& also : finding.also) {
        ordered_json place = location(also.file, also.span);
        place["id"] = out["relatedLocations"].size() + 1;
        place["message"] = {{"text", also.message + "."}};
        out["relatedLocations"].push_back(std::move(place));
      }
    }
    out["partialFingerprints"] = {{"ipcAdvisor/v1", fingerprint(finding)}};
    if (finding.suppressed) out["suppressions"] = ordered_json::array({{{"kind", finding.in_baseline ? "external" : "inSource"}, {"justification", *finding.suppressed}}});
    if (report_.has_baseline) out["baselineState"] = finding.in_baseline ? "unchanged" : "new";
    if (finding.fix) out["fixes"] = ordered_json::array({fix(finding)});
    return out;
  }

  static ordered_json fix(const Finding& finding) {
    ordered_json replacements = ordered_json::array();
    for (const Edit& edit : finding.fix->edits) {
      ordered_json deleted = {{"startLine", edit.span.begin.line}, {"startColumn", edit.span.begin.column}, {"endLine", edit.span.end.line}, {"endColumn", edit.span.end.column}};
      if (edit.kind == Edit::Kind::remove_line) deleted = {{"startLine", edit.span.begin.line}, {"startColumn", 1}, {"endLine", edit.span.begin.line + 1}, {"endColumn", 1}};
      if (edit.kind == Edit::Kind::add_line) deleted = {{"startLine", edit.span.begin.line + 1}, {"startColumn", 1}, {"endLine", edit.span.begin.line + 1}, {"endColumn", 1}};
      replacements.push_back({{"deletedRegion", std::move(deleted)}, {"insertedContent", {{"text", edit.kind == Edit::Kind::add_line ? fmt::format("{}\n", edit.text) : edit.text}}}});
    }
    return {{"description", {{"text", finding.fix->says + "."}}},
            {"artifactChanges", ordered_json::array({{{"artifactLocation", {{"uri", uri_of(finding.file)}}}, {"replacements", std::move(replacements)}}})}};
  }

  // The way through the trees, question by question.
  ordered_json path_of(const ChannelReport& channel) const {
    ordered_json steps = ordered_json::array();
    for (const TraceStep& step : channel.decision.trace) {
      ordered_json place = location(channel.file, {channel.position, channel.position});
      place["message"] = {{"text", fmt::format("{} tree, {}: {} is {} ({}).", step.tree, step.node, step.need, step.answer, word(step.origin))}};
      steps.push_back({{"location", std::move(place)}});
    }
    return {{"message", {{"text", fmt::format("How the decision came to {}.", channel.decision.mechanism)}}}, {"threadFlows", ordered_json::array({{{"locations", std::move(steps)}}})}};
  }

  // Confirmed is a pass, refuted a failure; what is open was tried without a result, what does not apply was not tried.
  ordered_json result(const ChannelReport& channel, const Check& check) const {
    static constexpr const char* kinds[] = {"pass", "fail", "open", "notApplicable", "notApplicable"};
    const bool failed = check.verdict == Verdict::refuted;
    ordered_json out = {{"ruleId", verdict_rule}, {"ruleIndex", report_.rules.size()}, {"kind", kinds[static_cast<int>(check.verdict)]},
                        {"level", failed ? (check.timing ? "warning" : "error") : "none"}};
    out["message"] = {{"text", fmt::format("{}: {} of {}, wanted {}: {}.", channel.name, check.need, check.mechanism, check.wanted, check.because)}};
    out["locations"] = ordered_json::array({location(channel.file, {channel.position, channel.position})});
    if (!channel.decision.trace.empty()) out["codeFlows"] = ordered_json::array({path_of(channel)});
    return out;
  }

  const Report& report_;
};

// ------------------------------------------------------------------ JUnit

// XML 1.0 has no way to write most control characters; printable() has made them visible by then.
std::string xml(const std::string& text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&apos;"; break;
      default: out += c;
    }
  }
  return out;
}

struct Suite {
  std::string name, cases;
  int tests = 0, failures = 0, errors = 0, skipped = 0;

  // `kind`: "", "failure", "error" or "skipped".
  void add(const std::string& test, const std::string& kind, const std::string& message, const std::string& body) {
    ++tests;
    failures += kind == "failure" ? 1 : 0;
    errors += kind == "error" ? 1 : 0;
    skipped += kind == "skipped" ? 1 : 0;
    const std::string head = fmt::format("    <testcase classname=\"{}\" name=\"{}\"", xml(name), xml(test));
    if (kind.empty()) cases += head + "/>\n";
    else cases += fmt::format("{}>\n      <{} message=\"{}\">{}</{}>\n    </testcase>\n", head, kind, xml(message), xml(body), kind);
  }

  std::string text() const {
    return fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n{}  </testsuite>\n", xml(name), tests, failures, errors, skipped, cases);
  }
};

std::string place(const Finding& finding) { return fmt::format("{}:{}:{}", finding.file, finding.span.begin.line, finding.span.begin.column); }

Suite lint_suite(const Report& report) {
  Suite suite;
  suite.name = "lint";
  for (const Finding& finding : report.findings) {
    const std::string test = fmt::format("{} {}", finding.rule, place(finding));
    if (finding.suppressed) suite.add(test, "skipped", "allowed: " + *finding.suppressed, finding.message);
    else suite.add(test, finding.level == Level::info ? "" : "failure", finding.message, finding.help);
  }
  if (report.findings.empty()) suite.add("no findings", "", "", "");
  return suite;
}

Suite channel_suite(const Report& report, const ChannelReport& channel) {
  Suite suite;
  suite.name = channel.name;
  const std::string& mechanism = channel.decision.mechanism;
  suite.add("decided", mechanism.empty() ? "failure" : "", "no mechanism meets all needs", channel.decision.because);
  const auto probe = std::find_if(report.probes.begin(), report.probes.end(), [&](const ProbeResult& one) { return one.mechanism == mechanism; });
  if (probe != report.probes.end() && (probe->end == ProbeEnd::crashed || probe->end == ProbeEnd::timed_out || probe->end == ProbeEnd::failed))
    suite.add("probe of " + mechanism, "error", std::string(word(probe->end)), probe->because);
  for (const Check& check : channel.checks) {
    const std::string kind = check.verdict == Verdict::confirmed ? "" : check.verdict == Verdict::refuted ? "failure" : "skipped";
    suite.add(check.need, kind, fmt::format("{}: wanted {}, measured {}", word(check.verdict), check.wanted, with_interval(check)), check.because);
  }
  return suite;
}

// ------------------------------------------------------------------ GitHub

// Workflow commands: a percent sign and line ends are escaped, in properties also what separates them.
std::string command_text(const std::string& text, bool property) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '%' || (property && (c == ':' || c == ','))) out += fmt::format("%{:02X}", static_cast<int>(c));
    else out += c;
  }
  return out;
}

// GitHub shows ten annotations of each level a step and drops the rest without a word.
constexpr std::size_t most_annotations = 10;

std::string annotation(const Finding& finding) {
  const char* level = finding.level == Level::error ? "error" : finding.level == Level::warning ? "warning" : "notice";
  std::string out = fmt::format("::{} file={},line={},col={}", level, command_text(finding.file, true), std::max(finding.span.begin.line, 1), std::max(finding.span.begin.column, 1));
  if (finding.span.end.line == finding.span.begin.line && finding.span.end.column > finding.span.begin.column) out += fmt::format(",endColumn={}", finding.span.end.column);
  return out + fmt::format(",title={}::{}\n", command_text(finding.rule + " " + finding.name, true), command_text(finding.message, false));
}

// What did not hold on this host, as findings at the channel's header.
std::vector<Finding> refuted(const Report& report) {
  std::vector<Finding> out;
  for (const ChannelReport& channel : report.channels)
    for (const Check& check : channel.checks) {
      if (check.verdict != Verdict::refuted) continue;
      Finding finding;
      finding.rule = verdict_rule;
      finding.name = "refuted on this host";
      finding.level = check.timing ? Level::warning : Level::error;
      finding.message = fmt::format("{}: {} of {}, wanted {}, measured {}: {}", channel.name, check.need, check.mechanism, check.wanted, with_interval(check), check.because);
      finding.file = channel.file;
      finding.span = {channel.position, channel.position};
      out.push_back(std::move(finding));
    }
  return out;
}

}  // namespace

std::string render_sarif(const Report& report, const Style&) { return Sarif(report).render(); }

std::string render_junit(const Report& report, const Style&) {
  std::vector<Suite> suites;
  if (!report.findings.empty() || report.channels.empty()) suites.push_back(lint_suite(report));
  for (const ChannelReport& channel : report.channels) suites.push_back(channel_suite(report, channel));
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ipc-advisor\">\n";
  for (const Suite& suite : suites) out += suite.text();
  return out + "</testsuites>\n";
}

std::string render_github(const Report& report, const Style&) {
  std::vector<Finding> all = refuted(report);
  std::copy_if(report.findings.begin(), report.findings.end(), std::back_inserter(all), [](const Finding& finding) { return !finding.suppressed; });
  std::stable_sort(all.begin(), all.end(), [](const Finding& a, const Finding& b) { return a.level > b.level; });
  std::string out;
  std::size_t shown[3] = {}, hidden = 0;
  for (const Finding& finding : all) {
    if (shown[static_cast<int>(finding.level)]++ < most_annotations) out += annotation(finding);
    else ++hidden;
  }
  if (hidden > 0) out += fmt::format("{} more are not annotated, since GitHub shows {} a level; see the log or another format\n", hidden, most_annotations);
  return out;
}

std::string render_gitlab(const Report& report, const Style&) {
  ordered_json out = ordered_json::array();
  // GitLab drops what has another's fingerprint: the file counts, and which of those that are alike it is.
  std::map<std::string, int> alike;
  for (const Finding& finding : report.findings) {
    if (finding.suppressed) continue;
    Finding one = finding;
    one.channel = finding.file + "\n" + finding.channel;
    if (const int before = alike[fingerprint(one)]++; before > 0) one.channel += fmt::format("\n{}", before);
    out.push_back({{"description", finding.message}, {"check_name", finding.rule}, {"fingerprint", fingerprint(one)},
                   {"severity", finding.level == Level::error ? "major" : finding.level == Level::warning ? "minor" : "info"},
                   {"location", {{"path", finding.file.starts_with("./") ? finding.file.substr(2) : finding.file}, {"lines", {{"begin", std::max(finding.span.begin.line, 1)}}}}}});
  }
  return json_text(out);
}

}  // namespace ipc_advisor::report
