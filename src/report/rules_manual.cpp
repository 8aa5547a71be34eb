// ipc-advisor-rules(7), from the whole rule set.
#include <fmt/format.h>

#include "base/text.hpp"
#include "report/manual.hpp"
#include "report/mdoc.hpp"

namespace ipc_advisor::report {
namespace {

void describe_way(Mdoc& page) {
  page.section("Description");
  page.text("What ipc-advisor knows lies in rules, which are data: needs, mechanisms with their traits, two trees, lint rules, claims and pitfalls, each with its source. "
            "This page lists them; ipc-advisor explain tells all that is known of one.");
  page.paragraph("A recommendation is reached in steps. The guide's tree is walked, and its answer is always told. "
                 "The refining tree may lead elsewhere, where real systems show what the guide misses. "
                 "A mechanism with a trait that contradicts a stated or assumed need falls, also where a tree picked it; the nearest one that stands takes its place. "
                 "Then the candidates are tried on this host, and one that is refuted makes way for the next.");
  page.paragraph("A source is a claim of the guide, a document, a pitfall or a system that was looked at.");
}

void describe_mechanisms(const rules::Rules& rules, Mdoc& page) {
  page.section("Mechanisms");
  page.begin_list();
  for (const rules::Mechanism& one : rules.mechanisms) {
    page.item(one.id);
    page.text(fmt::format("{}. {}", one.name, one.summary));
    page.text(fmt::format("On {}; see {}.", join(one.platforms, ", ", " and "), one.man));
    page.text(fmt::format("Its cost: {}", one.cost));
  }
  page.end_list();
}

// A line for each answer, as narrow as a terminal; shared nodes would be written twice, and the guide has none.
void outline(const rules::Rules& rules, const rules::Tree& tree, rules::Target target, const std::string& indent, std::string& out) {
  if (target.leaf) {
    out += fmt::format(" {}\n", tree.leaves[target.index].mechanism);
    return;
  }
  const rules::TreeNode& node = tree.nodes[target.index];
  out += fmt::format(" {}?\n", rules.vocabulary[node.need].id);
  for (std::size_t i = 0; i < node.branches.size(); ++i) {
    out += fmt::format("{}{}:", indent, node.labels[i]);
    outline(rules, tree, node.branches[i], indent + "  ", out);
  }
}

void describe_trees(const rules::Rules& rules, Mdoc& page) {
  page.section("The guide's tree");
  page.text("What each answer leads to: a further need, or a mechanism. With its questions and sources it is drawn by ipc-advisor tree.");
  std::string lines;
  outline(rules, rules.guide, {false, rules.guide.root}, "  ", lines);
  page.literal(std::string_view(lines).substr(1));
  page.section("Beyond the guide");
  page.text("Where the refining tree leaves the guide's answer. The questions that lead there are drawn by ipc-advisor tree refine.");
  page.begin_list();
  for (const rules::TreeLeaf& leaf : rules.refine.leaves) {
    if (leaf.mechanism.empty()) continue;
    page.item(leaf.id);
    page.text(fmt::format("{}: {}", leaf.mechanism, leaf.because));
    page.text(fmt::format("Source: {}.", leaf.source));
  }
  page.end_list();
}

void describe_disagreements(const rules::Rules& rules, Mdoc& page) {
  if (rules.disagreements.empty()) return;
  page.subsection("Where guide and field differ");
  page.text("Both are told where a recommendation touches them.");
  page.begin_list();
  for (const rules::DisagreementRule& one : rules.disagreements) {
    page.item(one.id);
    page.text(fmt::format("The guide ({}): {}", one.claim, one.guide));
    page.text(fmt::format("The field: {}", one.field));
    page.text(fmt::format("Source: {}.", one.source));
  }
  page.end_list();
}

// "rules/lint/2-choice.toml" and IPC205 make "IPC2xx: choice".
std::string block_of(const rules::LintRule& rule) {
  const auto slash = rule.place.file.find_last_of('/');
  std::string name = rule.place.file.substr(slash + 1);
  name = name.substr(name.find('-') + 1);
  return fmt::format("{}xx: {}", rule.code.substr(0, rule.code.size() - 2), name.substr(0, name.find('.')));
}

void describe_lint(const rules::Rules& rules, Mdoc& page) {
  page.section("Lint rules");
  page.text("In a message, a need in braces stands for its value. A code is never used again. Code and name are both accepted wherever a rule is named.");
  std::string block;
  for (const rules::LintRule& rule : rules.lint) {
    const std::string now = block_of(rule);
    if (now != block) {
      if (!block.empty()) page.end_list();
      page.subsection(now);
      page.begin_list();
    }
    block = now;
    page.item(rule.code);
    page.text(fmt::format("{}, {}: {}.", rule.name, word(rule.level), rule.message));
  }
  page.end_list();
}

void describe_layers(Mdoc& page) {
  page.section("Layered rules");
  page.text("A folder that is named by --rules adds to the rules that are compiled in. Several are layered in order. In it lie");
  page.begin_list();
  const std::pair<std::string_view, std::string_view> files[] = {
      {"layer.toml", "required: the layer's name and version, which every report carries with the digest of the whole;"},
      {"needs.toml", "needs, each with its question and why it is asked;"},
      {"mechanisms/ID.toml", "a mechanism; for one that is known already, traits to add to it;"},
      {"refine-tree.toml", "nodes and leaves of the refining tree, and the turns that lead to them;"},
      {"lint/NAME.toml", "lint rules, each with an example that it finds and one that it does not;"},
      {"layers.toml, disagreements.toml, pitfalls.toml", "what goes around a mechanism, where guide and field differ, and what goes wrong;"},
      {"cases/NAME.toml", "cases, which ipc-advisor rules test holds the rules against."}};
  for (const auto& [name, says] : files) {
    page.item(name);
    page.text(says);
  }
  page.end_list();
  page.paragraph("What exists is replaced only by an entry that says replaces = true. A branch is led elsewhere only by a [[turn]] that names where it led. "
                 "A trait with contradicts = \"always\" is a veto. The guide's tree and its claims cannot be changed. "
                 "ipc-advisor rules check proves the whole again.");
}

void describe_verdicts(Mdoc& page) {
  page.section("Verdicts");
  page.begin_list();
  const std::pair<std::string_view, std::string_view> verdicts[] = {
      {"confirmed", "A probe ran that could have failed, and did not. For a figure, its whole 95 % interval meets the need. "
                    "It does not mean that the mechanism is right for the design, nor that another host would say the same."},
      {"refuted", "The probe ran and the need is not met; for a figure, the whole interval misses it. It does not mean that no tuning could meet it."},
      {"inconclusive", "The interval straddles the need. It is neither a weak yes nor a weak no; a longer --budget may settle it."},
      {"not-run", "It could not be tried, and the reason is stated. It is never taken for confirmed."}};
  for (const auto& [name, says] : verdicts) {
    page.item(name);
    page.text(says);
  }
  page.end_list();
  page.paragraph("Capabilities gate and figures advise: a figure fails a run only under --gate-timings.");
}

void describe_exit_codes(std::span<const ExitMeaning> codes, Mdoc& page) {
  page.section("Exit status");
  page.text("The same whatever the format.");
  page.begin_list();
  for (const ExitMeaning& one : codes) {
    page.item(std::to_string(one.code));
    page.text(one.says);
  }
  page.end_list();
}

}  // namespace

std::string rules_manual(const rules::Rules& rules, std::span<const ExitMeaning> exit_codes) {
  Mdoc page("ipc-advisor-rules", 7, "what ipc-advisor knows, and how it decides by it");
  describe_way(page);
  describe_mechanisms(rules, page);
  describe_trees(rules, page);
  describe_disagreements(rules, page);
  describe_lint(rules, page);
  describe_layers(page);
  describe_verdicts(page);
  describe_exit_codes(exit_codes, page);
  page.section("See also");
  page.macro(".Xr ipc-advisor 1 ,\n.Xr ipc-advisor-requirements 5");
  return page.take();
}

}  // namespace ipc_advisor::report
