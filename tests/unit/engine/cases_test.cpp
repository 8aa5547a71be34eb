#include <doctest/doctest.h>

#include "engine/cases.hpp"
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
    for (const auto& kind : kinds) {
      CAPTURE(kind.first);
      const std::string needs = "needs = ['reach = \"same-host\"', 'relation = \"unrelated\"']\n";
      CHECK(failures(needs + kind.first).empty());
      CHECK(failures(needs + kind.second).size() == 1);
    }
  }
}
