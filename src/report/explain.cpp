// One function for each kind of thing that has an id.
#include "report/explain.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "report/layout.hpp"

namespace ipc_advisor::report {

using rules::Rules;

namespace {

void title(Page& page, std::string_view id, std::string_view says) {
  const std::string text = printable(fmt::format("{} - {}", id, says));
  for (const std::string& line : wrap(text, static_cast<std::size_t>(page.style().width))) page.add_painted(page.paint(Ink::bold, line));
}

void paragraph(Page& page, std::string_view label, std::string_view text) {
  if (!text.empty()) page.add(text, label.empty() ? "  " : fmt::format("  {}: ", label));
}

void item(Page& page, std::string_view text) { page.add(text, "  • "); }

// What an item has below it.
void under(Page& page, std::string_view text) { page.add(text, "      "); }

void explain_mechanism(const rules::Mechanism& mechanism, const Rules& rules, Page& page) {
  static constexpr std::string_view levels[] = {"low", "medium", "high"};
  title(page, mechanism.id, mechanism.name);
  paragraph(page, "", mechanism.summary);
  paragraph(page, "manual", mechanism.man);
  paragraph(page, "complexity", fmt::format("{} [{}]", levels[mechanism.complexity], mechanism.complexity_source));
  paragraph(page, "platforms", join(mechanism.platforms, ", ", ", "));
  paragraph(page, "cost", mechanism.cost);
  page.heading("What is known of it");
  for (const rules::Trait& trait : mechanism.traits) {
    item(page, fmt::format("{}: {} [{}]{}", trait.id, trait.says, trait.source, trait.probe.empty() ? "" : fmt::format(" (tried live: {})", trait.probe)));
    if (trait.contradicts)
      under(page, fmt::format("{} where {}: {}", trait.advice ? "advised against" : "falls", trait.contradicts->text(), trait.because));
  }
  page.heading("Debug it with");
  for (const std::string& command : mechanism.debug) item(page, command);
  page.heading("Pitfalls");
  for (const std::string& id : mechanism.pitfalls)
    if (const rules::Pitfall* pitfall = rules.pitfall(id)) item(page, fmt::format("{} {}", id, pitfall->title));
}

void explain_need(const rules::NeedDef& need, const Rules& rules, Page& page) {
  title(page, need.id, need.question);
  paragraph(page, "why", need.why);
  paragraph(page, "type", std::string(rules::word(need.type)) + ", expected " + rules::expected_values(need));
  for (const rules::Choice& choice : need.choices) item(page, fmt::format("{}: {}", choice.id, choice.says));
  if (is_known(need.assumed)) paragraph(page, "without an answer", fmt::format("{} ({})", rules::format_value(need, need.assumed), need.assumed_says));
  if (need.essential) paragraph(page, "", "Essential: where it matters and is not stated, the recommendation is undecided.");
  const std::size_t index = *rules.vocabulary.find(need.id);
  for (const rules::NeedCheck& check : rules.checks)
    if (check.need == index) paragraph(page, "tried live", fmt::format("{}{}", check.says, check.when.empty() ? "" : " (where " + check.when.text() + ")"));
  page.heading("What falls by it");
  for (const rules::Mechanism& mechanism : rules.mechanisms)
    for (const rules::Trait& trait : mechanism.traits) {
      if (!trait.contradicts) continue;
      const auto needs = trait.contradicts->needs();
      if (std::find(needs.begin(), needs.end(), index) != needs.end())
        item(page, fmt::format("{} where {} [{}]", mechanism.id, trait.contradicts->text(), trait.source));
    }
}

void explain_claim(const rules::Claim& claim, const Rules& rules, Page& page) {
  title(page, claim.id, claim.says);
  paragraph(page, "settled by", claim.settled_by);
  paragraph(page, "trial", claim.trial);
  if (claim.figure) paragraph(page, "figure", fmt::format("{} of {}{}", claim.figure->what, claim.figure->mechanism, claim.figure->over.empty() ? "" : " over " + claim.figure->over));
  paragraph(page, "source", claim.source);
  for (const rules::Mechanism& mechanism : rules.mechanisms)
    for (const rules::Trait& trait : mechanism.traits)
      if (trait.source == claim.id) item(page, fmt::format("trait {} of {}: {}", trait.id, mechanism.id, trait.says));
  for (const rules::Tree* tree : {&rules.guide, &rules.refine}) {
    for (const auto& node : tree->nodes)
      if (node.source == claim.id) item(page, fmt::format("node {} of the {} tree", node.id, tree->name));
    for (const auto& leaf : tree->leaves)
      if (leaf.source == claim.id) item(page, fmt::format("leaf {} of the {} tree: {}", leaf.id, tree->name, leaf.mechanism));
  }
}

void explain_rule(const rules::LintRule& rule, Page& page) {
  title(page, rule.code, rule.name);
  paragraph(page, "level", std::string(word(rule.level)));
  paragraph(page, "message", rule.message);
  if (rule.when) paragraph(page, "where", rule.when->text());
  paragraph(page, "why", rule.why);
  paragraph(page, "what to do", rule.help);
  paragraph(page, "source", rule.source);
  const auto example = [&](std::string_view label, std::string_view text) {
    page.heading(label);
    for (std::size_t at = 0; at <= text.size();) {
      const auto end = std::min(text.find('\n', at), text.size());
      page.add_painted("    " + page.paint(Ink::plain, text.substr(at, end - at)));
      at = end + 1;
    }
  };
  example("An example that it finds", rule.bad);
  example("One that it does not", rule.good);
}

void explain_pitfall(const rules::Pitfall& pitfall, Page& page) {
  title(page, pitfall.id, pitfall.title);
  paragraph(page, "seen as", pitfall.symptom);
  paragraph(page, "cause", pitfall.cause);
  paragraph(page, "advice", pitfall.advice);
  paragraph(page, "severity", pitfall.severity);
  paragraph(page, "source", pitfall.source);
}

bool explain_tree_part(const Rules& rules, std::string_view id, Page& page) {
  for (const rules::Tree* tree : {&rules.guide, &rules.refine}) {
    for (const auto& node : tree->nodes) {
      if (node.id != id) continue;
      title(page, node.id, fmt::format("a question of the {} tree [{}]", tree->name, node.source));
      paragraph(page, "asks", rules.vocabulary[node.need].question);
      for (std::size_t i = 0; i < node.branches.size(); ++i) {
        const rules::Target next = node.branches[i];
        item(page, fmt::format("{}: {}", node.labels[i], next.leaf ? tree->leaves[next.index].id : tree->nodes[next.index].id));
      }
      return true;
    }
    for (const auto& leaf : tree->leaves) {
      if (leaf.id != id) continue;
      title(page, leaf.id, fmt::format("a leaf of the {} tree [{}]", tree->name, leaf.source));
      paragraph(page, "recommends", leaf.mechanism.empty() ? "what the guide says" : leaf.mechanism);
      paragraph(page, "because", leaf.because);
      return true;
    }
  }
  return false;
}

bool list(const Rules& rules, std::string_view what, Page& page) {
  std::vector<std::vector<std::string>> rows;
  const auto add = [&](std::string_view id, std::string_view says) { rows.push_back({page.paint(Ink::bold, id), printable(says)}); };
  if (what == "mechanisms")
    for (const auto& mechanism : rules.mechanisms) add(mechanism.id, mechanism.summary);
  else if (what == "needs")
    for (const auto& need : rules.vocabulary.all()) add(need.id, need.question);
  else if (what == "claims")
    for (const auto& claim : rules.claims) add(claim.id, claim.says);
  else if (what == "rules")
    for (const auto& rule : rules.lint) add(rule.code, fmt::format("{} ({})", rule.name, word(rule.level)));
  else if (what == "pitfalls")
    for (const auto& pitfall : rules.pitfalls) add(pitfall.id, pitfall.title);
  else
    return false;
  page.table(rows, "");
  return true;
}

}  // namespace

std::vector<std::string> explainable_ids(const Rules& rules) {
  std::vector<std::string> ids = rules.mechanism_ids();
  for (const auto& need : rules.vocabulary.all()) ids.push_back(need.id);
  for (const auto& claim : rules.claims) ids.push_back(claim.id);
  for (const auto& rule : rules.lint) {
    ids.push_back(rule.code);
    ids.push_back(rule.name);
  }
  for (const auto& pitfall : rules.pitfalls) ids.push_back(pitfall.id);
  for (const rules::Tree* tree : {&rules.guide, &rules.refine}) {
    for (const auto& node : tree->nodes) ids.push_back(node.id);
    for (const auto& leaf : tree->leaves) ids.push_back(leaf.id);
  }
  for (const char* word : {"mechanisms", "needs", "claims", "rules", "pitfalls"}) ids.emplace_back(word);
  return ids;
}

Result<std::string> explain(const Rules& rules, std::string_view id, const Style& style) {
  Page page(style);
  // A need and a node may share an id; the need says more.
  if (const auto* mechanism = rules.mechanism(id)) explain_mechanism(*mechanism, rules, page);
  else if (const auto need = rules.vocabulary.find(id)) explain_need(rules.vocabulary[*need], rules, page);
  else if (const auto* claim = rules.claim(id)) explain_claim(*claim, rules, page);
  else if (const auto* rule = rules.lint_rule(id)) explain_rule(*rule, page);
  else if (const auto* pitfall = rules.pitfall(id)) explain_pitfall(*pitfall, page);
  else if (!explain_tree_part(rules, id, page) && !list(rules, id, page)) {
    const auto near = nearest_word(id, explainable_ids(rules));
    return fail(ErrorKind::usage, fmt::format("nothing is known under \"{}\"{}", printable(id),
                                              near ? fmt::format("; did you mean \"{}\"?", *near)
                                                   : "; expected a mechanism, need, claim, node, rule or pitfall, or \"mechanisms\", \"needs\", \"claims\", \"rules\", \"pitfalls\""));
  }
  return page.take();
}

}  // namespace ipc_advisor::report
