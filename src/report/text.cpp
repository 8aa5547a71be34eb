// The report for people: verdict first, then why, what was checked, what else would do, what would change it.
#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

#include "base/text.hpp"
#include "engine/claims.hpp"
#include "report/comparison.hpp"
#include "report/format.hpp"
#include "report/layout.hpp"
#include "report/probes.hpp"
#include "report/words.hpp"

namespace ipc_advisor::report {
namespace {

constexpr std::size_t shown_flips = 6, shown_fallen = 5, shown_pitfalls = 3;

std::string place(std::string_view file, const Position& at) {
  if (file.empty() || at.line == 0) return printable(file);
  return fmt::format("{}:{}:{}", printable(file), at.line, at.column);
}

class TextReport {
 public:
  TextReport(const Report& report, const Style& style) : report_(report), page_(style) {}

  std::string render() {
    for (const ChannelReport& channel : report_.channels) add_channel(channel);
    if (has_findings() || nothing_else()) add_findings();
    if (!report_.claims.empty()) add_claims();
    if (!report_.probes.empty()) add_probes(page_, report_.probes);
    if (report_.comparison) add_comparison(page_, *report_.comparison);
    if (!report_.host.kernel.empty()) add_host();
    return page_.take();
  }

 private:
  bool nothing_else() const { return report_.channels.empty() && report_.claims.empty() && report_.probes.empty(); }
  bool has_findings() const {
    return std::any_of(report_.findings.begin(), report_.findings.end(), [this](const Finding& finding) { return !finding.suppressed || verbose(); });
  }
  bool verbose() const { return page_.style().verbose; }
  std::string arrow() const { return page_.style().unicode ? "→" : "->"; }

  void add_channel(const ChannelReport& channel) {
    const Decision& decision = channel.decision;
    page_.blank();
    page_.add_painted(fmt::format("{} {}", page_.paint(Ink::bold, channel.name + ":"),
                                  page_.paint(Ink::bold, "use " + name_of(report_, decision.mechanism))));
    if (const std::string layers = layers_in_short(decision); !layers.empty()) page_.add("with " + layers);
    page_.add_painted("  " + page_.badge(channel.verdict) + page_.paint(Ink::plain, channel.because.empty() ? "" : ": " + channel.because));
    if (channel.undecided) page_.add("Undecided: an essential answer is missing, see what was assumed.", page_.style().unicode ? "  ⚠ " : "  ! ");
    if (const std::string what_if = what_if_in_words(channel); !what_if.empty()) page_.add("What if " + what_if);
    add_why(channel);
    add_disagreements(channel);
    add_checks(channel);
    if (channel.why_not) add_why_not(channel);
    else add_others(channel);
    add_flips(channel);
    add_assumed(channel);
    add_around(channel);
  }

  void add_why(const ChannelReport& channel) {
    const Decision& decision = channel.decision;
    page_.heading("Why");
    page_.add(fmt::format("{} [{}]", decision.because, decision.source));
    if (decision.guide.mechanism != decision.mechanism)
      page_.add(fmt::format("The guide alone would say {}: {} [{}]", decision.guide.mechanism, decision.guide.advice, decision.guide.claim));
    else
      page_.add(fmt::format("The guide says the same: {} [{}]", decision.guide.advice, decision.guide.claim));
    std::vector<std::string> steps;
    for (const TraceStep& step : decision.trace) {
      const bool assumed = step.origin == OriginKind::assumed;
      // A question that both trees ask is shown once.
      const std::string text = fmt::format("{} {}{}", step.need, step.answer, assumed ? " (assumed)" : "");
      if (std::find(steps.begin(), steps.end(), text) == steps.end()) steps.push_back(text);
    }
    page_.add("The way there: " + join(steps, " " + arrow() + " ", " " + arrow() + " "));
    for (const Layer& layer : decision.layers)
      page_.add(fmt::format("{} {}: {} [{}]", layer.kind, layer.value, layer.because, layer.source), page_.style().unicode ? "  • " : "  * ");
  }

  void add_checks(const ChannelReport& channel) {
    if (channel.checks.empty()) return;
    page_.heading("Tried on this host");
    const auto& first = channel.checks.front();
    const bool none = std::all_of(channel.checks.begin(), channel.checks.end(), [&](const Check& check) { return check.verdict == Verdict::not_run && check.because == first.because; });
    if (none) {
      std::vector<std::string> needs;
      for (const Check& check : channel.checks) needs.push_back(check.need);
      return page_.add(fmt::format("nothing ({}); what could be tried: {}", first.because, join(needs, ", ", " and ")));
    }
    std::vector<std::vector<std::string>> rows;
    for (const Check& check : channel.checks) {
      const std::string figure = check.median ? with_interval(check) + ": " : "";
      rows.push_back({page_.badge(check.verdict), printable(check.need), "wanted " + printable(check.wanted), figure + printable(check.because)});
    }
    page_.table(rows);
    for (const ClaimVerdict& claim : channel.refuted)
      page_.add(fmt::format("The guide's figure does not hold here: {} Measured: {}. [{}]", claim.says, figure_of(claim), claim.id), page_.style().unicode ? "  ⚠ " : "  ! ");
  }

