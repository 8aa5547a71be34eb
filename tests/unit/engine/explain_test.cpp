#include "engine/explain.hpp"

#include "rules_for_tests.hpp"

using namespace ipc_advisor;

namespace {

const rules::Rules& rules_here() { return tests::embedded_rules(); }

std::string pick_after(Channel channel, const Flip& flip) {
  const auto change = [&](const NeedChange& one) {
    const auto need = *rules_here().vocabulary.find(one.need);
    const auto value = rules::parse_value(rules_here().vocabulary[need], one.to);
    REQUIRE(value);
    channel.needs[need] = {*value, {OriginKind::answer, "", {}, {}}};
  };
  change(flip.first);
  if (flip.second) change(*flip.second);
  return engine::decide(rules_here(), channel).mechanism;
}

const char* daemon_body = "reach = \"same-host\"\nclients = \"many\"\nbrowser = false\nlatency = \"1 ms\"\ndirection = \"two-way\"";

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("explain: two changed answers lead where one does not, and where they say") {
    const Channel channel = tests::channel_of(daemon_body);
    const Decision decision = engine::decide(rules_here(), channel);
    const auto wider = engine::wider_flips_of(rules_here(), channel, decision.mechanism, decision.flips);
    REQUIRE(wider.size() > 0);
    for (const Flip& flip : wider) {
      CAPTURE(flip.mechanism);
      REQUIRE(flip.second);
      CHECK(flip.first.need != flip.second->need);
      CHECK(pick_after(channel, flip) == flip.mechanism);
      for (const Flip& single : decision.flips) CHECK(single.mechanism != flip.mechanism);
      // Neither change alone is enough.
      CHECK(pick_after(channel, {flip.first, std::nullopt, ""}) != flip.mechanism);
      CHECK(pick_after(channel, {*flip.second, std::nullopt, ""}) != flip.mechanism);
    }
  }

  TEST_CASE("explain: why not names every trait, and the ways lead there") {
    const Channel channel = tests::channel_of(daemon_body);
    const Decision decision = engine::decide(rules_here(), channel);
    for (const rules::Mechanism& mechanism : rules_here().mechanisms) {
      CAPTURE(mechanism.id);
      const WhyNot why = engine::why_not(rules_here(), channel, decision, mechanism.id);
      CHECK(why.picked == (mechanism.id == decision.mechanism));
      if (why.picked) continue;
      CHECK(why.objections.empty() == !why.instead.empty());
      for (const Objection& objection : why.objections) CHECK(mechanism.trait(objection.trait)->because == objection.because);
      CHECK(why.ways.size() <= 3);
      for (const Flip& way : why.ways) CHECK(pick_after(channel, way) == mechanism.id);
    }
    CHECK(engine::why_not(rules_here(), channel, decision, "fifo").objections.size() >= 2);
  }

  TEST_CASE("explain: an assumption says how many outcomes hang on it") {
    const Decision decision = engine::decide(rules_here(), tests::channel_of("reach = \"same-host\""));
    for (const Assumption& assumption : decision.assumed) CHECK(assumption.outcomes >= 2);
    const auto relation = std::find_if(decision.assumed.begin(), decision.assumed.end(), [](const Assumption& one) { return one.need == "relation"; });
    REQUIRE(relation != decision.assumed.end());
    // Unrelated: a Unix socket; a child: its standard streams; siblings: a socket pair.
    CHECK(relation->outcomes == 3);
  }

  TEST_CASE("explain: where guide and field differ, both are told with their sources, and only there") {
    const auto told = [](const char* body) {
      std::vector<std::string> ids;
      for (const Disagreement& one : engine::decide(rules_here(), tests::channel_of(body)).disagreements) {
        CHECK(rules_here().claim(one.claim) != nullptr);
        CHECK_FALSE(one.source.empty());
        ids.push_back(one.id);
      }
      return ids;
    };
    using Ids = std::vector<std::string>;
    CHECK(told(daemon_body).empty());
    CHECK(told("reach = \"same-host\"\nthroughput = \"500 MB/s\"\nmessage-size = \"1 MiB\"") == Ids{"memory-for-medium-loads"});
    CHECK(told("reach = \"same-host-for-now\"") == Ids{"loopback-blamed-for-nagle"});
    CHECK(told("reach = \"same-host\"\nclients = \"many\"\nbrowser = true") == Ids{"bridge-reopens-the-socket"});
    CHECK(told("reach = \"same-host\"\nclients = \"many\"\ndirection = \"one-way\"\ncontent = \"wake-up\"") == Ids{"fifo-for-many-writers"});
  }
}
