// One function for each kind of thing that has an id.
#include "report/explain.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"

namespace ipc_advisor::report {

using rules::Rules;

namespace {

class Page {
 public:
  explicit Page(int width) : width_(static_cast<std::size_t>(std::max(width, 40))) {}

  void title(std::string_view id, std::string_view says) { out_ += fmt::format("{} - {}\n", id, says); }

  void paragraph(std::string_view label, std::string_view text) {
    if (text.empty()) return;
    const std::string head = label.empty() ? "" : std::string(label) + ": ";
    for (const std::string& line : wrap(head + std::string(text), width_ - 2)) out_ += "  " + line + "\n";
  }

  void item(std::string_view text) {
    bool first = true;
    for (const std::string& line : wrap(text, width_ - 6)) {
      out_ += (first ? "    - " : "      ") + line + "\n";
      first = false;
    }
  }

  void blank() { out_ += "\n"; }
  std::string take() { return std::move(out_); }

 private:
  std::size_t width_;
  std::string out_;
};

void explain_mechanism(const rules::Mechanism& mechanism, const Rules& rules, Page& page) {
  static constexpr std::string_view levels[] = {"low", "medium", "high"};
  page.title(mechanism.id, mechanism.name);
  page.paragraph("", mechanism.summary);
  page.paragraph("manual", mechanism.man);
  page.paragraph("complexity", fmt::format("{} [{}]", levels[mechanism.complexity], mechanism.complexity_source));
  page.paragraph("platforms", join(mechanism.platforms, ", ", ", "));
  page.paragraph("cost", mechanism.cost);
  page.blank();
  page.paragraph("", "What is known of it:");
  for (const rules::Trait& trait : mechanism.traits) {
    page.item(fmt::format("{}: {} [{}]{}", trait.id, trait.says, trait.source, trait.probe.empty() ? "" : fmt::format(" (tried live: {})", trait.probe)));
    if (trait.contradicts)
      page.item(fmt::format("  {} where {}: {}", trait.advice ? "advised against" : "falls", trait.contradicts->text(), trait.because));
  }
  page.blank();
  page.paragraph("", "Debug it with:");
  for (const std::string& command : mechanism.debug) page.item(command);
  page.blank();
  page.paragraph("", "Pitfalls:");
  for (const std::string& id : mechanism.pitfalls)
    if (const rules::Pitfall* pitfall = rules.pitfall(id)) page.item(fmt::format("{} {}", id, pitfall->title));
}

void explain_need(const rules::NeedDef& need, const Rules& rules, Page& page) {
  page.title(need.id, need.question);
  page.paragraph("why", need.why);
  page.paragraph("type", std::string(rules::word(need.type)) + ", expected " + rules::expected_values(need));
  for (const rules::Choice& choice : need.choices) page.item(fmt::format("{}: {}", choice.id, choice.says));
  if (is_known(need.assumed)) page.paragraph("without an answer", fmt::format("{} ({})", rules::format_value(need, need.assumed), need.assumed_says));
  if (need.essential) page.paragraph("", "Essential: where it matters and is not stated, the recommendation is undecided.");
  const std::size_t index = *rules.vocabulary.find(need.id);
  for (const rules::NeedCheck& check : rules.checks)
    if (check.need == index) page.paragraph("tried live", fmt::format("{}{}", check.says, check.when.empty() ? "" : " (where " + check.when.text() + ")"));
  page.blank();
  page.paragraph("", "What falls by it:");
  for (const rules::Mechanism& mechanism : rules.mechanisms)
    for (const rules::Trait& trait : mechanism.traits) {
      if (!trait.contradicts) continue;
      const auto needs = trait.contradicts->needs();
      if (std::find(needs.begin(), needs.end(), index) != needs.end())
        page.item(fmt::format("{} where {} [{}]", mechanism.id, trait.contradicts->text(), trait.source));
    }
}

void explain_claim(const rules::Claim& claim, const Rules& rules, Page& page) {
  page.title(claim.id, claim.says);
  page.paragraph("settled by", claim.settled_by);
  page.paragraph("trial", claim.trial);
  if (claim.figure) page.paragraph("figure", fmt::format("{} of {}{}", claim.figure->what, claim.figure->mechanism, claim.figure->over.empty() ? "" : " over " + claim.figure->over));
  page.paragraph("source", claim.source);
  for (const rules::Mechanism& mechanism : rules.mechanisms)
    for (const rules::Trait& trait : mechanism.traits)
      if (trait.source == claim.id) page.item(fmt::format("trait {} of {}: {}", trait.id, mechanism.id, trait.says));
  for (const rules::Tree* tree : {&rules.guide, &rules.refine}) {
    for (const auto& node : tree->nodes)
      if (node.source == claim.id) page.item(fmt::format("node {} of the {} tree", node.id, tree->name));
    for (const auto& leaf : tree->leaves)
      if (leaf.source == claim.id) page.item(fmt::format("leaf {} of the {} tree: {}", leaf.id, tree->name, leaf.mechanism));
  }
}

void explain_rule(const rules::LintRule& rule, Page& page) {
  page.title(rule.code, rule.name);
  page.paragraph("level", std::string(word(rule.level)));
  page.paragraph("message", rule.message);
  if (rule.when) page.paragraph("where", rule.when->text());
  page.paragraph("why", rule.why);
  page.paragraph("what to do", rule.help);
  page.paragraph("source", rule.source);
  const auto example = [&](std::string_view label, std::string_view text) {
    page.blank();
    page.paragraph("", label);
    for (std::size_t at = 0; at <= text.size();) {
      const auto end = std::min(text.find('\n', at), text.size());
      page.item(text.substr(at, end - at));
      at = end + 1;
    }
  };
  example("An example that it finds:", rule.bad);
  example("One that it does not:", rule.good);
}

void explain_pitfall(const rules::Pitfall& pitfall, Page& page) {
  page.title(pitfall.id, pitfall.title);
  page.paragraph("seen as", pitfall.symptom);
  page.paragraph("cause", pitfall.cause);
  page.paragraph("advice", pitfall.advice);
  page.paragraph("severity", pitfall.severity);
  page.paragraph("source", pitfall.source);
}

bool explain_tree_part(const Rules& rules, std::string_view id, Page& page) {
  for (const rules::Tree* tree : {&rules.guide, &rules.refine}) {
    for (const auto& node : tree->nodes) {
      if (node.id != id) continue;
      page.title(node.id, fmt::format("a question of the {} tree [{}]", tree->name, node.source));
      page.paragraph("asks", rules.vocabulary[node.need].question);
      for (std::size_t i = 0; i < node.branches.size(); ++i) {
        const rules::Target next = node.branches[i];
        page.item(fmt::format("{}: {}", node.labels[i], next.leaf ? tree->leaves[next.index].id : tree->nodes[next.index].id));
      }
      return true;
    }
    for (const auto& leaf : tree->leaves) {
      if (leaf.id != id) continue;
      page.title(leaf.id, fmt::format("a leaf of the {} tree [{}]", tree->name, leaf.source));
      page.paragraph("recommends", leaf.mechanism.empty() ? "what the guide says" : leaf.mechanism);
      page.paragraph("because", leaf.because);
      return true;
    }
  }
  return false;
}

bool list(const Rules& rules, std::string_view what, Page& page) {
  if (what == "mechanisms")
    for (const auto& mechanism : rules.mechanisms) page.title(mechanism.id, mechanism.summary);
  else if (what == "needs")
    for (const auto& need : rules.vocabulary.all()) page.title(need.id, need.question);
  else if (what == "claims")
    for (const auto& claim : rules.claims) page.title(claim.id, claim.says);
  else if (what == "rules")
    for (const auto& rule : rules.lint) page.title(rule.code, fmt::format("{} ({})", rule.name, word(rule.level)));
  else if (what == "pitfalls")
    for (const auto& pitfall : rules.pitfalls) page.title(pitfall.id, pitfall.title);
  else
    return false;
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

Result<std::string> explain(const Rules& rules, std::string_view id, int width) {
  Page page(width);
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
