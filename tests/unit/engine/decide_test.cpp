#include "engine/decide.hpp"

#include <algorithm>

#include "engine/complete.hpp"
#include "engine/walk.hpp"
#include "rules_for_tests.hpp"

using namespace ipc_advisor;

namespace {

Decision decision_for(const std::string& body) { return engine::decide(tests::embedded_rules(), tests::channel_of(body)); }

bool has_layer(const Decision& decision, const std::string& kind, const std::string& value) {
  return std::any_of(decision.layers.begin(), decision.layers.end(), [&](const Layer& layer) { return layer.kind == kind && layer.value == value; });
}

const Candidate& candidate(const Decision& decision, const std::string& mechanism) {
  const auto found = std::find_if(decision.candidates.begin(), decision.candidates.end(), [&](const Candidate& c) { return c.mechanism == mechanism; });
  REQUIRE(found != decision.candidates.end());
  return *found;
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("decide: the pick comes first, then what stands, then what fell, each mechanism once") {
    const Decision decision = decision_for("reach = \"same-host\"\nclients = \"many\"");
    REQUIRE(decision.candidates.size() == tests::embedded_rules().mechanisms.size());
    CHECK(decision.candidates.front().standing == Standing::picked);
    CHECK(decision.candidates.front().mechanism == decision.mechanism);
    CHECK(std::is_sorted(decision.candidates.begin(), decision.candidates.end(), [](const Candidate& a, const Candidate& b) { return a.standing < b.standing; }));
  }

  TEST_CASE("decide: every fallen candidate has its trait, reason, source and needs") {
    for (const Candidate& fallen : decision_for("reach = \"cross-host\"").candidates) {
      if (fallen.standing != Standing::fallen) continue;
      CHECK_FALSE(fallen.trait.empty());
      CHECK_FALSE(fallen.because.empty());
      CHECK_FALSE(fallen.source.empty());
      CHECK_FALSE(fallen.needs.empty());
    }
  }

  TEST_CASE("decide: a pick that falls is replaced, and the trace says so") {
    // A million clients' worth of copies: the tree wants shared memory, but nobody will synchronise it.
    const Decision decision = decision_for("reach = \"same-host\"\nclients = \"many\"\nthroughput = \"2 GB/s\"\nsync-ready = false");
    CHECK(decision.mechanism != "posix-shm");
    CHECK(candidate(decision, "posix-shm").standing == Standing::fallen);
    CHECK(candidate(decision, "posix-shm").source == "shm.avoid.no-sync");
    CHECK(decision.because.find("falls") != std::string::npos);
  }

  TEST_CASE("decide: the guide's answer is kept beside a refined one") {
    const Decision decision = decision_for("reach = \"same-host\"\nclients = \"many\"\ncontent = \"handles\"\nthroughput = \"500 MB/s\"");
    CHECK(decision.guide.mechanism == "unix-stream");
    CHECK(decision.mechanism == "posix-shm");
    CHECK(has_layer(decision, "control", "unix-stream"));
    CHECK(has_layer(decision, "handles", "scm-rights"));
  }

  TEST_CASE("decide: what was assumed and would matter is said, what would not is left out") {
    const Decision decision = decision_for("reach = \"same-host\"\nclients = \"many\"");
    const auto assumed = [&](const char* need) {
      return std::any_of(decision.assumed.begin(), decision.assumed.end(), [&](const Assumption& a) { return a.need == need; });
    };
    CHECK(assumed("browser"));
    CHECK_FALSE(assumed("max-clients"));
    CHECK_FALSE(assumed("reach"));
  }

  TEST_CASE("decide: a flip changes the pick to what it says") {
    const Channel channel = tests::channel_of("reach = \"same-host\"\nclients = \"many\"\nbrowser = false\nlatency = \"1 ms\"");
    const Decision decision = engine::decide(tests::embedded_rules(), channel);
    REQUIRE_FALSE(decision.flips.empty());
    for (const Flip& flip : decision.flips) {
      const auto& vocabulary = tests::embedded_rules().vocabulary;
      Channel other = channel;
      const auto need = *vocabulary.find(flip.first.need);
      const auto value = rules::parse_value(vocabulary[need], flip.first.to);
      REQUIRE(value);
      other.needs[need] = {*value, {OriginKind::answer, "", {}, {}}};
      CHECK_MESSAGE(engine::decide(tests::embedded_rules(), other).mechanism == flip.mechanism, flip.first.need << " = " << flip.first.to);
      CHECK(flip.mechanism != decision.mechanism);
    }
  }

  TEST_CASE("decide: deriving fills what follows and nothing else") {
    const auto& rules = tests::embedded_rules();
    const auto value = [&](const std::string& body, const char* need) { return engine::derive(rules, tests::channel_of(body).needs)[*rules.vocabulary.find(need)].value; };
    CHECK(value("max-clients = 5", "clients") == Value{std::string("many")});
    CHECK(value("max-clients = 1", "clients") == Value{std::string("two")});
    CHECK(value("max-clients = 5\nclients = \"two\"", "clients") == Value{std::string("two")});
    CHECK(value("message-size = \"1 KiB\"\nmessage-rate = \"10/s\"", "throughput") == Value{10240.0});
    CHECK_FALSE(is_known(value("message-size = \"1 KiB\"", "throughput")));
  }

  TEST_CASE("walk: numbers take the branch of their cut, the cut itself the upper one") {
    rules::TreeNode node;
    node.cuts = {10, 20};
    const rules::NeedDef need{};
    CHECK(engine::branch_of(node, need, Value{9.9}) == 0u);
    CHECK(engine::branch_of(node, need, Value{10.0}) == 1u);
    CHECK(engine::branch_of(node, need, Value{20.0}) == 2u);
    CHECK(engine::branch_of(node, need, Value{true}) == 1u);
    CHECK_FALSE(engine::branch_of(node, need, Value{}));
  }
}
