#include "engine/outlook.hpp"

#include <algorithm>
#include <random>

#include "engine/complete.hpp"
#include "engine/lint.hpp"
#include "rules_for_tests.hpp"
#include "small_rules.hpp"

using namespace ipc_advisor;

namespace {

std::size_t index_of(const rules::Rules& rules, const std::vector<Need>& stated) {
  const std::string pick = engine::outcome_of(rules, engine::complete(rules, stated)).pick;
  return pick.empty() ? engine::no_pick : static_cast<std::size_t>(rules.mechanism(pick) - rules.mechanisms.data());
}

bool contradicts(const rules::Rules& rules, const Channel& channel) {
  const auto found = engine::contradictions_of(rules, channel);
  return std::any_of(found.begin(), found.end(), [](const Finding& finding) { return finding.level != Level::info; });
}

// Every need that is open gets one of its answers by chance.
Channel completed_by_chance(const rules::Rules& rules, Channel channel, std::mt19937& chance) {
  for (std::size_t i = 0; i < rules.vocabulary.size(); ++i) {
    const auto answers = engine::bands(rules, i);
    if (!rules.vocabulary[i].decides || answers.empty() || is_known(channel.needs[i].value)) continue;
    channel.needs[i] = {answers[chance() % answers.size()], {OriginKind::answer, "", {}, {}}};
  }
  return channel;
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("outlook: on small rules it is what going through all profiles by hand finds") {
    const rules::Rules rules = tests::small_rules();
    engine::Orders orders;
    const engine::Outlook outlook(rules, rules::empty_channel(rules, "c"), {}, orders);
    // bridge, pipe and wire; far → wire; near without the web → pipe, or wire where it must be fast.
    CHECK(outlook.picks().to_string().substr(125) == "111");
    CHECK(outlook.with(0, std::string("far")).to_string().substr(125) == "100");
    CHECK(outlook.with(1, true).to_string().substr(125) == "101");
    CHECK(outlook.with(1, false).to_string().substr(125) == "110");
    for (const std::size_t need : {0U, 1U, 2U}) CHECK(outlook.hangs_on(need));
    CHECK_FALSE(outlook.hangs_on(3));
    // A passed need is taken as assumed: near.
    const engine::Outlook near(rules, rules::empty_channel(rules, "c"), {0, 1}, orders);
    CHECK(near.picks().to_string().substr(125) == "110");
    CHECK(near.hangs_on(2));
  }

  TEST_CASE("outlook: no completion by chance ends outside it, and no answer that changes one is left unasked") {
    const auto& rules = tests::embedded_rules();
    engine::Orders orders;
    std::mt19937 chance(7);
    for (const char* body : {"reach = \"same-host\"\nclients = \"two\"\nrelation = \"unrelated\"\nthroughput = \"1 MB/s\"", "reach = \"cross-host\"", "reach = \"both\"\nclients = \"many\"\nplatforms = [\"linux\"]\nthroughput = \"20 MB/s\""}) {
      const Channel start = tests::channel_of(body);
      const engine::Outlook outlook(rules, start, {}, orders);
      for (int i = 0; i < 300; ++i) {
        Channel channel = completed_by_chance(rules, start, chance);
        if (contradicts(rules, channel)) continue;
        const std::size_t pick = index_of(rules, channel.needs);
        REQUIRE(outlook.picks().test(pick));
        for (std::size_t need = 0; need < channel.needs.size(); ++need) {
          if (is_known(start.needs[need].value) || !rules.vocabulary[need].decides) continue;
          CHECK_MESSAGE(outlook.with(need, channel.needs[need].value).test(pick), rules.vocabulary[need].id);
          const auto answers = engine::bands(rules, need);
          Channel other = channel;
          other.needs[need].value = answers[chance() % answers.size()];
          if (index_of(rules, other.needs) != pick && !contradicts(rules, other)) CHECK_MESSAGE(outlook.hangs_on(need), rules.vocabulary[need].id);
        }
      }
    }
  }

  TEST_CASE("outlook: every pick that it holds possible has a completion, and fewer are possible with every answer") {
    const auto& rules = tests::embedded_rules();
    engine::Orders orders;
    const engine::Outlook remote(rules, tests::channel_of("reach = \"cross-host\""), {}, orders);
    CHECK(remote.picks().count() == 2);
    const engine::Outlook lossy(rules, tests::channel_of("reach = \"cross-host\"\nloss-ok = false"), {}, orders);
    CHECK((lossy.picks() & ~remote.picks()).none());
    CHECK(lossy.picks().count() == 1);
    CHECK_FALSE(lossy.hangs_on(*rules.vocabulary.find("loss-ok")));
  }
}