  static std::string figure_of(const ClaimVerdict& claim) {
    std::string figure = measured(claim.measured, claim.unit);
    if (claim.low && claim.high) figure += fmt::format(" ({} to {})", measured(claim.low, claim.unit), measured(claim.high, claim.unit));
    return figure;
  }

  void add_others(const ChannelReport& channel) {
    page_.heading("Why not the others");
    std::vector<std::vector<std::string>> rows;
    std::size_t fallen = 0, hidden = 0;
    for (const Candidate& candidate : channel.decision.candidates) {
      if (candidate.standing == Standing::picked) continue;
      const bool stands = candidate.standing == Standing::standing;
      if (!stands && !verbose() && ++fallen > shown_fallen) {
        ++hidden;
        continue;
      }
      rows.push_back({page_.paint(stands ? Ink::green : Ink::dim, stands ? "would do" : candidate.advised_against ? "advised against" : "cannot"),
                      printable(candidate.mechanism), printable(candidate.because) + (stands ? "" : " [" + printable(candidate.source) + "]")});
    }
    page_.table(rows);
    if (hidden > 0) page_.add_painted(page_.paint(Ink::dim, fmt::format("  and {} more; --verbose lists them all", hidden)));
  }

  void add_flip(std::vector<std::vector<std::string>>& rows, const std::string& file, const Flip& flip) const {
    const auto row = [&](const NeedChange& change, const std::string& outcome) {
      rows.push_back({printable(change.need), fmt::format("{} {} {}", printable(change.from), arrow(), printable(change.to)), outcome, place(file, change.where.begin)});
    };
    const std::string outcome = fmt::format("{} {}", arrow(), flip.mechanism.empty() ? "nothing is left" : flip.mechanism);
    row(flip.first, flip.second ? "and" : outcome);
    if (flip.second) row(*flip.second, outcome);
  }

  void add_why_not(const ChannelReport& channel) {
    const WhyNot& why_not = *channel.why_not;
    page_.heading("Why not " + why_not.mechanism);
    if (why_not.picked) page_.add("It is what is recommended.");
    for (const Objection& objection : why_not.objections)
      page_.add(fmt::format("{}: {} [{}]", objection.advised_against ? "advised against" : "cannot", objection.because, objection.source), page_.style().unicode ? "  • " : "  * ");
    if (!why_not.instead.empty()) page_.add(why_not.instead);
    page_.add("What it costs: " + why_not.cost);
    if (why_not.picked) return;
    if (why_not.ways.empty()) return page_.add("No change of one or two answers would make it the choice.");
    page_.add("The smallest change that would make it the choice:");
    std::vector<std::vector<std::string>> rows;
    for (const Flip& flip : why_not.ways) add_flip(rows, channel.file, flip);
    page_.table(rows, "    ");
  }

  void add_disagreements(const ChannelReport& channel) {
    if (channel.decision.disagreements.empty()) return;
    page_.heading("Where guide and field differ");
    for (const Disagreement& one : channel.decision.disagreements) {
      page_.add(fmt::format("The guide: {} [{}]", one.guide, one.claim), page_.style().unicode ? "  • " : "  * ");
      page_.add(fmt::format("The field: {} [{}]", one.field, one.source), "    ");
    }
  }

  void add_flips(const ChannelReport& channel) {
    if (channel.decision.flips.empty()) return;
    page_.heading("What would change the answer");
    std::vector<std::vector<std::string>> rows;
    std::size_t shown = 0;
    for (const Flip& flip : channel.decision.flips) {
      if (!verbose() && shown == shown_flips) break;
      ++shown;
      add_flip(rows, channel.file, flip);
    }
    page_.table(rows);
    if (channel.decision.flips.size() > shown) page_.add_painted(page_.paint(Ink::dim, fmt::format("  and {} more; --verbose lists them all", channel.decision.flips.size() - shown)));
  }

  void add_assumed(const ChannelReport& channel) {
    if (channel.decision.assumed.empty()) return;
    page_.heading("Assumed, since the file does not say");
    std::vector<std::vector<std::string>> rows;
    for (const Assumption& assumption : channel.decision.assumed)
      rows.push_back({printable(assumption.need), printable(assumption.value) + (assumption.essential ? " (essential)" : ""),
                      fmt::format("else {} ({} outcomes)", printable(assumption.otherwise), assumption.outcomes)});
    page_.table(rows);
  }

