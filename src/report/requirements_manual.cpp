// ipc-advisor-requirements(5), from the vocabulary.
#include <fmt/format.h>

#include "base/text.hpp"
#include "engine/lint.hpp"
#include "report/manual.hpp"
#include "report/mdoc.hpp"

namespace ipc_advisor::report {
namespace {

void describe_file(Mdoc& page) {
  page.section("Description");
  page.text("A requirements file says what a project needs of each channel between its programs, and, where that is decided, what it uses. "
            "ipc-advisor recommend decides by it, ipc-advisor lint checks it, and ipc-advisor ask writes one. "
            "It is called ipc.toml unless another name is given.");
  page.paragraph("The file is TOML 1.0 in UTF-8, with one table and any number of others:");
  page.begin_list();
  page.item("[project]");
  page.text("At most once. Its one key, name, is a string for the reports.");
  page.item("[[channel]]");
  page.text("One for each conversation between programs. Its name, a string, is required and stands for it in reports, baselines and comparisons, so no two are alike. "
            "Every other key is a need of the list below, and each may be left out.");
  page.end_list();
  page.paragraph("A need that is left out is unknown, which is not the same as \"no\". The report says what was assumed in its place, and what would change. "
                 "What follows from other answers is filled in first. "
                 "The vocabulary is closed: a key or a value that is not listed is a finding, with the nearest one that is.");
}

void describe_quantities(Mdoc& page) {
  page.section("Quantities");
  page.text("A number stands with its unit, in quotes; a count stands bare. Prefixes are those of units(7): 1 kB is 1000 bytes and 1 KiB is 1024.");
  page.begin_list();
  for (const rules::NeedType type : {rules::NeedType::size, rules::NeedType::rate, rules::NeedType::byte_rate, rules::NeedType::duration}) {
    const Quantity quantity = rules::quantity_of(type);
    page.item(rules::word(type));
    page.text(fmt::format("{}, in {}.", expected_form(quantity), join(unit_names(quantity), ", ", " or ")));
  }
  page.end_list();
}

void describe_choices(const rules::NeedDef& need, Mdoc& page) {
  if (need.choices.empty()) return;
  page.begin_list();
  for (const rules::Choice& choice : need.choices) {
    page.item(choice.id);
    page.text(choice.says);
  }
  page.end_list();
}

std::string unknown_answer(const rules::NeedDef& need) {
  if (!need.decides) return "It decides nothing by itself.";
  if (!is_known(need.assumed)) return "Without an answer it stays unknown.";
  return fmt::format("Without an answer: {} ({}).", rules::format_value(need, need.assumed), need.assumed_says);
}

void describe_need(const rules::Rules& rules, std::size_t index, Mdoc& page) {
  const rules::NeedDef& need = rules.vocabulary[index];
  page.item(need.id);
  page.text(need.question);
  page.text(fmt::format("Type {}: {}.", rules::word(need.type), rules::expected_values(need)));
  describe_choices(need, page);
  page.paragraph(need.why);
  page.text(unknown_answer(need));
  if (need.essential) page.text("Where it matters and is not stated, the recommendation is undecided.");
  for (const rules::NeedCheck& check : rules.checks)
    if (check.need == index) page.text(fmt::format("A probe shows that {}{}.", check.says, check.when.empty() ? "" : fmt::format(", where {}", check.when.text())));
}

void describe_needs(const rules::Rules& rules, Mdoc& page) {
  page.section("Needs");
  std::string group;
  for (std::size_t i = 0; i < rules.vocabulary.size(); ++i) {
    const std::string& now = rules.vocabulary[i].group;
    if (now != group) {
      if (!group.empty()) page.end_list();
      page.subsection(now);
      page.begin_list();
    }
    group = now;
    describe_need(rules, i, page);
  }
  page.end_list();
}

void describe_derivations(const rules::Rules& rules, Mdoc& page) {
  page.section("What follows from what");
  page.text("In this order, and only for needs that nobody has stated.");
  page.begin_list();
  for (const rules::Derivation& one : rules.derivations) {
    const rules::NeedDef& need = rules.vocabulary[one.need];
    page.item(need.id);
    const std::string value = is_known(one.is) ? rules::format_value(need, one.is) : one.says;
    page.text(fmt::format("is {} where {}{}.", value, one.when.text(), value == one.says ? "" : fmt::format(": {}", one.says)));
  }
  page.end_list();
}

void describe_suppressions(Mdoc& page) {
  page.section("Allowing a finding");
  page.text("A comment with a reason allows findings of the rules that it names, by code or by name, several with commas. "
            "It covers its own line; where it stands alone, the next line that is neither blank nor a comment; and above a [[channel]] header, that whole channel.");
  page.literal("uses = \"fifo\"  # ipc: allow[IPC202] one writer at a time, by design");
  page.paragraph("A comment without a reason, for a rule that nobody knows, or where nothing is found, is a finding itself. "
                 "What is allowed stays in the reports, with its reason.");
}

std::vector<std::string> sample_lines(const rules::Rules& rules) {
  std::vector<std::string> lines = {"[project]", "name = \"example\"", "", "[[channel]]", "name = \"control\""};
  std::string group;
  for (const rules::NeedDef& need : rules.vocabulary.all()) {
    if (need.group != group) lines.insert(lines.end(), {"", fmt::format("# {}", need.group)});
    group = need.group;
    lines.push_back(fmt::format("{} = {}", need.id, need.sample));
  }
  return lines;
}

// Every need with its sample; what the linter would object to beside the others stands behind a "#".
std::string whole_sample(const rules::Rules& rules) {
  std::vector<std::string> lines = sample_lines(rules);
  const auto read = rules::read_requirements(fmt::format("{}", fmt::join(lines, "\n")), "", rules);
  for (const Finding& finding : engine::lint(rules, read)) {
    const auto line = static_cast<std::size_t>(finding.span.begin.line);
    if (finding.level != Level::info && line > 0 && line <= lines.size()) lines[line - 1].insert(0, "# ");
  }
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace

std::string requirements_manual(const rules::Rules& rules) {
  Mdoc page("ipc-advisor-requirements", 5, "what the channels of a project need, for ipc-advisor");
  describe_file(page);
  describe_needs(rules, page);
  describe_quantities(page);
  describe_derivations(rules, page);
  describe_suppressions(page);
  page.section("Examples");
  page.text("Every need, each with one of its answers; those that do not go with the rest stand behind a #.");
  page.literal(whole_sample(rules));
  page.section("See also");
  page.macro(".Xr ipc-advisor 1 ,\n.Xr ipc-advisor-rules 7");
  return page.take();
}

}  // namespace ipc_advisor::report
