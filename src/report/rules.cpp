// Plain lines: a badge where something was held, the count, and what speaks against it.
#include "report/rules.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "report/layout.hpp"

namespace ipc_advisor::report {
namespace {

// Beyond this a list says no more than its length does.
constexpr std::size_t most_listed = 20, most_changes = 12;

void add_list(Page& page, const std::vector<std::string>& items) {
  for (std::size_t i = 0; i < std::min(items.size(), most_listed); ++i) page.add(items[i], "      ");
  if (items.size() > most_listed) page.add(fmt::format("and {} more", items.size() - most_listed), "      ");
}

std::string badge(const Page& page, bool holds) { return page.badge(holds ? Verdict::confirmed : Verdict::refuted); }

// 6677902393344 as 6 677 902 393 344.
std::string grouped(double number) {
  std::string digits = fmt::format("{:.0f}", number);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), " ");
  return digits;
}

std::string covered_in_words(const engine::Proof& proof) {
  const std::string regions = grouped(static_cast<double>(proof.covered.regions)) + " " + proof.unit;
  return proof.covered.profiles > 0 ? fmt::format("{} profiles in {}", grouped(proof.covered.profiles), regions) : regions;
}

std::string mechanism_or_nothing(const std::string& mechanism) { return mechanism.empty() ? "nothing" : mechanism; }

void add_entries(Page& page, std::string_view word, const std::vector<rules::InventoryEntry>& entries) {
  for (const rules::InventoryEntry& entry : entries)
    page.add(fmt::format("{} {} {}: {} [{}:{}]", word, entry.kind, entry.id, entry.detail, entry.place.file, entry.place.at.line), "  ");
}

}  // namespace

std::string proofs_as_text(const std::vector<engine::Proof>& proofs, const Style& style) {
  Page page(style);
  for (const engine::Proof& proof : proofs) {
    page.add_painted(badge(page, proof.holds()));
    page.add(fmt::format("{}: {}{}", proof.says, covered_in_words(proof), proof.whole ? "" : "; NOT ALL OF THEM, so this proves nothing"), "  ");
    add_list(page, proof.faults);
  }
  return page.take();
}

std::string tests_as_text(const std::vector<CaseFailure>& failures, std::size_t cases, std::size_t examples, const Style& style) {
  Page page(style);
  for (const CaseFailure& failure : failures) {
    page.add(failure.where, "");
    add_list(page, failure.failures);
  }
  page.add_painted(badge(page, failures.empty()));
  page.add(fmt::format("{} cases and the examples of {} lint rules; {} do not hold", cases, examples, failures.size()), "  ");
  return page.take();
}

std::string coverage_as_text(const engine::Coverage& coverage, const Style& style) {
  Page page(style);
  std::vector<std::vector<std::string>> rows;
  for (const engine::CoverageGroup& group : coverage)
    rows.push_back({group.name, fmt::format("{} of {}", group.covered(), group.counts.size()), fmt::format("{:.1f} %", group.percent())});
  page.table(rows);
  for (const engine::CoverageGroup& group : coverage) {
    if (group.covered() == group.counts.size()) continue;
    page.add(fmt::format("{} that no case goes through:", group.name), "");
    std::vector<std::string> open;
    for (const auto& [id, count] : group.counts)
      if (count == 0) open.push_back(id);
    add_list(page, open);
  }
  return page.take();
}

std::string mutants_as_text(const std::vector<engine::MutantGroup>& groups, const Style& style) {
  Page page(style);
  for (const engine::MutantGroup& group : groups) {
    page.add_painted(badge(page, group.unnoticed.empty()));
    page.add(fmt::format("{} {}, {} noticed", group.made, group.name, group.made - group.unnoticed.size()), "  ");
    add_list(page, group.unnoticed);
  }
  return page.take();
}

std::string diff_as_text(const rules::InventoryDiff& entries, const engine::OutcomeDiff& outcomes, const Style& style) {
  Page page(style);
  add_entries(page, "+", entries.added);
  add_entries(page, "-", entries.removed);
  add_entries(page, "~", entries.changed);
  if (!entries.added.empty() || !entries.removed.empty() || !entries.changed.empty()) page.blank();
  double changed = 0;
  std::size_t told = 0;
  for (const engine::Change& change : outcomes.changes) {
    changed += change.profiles;
    if (++told > most_changes && !style.verbose) continue;
    page.add(fmt::format("{} -> {}: {} profiles in {} regions", mechanism_or_nothing(change.before), mechanism_or_nothing(change.after), grouped(change.profiles),
                         grouped(static_cast<double>(change.regions))), "");
    if (!change.always.empty()) page.add("always " + join(change.always, "; ", "; "), "    ");
    page.add("such as " + change.example, "    ");
  }
  if (told > most_changes && !style.verbose) page.add(fmt::format("and {} kinds of change more; --verbose lists them", told - most_changes), "");
  page.add(fmt::format("{} of {} profiles change their recommendation", grouped(changed), grouped(outcomes.total)), "");
  return page.take();
}

std::string inventory_as_text(const std::vector<rules::InventoryEntry>& entries, const Style& style) {
  Page page(style);
  for (const rules::InventoryEntry& entry : entries)
    page.add(fmt::format("{} {}: {} [{}:{}]", entry.kind, entry.id, entry.detail, entry.place.file, entry.place.at.line), "");
  return page.take();
}

namespace {

std::string fix_words(const rules::LintRule& rule) {
  if (!rule.fix) return "";
  return rule.fix->safe ? "mended by --fix" : "mended by --fix --unsafe-fixes";
}

}  // namespace

std::string lint_rules_as_text(const rules::Rules& rules, const Style& style) {
  Page page(style);
  std::vector<std::vector<std::string>> rows;
  for (const rules::LintRule& rule : rules.lint) rows.push_back({printable(rule.code), printable(rule.name), page.badge(rule.level), fix_words(rule)});
  page.table(rows, "");
  return page.take();
}

std::string lint_rules_as_markdown(const rules::Rules& rules) {
  std::string out = "# The linter's rules\n";
  for (const rules::LintRule& rule : rules.lint) {
    out += fmt::format("\n## {} {}\n\nLevel: {}. {}.\n\n{} {}\n\nSource: {}\n", rule.code, rule.name, word(rule.level), rule.message, rule.why, rule.help, rule.source);
    if (rule.fix) out += fmt::format("\nIt is {}.\n", fix_words(rule));
    for (const auto& [what, example] : {std::pair("Found in", rule.bad), std::pair("Not found in", rule.good)})
      if (!example.empty()) out += fmt::format("\n{}:\n\n```toml\n{}\n```\n", what, example);
  }
  return out;
}

}  // namespace ipc_advisor::report