  void add_around(const ChannelReport& channel) {
    if (!channel.cost.empty()) {
      page_.heading("What it costs");
      page_.add(channel.cost);
    }
    if (!channel.debug.empty()) {
      page_.heading("To debug it");
      for (const std::string& command : channel.debug) page_.add(command, "  $ ");
    }
    if (channel.pitfalls.empty()) return;
    page_.heading("Pitfalls that apply");
    for (std::size_t i = 0; i < channel.pitfalls.size() && (verbose() || i < shown_pitfalls); ++i)
      page_.add(channel.pitfalls[i], page_.style().unicode ? "  • " : "  * ");
    if (!verbose() && channel.pitfalls.size() > shown_pitfalls)
      page_.add_painted(page_.paint(Ink::dim, fmt::format("  and {} more; --verbose lists them all", channel.pitfalls.size() - shown_pitfalls)));
  }

  std::string_view source_of(std::string_view code) const {
    const auto rule = std::find_if(report_.rules.begin(), report_.rules.end(), [&](const RuleInfo& one) { return one.code == code; });
    return rule == report_.rules.end() ? "" : std::string_view(rule->source);
  }

  // A rule gives the same help each time: it is laid out once.
  const std::string& laid_out(const std::string& help) {
    const auto [known, is_new] = helps_.try_emplace(help);
    if (is_new) {
      Page lines(page_.style());
      lines.add(help, "    ");
      known->second = lines.take();
      known->second.pop_back();
    }
    return known->second;
  }

  void add_findings() {
    if (!report_.channels.empty()) page_.heading("Findings");
    for (const Finding& finding : report_.findings) {
      if (finding.suppressed && !verbose()) continue;
      page_.add_painted(fmt::format("{}: {}[{} {}] {}", page_.paint(Ink::bold, place(finding.file, finding.span.begin)), page_.badge(finding.level),
                                    page_.link(finding.rule, source_of(finding.rule)), finding.name, printable(finding.message)));
      for (const Related& related : finding.also) page_.add(fmt::format("{}: {}", place(related.file, related.span.begin), related.message), "    ");
      if (finding.suppressed) page_.add("allowed: " + *finding.suppressed, "    ");
      else if (!finding.help.empty()) page_.add_painted(laid_out("help: " + finding.help));
      if (finding.fix && !finding.suppressed) page_.add(fmt::format("fix: {} ({})", finding.fix->says, finding.fix->safe ? "--fix" : "--fix --unsafe-fixes"), "    ");
    }
    if (report_.channels.empty()) page_.add_painted(page_.paint(Ink::bold, count_findings(report_)));
  }

  void add_claims() {
    page_.heading("The guide's claims on this host");
    std::vector<std::vector<std::string>> rows;
    for (const ClaimVerdict& claim : report_.claims) {
      const auto verdict = verdict_of(claim.verdict);
      rows.push_back({verdict ? page_.badge(*verdict) : page_.paint(Ink::dim, "  " + claim.verdict), printable(claim.id), figure_of(claim), printable(claim.says) + " " + arrow() + " " + printable(claim.because)});
    }
    page_.table(rows);
    page_.blank();
    page_.add(engine::figure_rule, "  ");
  }

  void add_host() {
    const Host& host = report_.host;
    page_.blank();
    std::string line = fmt::format("Host: {}, {}, {} usable CPU{}, load {:.2f}", host.kernel, host.cpu_model.empty() ? "CPU unknown" : host.cpu_model, host.usable_cpus,
                                   host.usable_cpus == 1 ? "" : "s", host.load_1min);
    if (!host.hypervisor.empty()) line += ", virtual machine";
    if (!host.container.empty()) line += ", container " + host.container;
    if (host.cpu_quota) line += fmt::format(", quota {:.2g} CPUs", *host.cpu_quota);
    if (!host.governor.empty()) line += ", governor " + host.governor;
    page_.add(line, "");
    std::vector<std::string> limits;
    for (const auto& [name, value] : host.limits) limits.push_back(fmt::format("{} {}", name == "mitigations" ? "mitigations for" : name, value));
    if (!limits.empty()) page_.add("Limits: " + join(limits, ", ", " and "), "");
    for (const std::string& warning : host.warnings) page_.add(warning, page_.style().unicode ? "⚠ " : "! ");
    page_.add(fmt::format("ipc-advisor {}, rules {} ({})", report_.version, report_.rules_version, report_.rules_digest), "");
  }

  const Report& report_;
  Page page_;
  std::unordered_map<std::string, std::string> helps_;
};

}  // namespace

std::string render_text(const Report& report, const Style& style) { return TextReport(report, style).render(); }

}  // namespace ipc_advisor::report
