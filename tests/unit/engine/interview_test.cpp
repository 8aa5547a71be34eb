#include "engine/interview.hpp"

#include <algorithm>

#include "engine/decide.hpp"
#include "rules_for_tests.hpp"

using namespace ipc_advisor;

TEST_SUITE("unit") {
  TEST_CASE("interview: where the ends run is asked first, and a remote answer leaves little open") {
    const auto& rules = tests::embedded_rules();
    const auto all = engine::open_questions(rules, tests::channel_of(""), {});
    REQUIRE_FALSE(all.empty());
    CHECK(rules.vocabulary[all.front().need].id == "reach");
    const auto remote = engine::open_questions(rules, tests::channel_of("reach = \"cross-host\""), {});
    CHECK(remote.size() < all.size() / 2);
  }

  TEST_CASE("interview: only questions that can change the recommendation are open") {
    const auto& rules = tests::embedded_rules();
    const Channel channel = tests::channel_of("reach = \"same-host\"\nclients = \"many\"");
    const std::string pick = engine::decide(rules, channel).mechanism;
    for (const engine::Question& question : engine::open_questions(rules, channel, {})) {
      CHECK_FALSE(is_known(channel.needs[question.need].value));
      CHECK(std::find(question.mechanisms.begin(), question.mechanisms.end(), pick) != question.mechanisms.end());
    }
  }

  TEST_CASE("interview: it ends, and what was asked is not asked again") {
    const auto& rules = tests::embedded_rules();
    const Channel channel = tests::channel_of("");
    std::vector<std::size_t> asked;
    for (std::size_t i = 0; i <= rules.vocabulary.size(); ++i) {
      const auto open = engine::open_questions(rules, channel, asked);
      if (open.empty()) break;
      CHECK(std::find(asked.begin(), asked.end(), open.front().need) == asked.end());
      asked.push_back(open.front().need);
    }
    CHECK(engine::open_questions(rules, channel, asked).empty());
  }
}
