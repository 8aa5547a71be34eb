// Claims of the guide, pitfalls of the field, rules of the linter: arrays of tables, one entry each.
#include "rules/load.hpp"

#include <fmt/format.h>

namespace ipc_advisor::rules {
namespace {

std::optional<double> bound(TableReader& reader, std::string_view key) {
  const std::string text = reader.text_or(key, "");
  if (text.empty()) return std::nullopt;
  const auto number = parse_any_quantity(text);
  if (number) return number->first;
  reader.error(reader.at(), number.error().message);
  return std::nullopt;
}

FigureClaim read_figure(const TomlValue& table, bool ratio, const std::string& file, LoadContext& context) {
  TableReader reader(table, file, context);
  FigureClaim figure;
  figure.mechanism = reader.one_of(ratio ? "of" : "mechanism", context.mechanisms);
  if (ratio) figure.over = reader.one_of("over", context.mechanisms);
  figure.what = reader.one_of("what", {"round-trip", "throughput", "hand-over"});
  if (const TomlEntry* bytes = reader.entry("bytes")) figure.bytes = static_cast<std::uint64_t>(bytes->value.number);
  if (ratio) {
    if (const TomlEntry* low = reader.entry("at-least")) figure.at_least = low->value.number;
    if (const TomlEntry* high = reader.entry("at-most")) figure.at_most = high->value.number;
  } else {
    figure.at_least = bound(reader, "at-least");
    figure.at_most = bound(reader, "at-most");
  }
  reader.finish();
  return figure;
}

}  // namespace

void load_claims(const TomlValue& root, const std::string& file, LoadContext& context, Rules& rules) {
  TableReader top(root, file, context);
  if (context.layered()) return top.error(top.at(), "the guide's claims are the guide's; a layer has none");
  for (const TomlValue* item : top.tables("claim")) {
    TableReader reader(*item, file, context);
    Claim claim;
    claim.place = reader.place();
    claim.id = reader.text("id");
    claim.says = reader.text("says");
    claim.settled_by = reader.one_of("settled-by", {"probe", "rule", "knowledge"});
    claim.trial = reader.text_or("trial", "");
    claim.source = reader.text_or("source", "");
    const TomlValue* figure = reader.table("figure");
    const TomlValue* ratio = reader.table("ratio");
    if (figure != nullptr) claim.figure = read_figure(*figure, false, file, context);
    if (ratio != nullptr) claim.figure = read_figure(*ratio, true, file, context);
    const int ways = (figure != nullptr ? 1 : 0) + (ratio != nullptr ? 1 : 0) + (claim.trial.empty() ? 0 : 1);
    if (ways != (claim.settled_by == "probe" ? 1 : 0))
      reader.error(reader.at(), fmt::format("\"{}\" is settled by {} and must name {}", claim.id, claim.settled_by,
                                            claim.settled_by == "probe" ? "exactly one trial, figure or ratio" : "no trial, figure or ratio"));
    reader.finish();
    if (rules.claim(claim.id) != nullptr) reader.error(reader.at(), fmt::format("the claim \"{}\" stands twice", claim.id));
    rules.claims.push_back(std::move(claim));
  }
  top.finish();
}

void load_pitfalls(const TomlValue& root, const std::string& file, LoadContext& context, Rules& rules) {
  TableReader top(root, file, context);
  for (const TomlValue* item : top.tables("pitfall")) {
    TableReader reader(*item, file, context);
    Pitfall pitfall;
    pitfall.place = reader.place();
    pitfall.id = reader.text("id");
    pitfall.title = reader.text("title");
    pitfall.symptom = reader.text("symptom");
    pitfall.cause = reader.text("cause");
    pitfall.advice = reader.text("advice");
    pitfall.severity = reader.one_of("severity", {"block", "high", "medium", "low"});
    pitfall.source = reader.text("source");
    pitfall.lint = reader.flag_or("lint", false);
    pitfall.probe = reader.flag_or("probe", false);
    pitfall.found_by = reader.texts("found-by");
    pitfall.tried_by = reader.texts("tried-by");
    pitfall.not_found = reader.text_or("not-found", "");
    pitfall.not_tried = reader.text_or("not-tried", "");
    reader.finish();
    if (rules.pitfall(pitfall.id) != nullptr) reader.error(reader.at(), fmt::format("the pitfall \"{}\" stands twice", pitfall.id));
    rules.pitfalls.push_back(std::move(pitfall));
  }
  top.finish();
}

void load_disagreements(const TomlValue& root, const std::string& file, LoadContext& context, Rules& rules) {
  TableReader top(root, file, context);
  for (const TomlValue* item : top.tables("disagreement")) {
    TableReader reader(*item, file, context);
    DisagreementRule rule;
    rule.place = reader.place();
    rule.id = reader.text("id");
    rule.when = reader.condition("when").value_or(Condition{});
    rule.claim = reader.text("claim");
    rule.guide = reader.text("guide");
    rule.field = reader.text("field");
    rule.source = reader.text("source");
    reader.finish();
    rules.disagreements.push_back(std::move(rule));
  }
  top.finish();
}

// At most one of the three keys that say how to mend a finding.
static std::optional<FixRule> read_fix(TableReader& reader) {
  const std::string set = reader.text_or("fix-set", ""), add = reader.text_or("fix-add", "");
  const bool remove = reader.flag_or("fix-remove", false), safe = reader.flag_or("fix-safe", false);
  if (!set.empty()) return FixRule{FixRule::Kind::set, set, safe};
  if (!add.empty()) return FixRule{FixRule::Kind::add, add, safe};
  if (remove) return FixRule{FixRule::Kind::remove, "", safe};
  return std::nullopt;
}

// Adds a rule, or puts it in the place of the one that it replaces.
static void put_rule(TableReader& reader, LintRule rule, Rules& rules) {
  const std::string what = fmt::format("the rule {} ({})", rule.code, rule.name);
  const LintRule* old = rules.lint_rule(rule.code) != nullptr ? rules.lint_rule(rule.code) : rules.lint_rule(rule.name);
  if (old == nullptr) {
    reader.is_new(what);
    rules.lint.push_back(std::move(rule));
  } else if (reader.replaces(what, old->place)) {
    rules.lint[static_cast<std::size_t>(old - rules.lint.data())] = std::move(rule);
  }
}

void load_lint(const TomlValue& root, const std::string& file, LoadContext& context, Rules& rules) {
  TableReader top(root, file, context);
  for (const TomlValue* item : top.tables("rule")) {
    TableReader reader(*item, file, context);
    LintRule rule;
    rule.place = reader.place();
    rule.code = reader.text("code");
    rule.name = reader.text("name");
    rule.level = level_of(reader.one_of("level", {"error", "warning", "info"})).value_or(Level::error);
    rule.when = reader.condition("when");
    rule.key = reader.need("key");
    rule.also = reader.need("also");
    rule.message = reader.text("message");
    rule.help = reader.text("help");
    rule.why = reader.text("why");
    rule.source = reader.text("source");
    rule.fix = read_fix(reader);
    rule.host = reader.text_or("host", "");
    rule.bad = reader.text("bad");
    rule.good = reader.text("good");
    put_rule(reader, std::move(rule), rules);
    reader.finish();
  }
  top.finish();
}

}  // namespace ipc_advisor::rules
