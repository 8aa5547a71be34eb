#include "engine/interview.hpp"

#include <algorithm>

#include "engine/decide.hpp"
#include "rules_for_tests.hpp"
#include "small_rules.hpp"

using namespace ipc_advisor;

namespace {

std::string asked(const rules::Rules& rules, const engine::Interview& interview) {
  return interview.question() == nullptr ? "" : rules.vocabulary[interview.question()->need].id;
}

const engine::Option& option(const engine::Interview& interview, const std::string& id) {
  const auto& options = interview.question()->options;
  const auto found = std::find_if(options.begin(), options.end(), [&](const engine::Option& one) { return one.id == id; });
  REQUIRE(found != options.end());
  return *found;
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("interview: what it cannot do without is asked first, and a remote answer leaves little open") {
    const auto& rules = tests::embedded_rules();
    engine::Interview interview(rules, tests::channel_of(""));
    CHECK(asked(rules, interview) == "reach");
    const std::size_t open = interview.open().size(), outcomes = interview.question()->outcomes;
    CHECK(option(interview, "cross-host").leads_to == std::vector<std::string>{"tcp", "udp"});
    interview.answer(std::string("cross-host"));
    CHECK(interview.open().size() < open / 2);
    CHECK(interview.possible() == std::vector<std::string>{"tcp", "udp"});
    CHECK(interview.question()->outcomes < outcomes);
  }

  TEST_CASE("interview: back returns to the very question, any number of steps, and forgets the answer") {
    const auto& rules = tests::embedded_rules();
    engine::Interview interview(rules, tests::channel_of("reach = \"same-host\"\nclients = \"many\"\nthroughput = \"1 MB/s\""));
    std::vector<std::string> needs{asked(rules, interview)};
    const auto before = interview.possible();
    for (int i = 0; i < 3; ++i) {
      interview.unknown();
      needs.push_back(asked(rules, interview));
    }
    for (int i = 3; i-- > 0;) {
      REQUIRE(interview.back());
      CHECK(asked(rules, interview) == needs[static_cast<std::size_t>(i)]);
    }
    CHECK_FALSE(interview.back());
    CHECK(interview.possible() == before);
    CHECK(interview.steps().empty());
  }

  TEST_CASE("interview: it ends in what the engine decides, and asks nothing twice") {
    const auto& rules = tests::embedded_rules();
    engine::Interview interview(rules, tests::channel_of("reach = \"same-host\"\nclients = \"two\"\nthroughput = \"1 MB/s\""));
    std::vector<std::size_t> seen;
    std::size_t possible = interview.possible().size();
    while (interview.question() != nullptr) {
      const std::size_t need = interview.question()->need;
      CHECK(std::find(seen.begin(), seen.end(), need) == seen.end());
      seen.push_back(need);
      REQUIRE(seen.size() <= rules.vocabulary.size());
      interview.unknown();
      CHECK(interview.possible().size() <= possible);
      possible = interview.possible().size();
    }
    CHECK(interview.possible() == std::vector{engine::decide(rules, interview.channel()).mechanism});
  }

  TEST_CASE("interview: a need that nobody knew is asked for by what it follows from") {
    const auto& rules = tests::embedded_rules();
    engine::Interview interview(rules, tests::channel_of("reach = \"same-host\"\nclients = \"two\"\nrelation = \"unrelated\"\nmessage-size = \"1 MiB\"\nlatency = \"1 s\""));
    const std::size_t rate = *rules.vocabulary.find("message-rate");
    while (asked(rules, interview) != "throughput") {
      REQUIRE(interview.question() != nullptr);
      CHECK(interview.question()->need != rate);
      interview.unknown();
    }
    interview.unknown();
    const auto& open = interview.open();
    CHECK(std::find(open.begin(), open.end(), rate) != open.end());
  }

  TEST_CASE("interview: a choice that earlier answers contradict is ruled out with the linter's words") {
    const auto& rules = tests::embedded_rules();
    engine::Interview interview(rules, tests::channel_of("reach = \"same-host\"\nclients = \"two\"\nstdio-free = true\nthroughput = \"1 MB/s\""));
    while (asked(rules, interview) != "relation") {
      REQUIRE(interview.question() != nullptr);
      interview.unknown();
    }
    CHECK(option(interview, "unrelated").ruled_out.find("[IPC110]") != std::string::npos);
    CHECK(option(interview, "parent-child").ruled_out.empty());
    CHECK(interview.refusal(std::string("unrelated")).find("stdio-free speaks of a child") != std::string::npos);
    CHECK(interview.refusal(std::string("parent-child")).empty());
  }

  TEST_CASE("interview: a choice that would leave no mechanism is ruled out with the reason") {
    // Without the wire nothing reaches far.
    const rules::Rules rules = tests::small_rules({{"mechanisms/wire.toml", {"pitfalls = []\n", "pitfalls = []\n" + tests::small_trait("short", "where == far")}},
                                                   {"mechanisms/bridge.toml", {"pitfalls = []\n", "pitfalls = []\n" + tests::small_trait("near-only", "where == far")}}});
    const engine::Interview interview(rules, rules::empty_channel(rules, "c"));
    REQUIRE(asked(rules, interview) == "where");
    CHECK(option(interview, "far").leads_to == std::vector<std::string>{""});
    CHECK(option(interview, "far").ruled_out == "no mechanism would be left; wire falls: b");
    CHECK(interview.refusal(std::string("far")).find("no mechanism would be left") == 0);
    CHECK(option(interview, "near").ruled_out.empty());
  }

  TEST_CASE("interview: once the mechanism is settled, what goes with it is asked, with what it would be") {
    const auto& rules = tests::embedded_rules();
    engine::Interview interview(rules, tests::channel_of("reach = \"cross-host\"\nloss-ok = false"));
    REQUIRE(interview.question() != nullptr);
    CHECK_FALSE(interview.question()->changes_pick);
    CHECK(interview.question()->outcomes > 1);
    CHECK_FALSE(interview.question()->options.front().layers.empty());
  }
}
