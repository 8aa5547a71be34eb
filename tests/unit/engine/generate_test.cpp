#include <doctest/doctest.h>

#include "engine/cases.hpp"
#include "engine/generate.hpp"
#include "rules_for_tests.hpp"

using namespace ipc_advisor;

TEST_SUITE("unit") {
  TEST_CASE("generated cases hold, name every branch once, and differ in one need a pair") {
    const rules::Rules& rules = tests::embedded_rules();
    const auto cases = engine::generated_cases(rules);
    std::size_t branches = 0;
    for (const rules::Tree* tree : {&rules.guide, &rules.refine})
      for (const rules::TreeNode& node : tree->nodes) branches += node.branches.size();
    std::size_t taken = 0;
    for (std::size_t i = 0; i < cases.size(); ++i) {
      CAPTURE(rules::to_toml(cases[i]));
      const auto read = rules::load_cases(rules::to_toml(cases[i]), "t.toml", rules);
      REQUIRE(read);
      CHECK(engine::failures_of(rules, read->at(0)).empty());
      if (!cases[i].takes.empty()) ++taken;
      if (cases[i].falls.empty()) continue;
      // Its partner comes next.
      REQUIRE(i + 1 < cases.size());
      CHECK(cases[i + 1].stays == cases[i].falls);
      int different = 0;
      for (std::size_t need = 0; need < rules.vocabulary.size(); ++need)
        if (cases[i].channel.needs[need].value != cases[i + 1].channel.needs[need].value) ++different;
      CHECK(different == 1);
    }
    CHECK(taken == branches);
  }
}
