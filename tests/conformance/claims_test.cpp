// Every claim that a rule settles has a case that shows the rule at work.
#include <map>
#include <set>

#include "conformance/cases.hpp"
#include "engine/complete.hpp"
#include "engine/lint.hpp"

using namespace ipc_advisor;

namespace {

constexpr std::string_view complexity_words[] = {"low", "medium", "high"};

std::size_t place_of(const Decision& decision, const std::string& mechanism) {
  for (std::size_t i = 0; i < decision.candidates.size(); ++i)
    if (decision.candidates[i].mechanism == mechanism) return i;
  return decision.candidates.size();
}

bool falls_by_trait(const std::string& mechanism, const std::string& trait, const std::vector<Need>& needs) {
  for (const rules::Trait& one : tests::embedded_rules().mechanism(mechanism)->traits)
    if (one.id == trait && one.contradicts) return one.contradicts->evaluate(rules::Facts{needs, mechanism, ""}) == rules::Truth::yes;
  return false;
}

bool lint_finds(const std::string& body, const std::string& uses, const std::string& code) {
  const std::string text = "[[channel]]\nname = \"t\"\n" + body + "uses = \"" + uses + "\"\n";
  const rules::Rules& rules = tests::embedded_rules();
  const auto read = rules::read_requirements(text, "t.toml", rules);
  const auto findings = engine::lint(rules, read);
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) { return finding.rule == code; });
}

// Returns how many expectations the case states.
int hold(const rules::TomlValue& entry) {
  const rules::Rules& rules = tests::embedded_rules();
  const std::string body = tests::body_of(entry, "needs");
  const Channel channel = tests::channel_of(body);
  const Decision decision = engine::decide(rules, channel);
  const auto completed = engine::complete(rules, channel.needs);
  int stated = 0;
  if (const std::string picks = tests::text_of(entry, "picks"); !picks.empty()) CHECK((++stated, decision.mechanism == picks));
  if (const std::string guide = tests::text_of(entry, "guide"); !guide.empty()) CHECK((++stated, decision.guide.mechanism == guide));
  const auto layers = tests::layers_in(decision);
  for (const std::string& layer : tests::texts_of(entry, "layers")) CHECK((++stated, std::find(layers.begin(), layers.end(), layer) != layers.end()));
  const auto before = tests::texts_of(entry, "before");
  if (before.size() == 2) CHECK((++stated, place_of(decision, before[0]) < place_of(decision, before[1])));
  if (const auto* falls = entry.find("falls"))
    for (const auto& [mechanism, span, trait] : falls->value.entries) CHECK((++stated, falls_by_trait(mechanism, trait.string, completed)));
  if (const auto* complexity = entry.find("complexity"))
    for (const auto& [mechanism, span, level] : complexity->value.entries) CHECK((++stated, complexity_words[rules.mechanism(mechanism)->complexity] == level.string));
  if (const auto* finding = entry.find("finding"))
    CHECK((++stated, lint_finds(body, tests::text_of(finding->value, "uses"), tests::text_of(finding->value, "code"))));
  return stated;
}

}  // namespace

TEST_SUITE("conformance") {
  TEST_CASE("claims: each claim settled by a rule shows in a decision or a finding") {
    std::set<std::string> seen;
    for (const auto& entry : tests::cases_in("claims.toml", "case")) {
      const std::string claim = tests::text_of(entry, "claim");
      CAPTURE(claim);
      seen.insert(claim);
      CHECK(hold(entry) > 0);
    }
    for (const rules::Claim& claim : tests::embedded_rules().claims)
      if (claim.settled_by == "rule") CHECK_MESSAGE(seen.count(claim.id) == 1, claim.id << " has no case");
    for (const std::string& id : seen) {
      const auto& claims = tests::embedded_rules().claims;
      CHECK_MESSAGE(std::any_of(claims.begin(), claims.end(), [&](const rules::Claim& claim) { return claim.id == id && claim.settled_by == "rule"; }), id);
    }
  }
}
