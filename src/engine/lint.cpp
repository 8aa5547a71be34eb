// Runs the rules' conditions over each channel, and the eliminations over what the channel uses.
#include "engine/lint.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <tuple>

#include "base/text.hpp"
#include "engine/complete.hpp"
#include "engine/decide.hpp"

namespace ipc_advisor::engine {

using rules::Facts;
using rules::LintRule;
using rules::Rules;
using rules::Truth;

namespace {

class ChannelLinter {
 public:
  ChannelLinter(const Rules& rules, const Channel& channel, std::vector<Finding>& out)
      : rules_(rules), channel_(channel), out_(out), needs_(derive(rules, channel.needs)) {
    const auto index = rules.vocabulary.find("uses");
    if (const auto* text = index ? std::get_if<std::string>(&needs_[*index].value) : nullptr) uses_ = *text;
    for (std::size_t i = 0; i < std::min<std::size_t>(needs_.size(), 64); ++i)
      if (is_known(needs_[i].value)) known_ |= std::uint64_t{1} << i;
  }

  void run() {
    for (const LintRule& rule : rules_.lint)
      if (rule.when && holds(*rule.when)) report(rule);
    // The last step: it takes the needs with it.
    if (!uses_.empty()) hold_choice();
  }

  void run_contradictions() {
    for (const LintRule& rule : rules_.lint)
      if (is_contradiction(rules_, rule) && holds(*rule.when)) report(rule);
  }

 private:
  bool holds(const rules::Condition& condition) const { return condition.can_hold(known_) && condition.evaluate(Facts{needs_, uses_, ""}) == Truth::yes; }

  Span span_of(std::size_t need) const {
    const Origin& origin = channel_.needs[need].origin;
    return origin.kind == OriginKind::file ? origin.value : channel_.header;
  }

  bool stands_in_file(std::size_t need) const { return channel_.needs[need].origin.kind == OriginKind::file; }

  void point_also(Finding& finding, std::size_t need) const {
    if (!stands_in_file(need)) return;
    const rules::NeedDef& def = rules_.vocabulary[need];
    finding.also.push_back({fmt::format("{} = {} stands here", def.id, printable(rules::toml_value(def, needs_[need].value))), channel_.file, span_of(need)});
  }

  // {need} in a message is replaced by that need's value.
  std::string fill(const std::string& message) const {
    std::string out;
    std::size_t at = 0;
    for (auto open = message.find('{'); open != std::string::npos; open = message.find('{', at)) {
      const auto close = std::min(message.find('}', open), message.size());
      const auto need = rules_.vocabulary.find(std::string_view(message).substr(open + 1, close - open - 1));
      out.append(message, at, open - at);
      at = need ? close + 1 : open + 1;
      out += need ? printable(rules::format_value(rules_.vocabulary[*need], needs_[*need].value)) : "{";
    }
    return out.append(message, at);
  }

  void report(const LintRule& rule) {
    const std::size_t key = rule.key.value_or(needs_.size());
    Finding finding = finding_of(rule, channel_, fill(rule.message));
    if (rule.also) point_also(finding, *rule.also);
    if (rule.fix) finding.fix = fix_of(*rule.fix, key);
    out_.push_back(std::move(finding));
  }

  std::optional<Fix> fix_of(const rules::FixRule& rule, std::size_t key) const {
    using Kind = rules::FixRule::Kind;
    if (rule.kind == Kind::add) return Fix{fmt::format("add {}", rule.text), rule.safe, {{Edit::Kind::add_line, channel_.header, rule.text}}};
    if (key >= needs_.size() || !stands_in_file(key)) return std::nullopt;
    const std::string& id = rules_.vocabulary[key].id;
    const Origin& origin = channel_.needs[key].origin;
    if (rule.kind == Kind::set) return Fix{fmt::format("write {} = {}", id, rule.text), rule.safe, {{Edit::Kind::replace, origin.value, rule.text}}};
    return Fix{fmt::format("remove {}", id), rule.safe, {{Edit::Kind::remove_line, {origin.key.begin, origin.value.end}, ""}}};
  }

  void hold_choice() {
    const std::size_t uses = *rules_.vocabulary.find("uses");
    const rules::Mechanism* mechanism = rules_.mechanism(uses_);
    if (mechanism == nullptr) return;
    bool fell = false;
    for (const rules::Trait& trait : mechanism->traits) {
      if (!trait.contradicts || !holds(*trait.contradicts)) continue;
      Finding finding = make_finding(rules_, trait.advice ? "IPC202" : "IPC201", fmt::format("{}: {} [{}]", uses_, trait.because, trait.source),
                                     channel_.file, span_of(uses));
      finding.channel = channel_.name;
      for (const std::size_t need : trait.contradicts->needs()) point_also(finding, need);
      out_.push_back(std::move(finding));
      fell = true;
    }
    const std::string pick = outcome_of(rules_, complete(rules_, std::move(needs_))).pick;
    if (pick == uses_) return;
    if (pick.empty()) return;
    Finding finding = make_finding(rules_, fell ? "IPC204" : "IPC203", fmt::format("{} would be recommended for these needs", pick), channel_.file, span_of(uses));
    finding.channel = channel_.name;
    finding.fix = Fix{fmt::format("write uses = \"{}\"", pick), false, {{Edit::Kind::replace, span_of(uses), fmt::format("\"{}\"", pick)}}};
    out_.push_back(std::move(finding));
  }

