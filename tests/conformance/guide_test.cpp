// Every branch of the guide's tree has a case that takes it, and the guide's answer there is the expected one.
#include <set>

#include "conformance/cases.hpp"
#include "engine/complete.hpp"
#include "engine/walk.hpp"

using namespace ipc_advisor;

TEST_SUITE("conformance") {
  TEST_CASE("guide: each branch is taken, and ends where the guide says") {
    const rules::Rules& rules = tests::embedded_rules();
    std::set<std::string> taken;
    for (const auto& entry : tests::cases_in("guide.toml", "case")) {
      const std::string branch = tests::text_of(entry, "branch");
      CAPTURE(branch);
      const Channel channel = tests::channel_of(tests::body_of(entry, "needs"));
      const auto completed = engine::complete(rules, channel.needs);
      for (const TraceStep& step : engine::walk(rules, rules.guide, completed).trace) {
        for (const rules::TreeNode& node : rules.guide.nodes) {
          if (node.id != step.node) continue;
          const auto at = engine::branch_of(node, rules.vocabulary[node.need], completed[node.need].value);
          REQUIRE(at);
          if (branch == node.id + "/" + node.labels[*at]) taken.insert(branch);
        }
      }
      CHECK_MESSAGE(taken.count(branch) == 1, "the needs do not take the branch");
      CHECK(engine::decide(rules, channel).guide.mechanism == tests::text_of(entry, "guide"));
    }
    for (const rules::TreeNode& node : rules.guide.nodes)
      for (const std::string& label : node.labels) CHECK_MESSAGE(taken.count(node.id + "/" + label) == 1, node.id << "/" << label << " has no case");
  }

  TEST_CASE("guide: every leaf is the answer of a case") {
    std::set<std::string> answers;
    for (const auto& entry : tests::cases_in("guide.toml", "case")) answers.insert(tests::text_of(entry, "guide"));
    for (const rules::TreeLeaf& leaf : tests::embedded_rules().guide.leaves) CHECK_MESSAGE(answers.count(leaf.mechanism) == 1, leaf.id);
  }
}
