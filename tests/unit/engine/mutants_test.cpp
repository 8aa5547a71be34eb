#include <doctest/doctest.h>

#include "engine/generate.hpp"
#include "engine/mutants.hpp"
#include "rules_for_tests.hpp"

using namespace ipc_advisor;

TEST_SUITE("unit") {
  TEST_CASE("mutants: without a case nothing is noticed but by the lint rules' own examples") {
    const auto groups = engine::mutate(tests::embedded_rules(), {});
    REQUIRE(groups.size() == 4);
    for (const engine::MutantGroup& group : groups) {
      CAPTURE(group.name);
      CHECK(group.made > 20);
      CHECK(group.unnoticed.size() == (group.name == "lint rules negated" ? 0 : group.made));
    }
  }

  TEST_CASE("mutants: the generated cases notice every negated elimination") {
    const auto groups = engine::mutate(tests::embedded_rules(), engine::generated_cases(tests::embedded_rules()));
    CHECK(groups[0].name == "eliminations negated");
    CHECK(groups[0].unnoticed.empty());
  }
}
