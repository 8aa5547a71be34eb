// Every elimination has needs that it fells its mechanism under, and needs one answer away that it does not.
#include <set>

#include "conformance/cases.hpp"
#include "engine/complete.hpp"

using namespace ipc_advisor;

namespace {

bool contradicts(const rules::Mechanism& mechanism, const rules::Trait& trait, const std::string& body) {
  const auto needs = engine::derive(tests::embedded_rules(), tests::channel_of(body).needs);
  return trait.contradicts->evaluate(rules::Facts{needs, mechanism.id, ""}) == rules::Truth::yes;
}

}  // namespace

TEST_SUITE("conformance") {
  TEST_CASE("eliminations: each has a case on both sides of its edge") {
    const rules::Rules& rules = tests::embedded_rules();
    std::set<std::string> seen;
    for (const auto& entry : tests::cases_in("eliminations.toml", "elimination")) {
      const std::string id = tests::text_of(entry, "mechanism") + "/" + tests::text_of(entry, "trait");
      CAPTURE(id);
      CHECK_MESSAGE(seen.insert(id).second, "listed twice");
      const rules::Mechanism* mechanism = rules.mechanism(tests::text_of(entry, "mechanism"));
      REQUIRE(mechanism != nullptr);
      const auto trait = std::find_if(mechanism->traits.begin(), mechanism->traits.end(),
                                      [&](const rules::Trait& one) { return one.id == tests::text_of(entry, "trait"); });
      REQUIRE(trait != mechanism->traits.end());
      REQUIRE(trait->contradicts);
      const std::string falls = tests::body_of(entry, "falls");
      CHECK(contradicts(*mechanism, *trait, falls));
      CHECK_FALSE(contradicts(*mechanism, *trait, tests::body_of(entry, "stays")));
      CHECK(engine::falls_by(*mechanism, engine::derive(rules, tests::channel_of(falls).needs)) != nullptr);
    }
    for (const rules::Mechanism& mechanism : rules.mechanisms)
      for (const rules::Trait& trait : mechanism.traits)
        if (trait.contradicts) CHECK_MESSAGE(seen.count(mechanism.id + "/" + trait.id) == 1, mechanism.id << "/" << trait.id << " has no case");
  }
}