  const Rules& rules_;
  const Channel& channel_;
  std::vector<Finding>& out_;
  std::vector<Need> needs_;
  std::string uses_;
  std::uint64_t known_ = 0;  // a bit for each need that has an answer
};

bool is_before(const Finding& a, const Finding& b) { return std::tie(a.span.begin, a.rule, a.message) < std::tie(b.span.begin, b.rule, b.message); }

void sort_by_place(std::vector<Finding>& findings) {
  if (!std::is_sorted(findings.begin(), findings.end(), is_before)) std::stable_sort(findings.begin(), findings.end(), is_before);
}

// Marks the findings, sorted by place, that comments allow, and finds the comments that allow nothing or say too little.
class Permissions {
 public:
  Permissions(const Rules& rules, const rules::Requirements& requirements, std::vector<Finding>& findings, bool host_tried)
      : rules_(rules), requirements_(requirements), findings_(findings), host_tried_(host_tried) {}

  void run() {
    std::vector<Finding> own;
    for (const rules::Suppression& one : requirements_.suppressions) {
      if (one.unreadable) {
        own.push_back(make_finding(rules_, "IPC015", "this comment allows nothing: expected \"# ipc: allow[RULE] reason\"", requirements_.file, one.span));
        continue;
      }
      if (one.reason.empty()) {
        own.push_back(make_finding(rules_, "IPC012", "a finding is allowed without a reason", requirements_.file, one.span));
        continue;
      }
      for (const std::string& named : one.rules) allow(one, named, own);
    }
    findings_.insert(findings_.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
  }

 private:
  void allow(const rules::Suppression& one, const std::string& named, std::vector<Finding>& own) {
    const LintRule* rule = rules_.lint_rule(named);
    // A file that cannot be read right is never all right.
    if (rule == nullptr || rule->code.starts_with("IPC0")) return own.push_back(unknown(one, named));
    bool found = false;
    const auto first = std::lower_bound(findings_.begin(), findings_.end(), one.first_line, [](const Finding& finding, int line) { return finding.span.begin.line < line; });
    for (auto finding = first; finding != findings_.end() && one.covers(finding->span.begin.line); ++finding) {
      if (finding->rule != rule->code) continue;
      finding->suppressed = one.reason;
      found = true;
    }
    // What only the host can tell is not stale where nobody asked it.
    if (found || (!rule->host.empty() && !host_tried_)) return;
    own.push_back(make_finding(rules_, "IPC014", fmt::format("{} is allowed here, but there is no such finding", rule->code), requirements_.file, one.span));
    if (one.rules.size() == 1) own.back().fix = Fix{"remove the comment", true, {{Edit::Kind::replace, one.with_blanks, ""}}};
  }

  Finding unknown(const rules::Suppression& one, const std::string& named) const {
    std::vector<std::string> known;
    for (const LintRule& rule : rules_.lint) {
      known.push_back(rule.code);
      known.push_back(rule.name);
    }
    std::string upper = named;
    std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const auto near = rules_.lint_rule(upper) != nullptr ? std::optional(upper) : nearest_word(named, known);
    const bool of_the_file = rules_.lint_rule(named) != nullptr;
    return make_finding(rules_, "IPC013",
                        fmt::format("\"{}\" {}{}", printable(named), of_the_file ? "is about the file itself and cannot be allowed" : "is not a rule",
                                    near && !of_the_file ? fmt::format("; did you mean \"{}\"?", *near) : ""),
                        requirements_.file, one.span);
  }

  const Rules& rules_;
  const rules::Requirements& requirements_;
  std::vector<Finding>& findings_;
  bool host_tried_;
};

}  // namespace

bool is_contradiction(const Rules& rules, const LintRule& rule) {
  if (!rule.when || !rule.host.empty()) return false;
  const std::vector<std::size_t> needs = rule.when->needs();
  return !needs.empty() && std::all_of(needs.begin(), needs.end(), [&](std::size_t need) { return rules.vocabulary[need].decides; });
}

std::vector<Finding> contradictions_of(const Rules& rules, const Channel& channel) {
  std::vector<Finding> findings;
  ChannelLinter(rules, channel, findings).run_contradictions();
  return findings;
}

Finding finding_of(const LintRule& rule, const Channel& channel, std::string message) {
  const bool stated = rule.key && channel.needs[*rule.key].origin.kind == OriginKind::file;
  Finding finding = rules::make_finding(rule, std::move(message), channel.file, stated ? channel.needs[*rule.key].origin.value : channel.header);
  finding.channel = channel.name;
  return finding;
}

void lint_channel(const Rules& rules, const Channel& channel, std::vector<Finding>& out) {
  const auto before = static_cast<std::ptrdiff_t>(out.size());
  ChannelLinter(rules, channel, out).run();
  std::stable_sort(out.begin() + before, out.end(), is_before);
}

std::vector<Finding> settle(const Rules& rules, const rules::Requirements& requirements, std::vector<Finding> of_channels, bool host_tried) {
  std::vector<Finding> findings = std::move(of_channels);
  findings.insert(findings.end(), requirements.findings.begin(), requirements.findings.end());
  sort_by_place(findings);
  if (requirements.suppressions.empty()) return findings;
  Permissions(rules, requirements, findings, host_tried).run();
  sort_by_place(findings);
  return findings;
}

std::vector<Finding> lint(const Rules& rules, const rules::Requirements& requirements) {
  std::vector<Finding> findings;
  for (const Channel& channel : requirements.channels) lint_channel(rules, channel, findings);
  return settle(rules, requirements, std::move(findings), false);
}

}  // namespace ipc_advisor::engine
