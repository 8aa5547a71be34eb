#include <doctest/doctest.h>

#include "engine/cases.hpp"
#include "engine/generate.hpp"
#include "engine/mutants.hpp"
#include "rules_for_tests.hpp"

using namespace ipc_advisor;

namespace {

std::vector<std::string> failures(const std::string& body) {
  const auto cases = rules::load_cases("[[case]]\n" + body, "t.toml", tests::embedded_rules());
  REQUIRE(cases);
  return engine::failures_of(tests::embedded_rules(), cases->at(0));
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("cases: each kind of expectation can fail, and holds where it should") {
    const std::pair<const char*, const char*> kinds[] = {
        {"picks = \"unix-stream\"", "picks = \"tcp\""},
        {"guide = \"unix-stream\"", "guide = \"tcp\""},
        {"takes = \"refine/where/same-host\"", "takes = \"refine/where/both\""},
        {"ends = \"refine/use-unix-stream\"", "ends = \"refine/keep\""},
        {"layers = [\"access=0700\"]", "layers = [\"access=0666\"]"},
        {"lacks = [\"access=0666\"]", "lacks = [\"access=0700\"]"},
        {"before = [\"unix-stream\", \"tcp\"]", "before = [\"tcp\", \"unix-stream\"]"},
        {"complexity = { tcp = \"medium\" }", "complexity = { tcp = \"low\" }"},
        {"falls = { socketpair = \"inherited\" }", "stays = { socketpair = \"inherited\" }"},
        {"finding = { socketpair = \"IPC201\" }", "finding = { unix-stream = \"IPC201\" }"},
    };
    for (const auto& [good, bad] : kinds) {
      CAPTURE(good);
      const std::string needs = "needs = ['reach = \"same-host\"', 'relation = \"unrelated\"']\n";
      CHECK(failures(needs + good).empty());
      CHECK(failures(needs + bad).size() == 1);
    }
  }

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
