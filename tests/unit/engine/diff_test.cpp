#include <doctest/doctest.h>

#include "engine/diff.hpp"
#include "small_rules.hpp"

using namespace ipc_advisor;

TEST_SUITE("unit") {
  TEST_CASE("diff: the same rules change nothing") {
    const rules::Rules rules = tests::small_rules();
    const auto same = engine::diff(rules, rules);
    CHECK(same.changes.empty());
    CHECK(same.covered.profiles == 12);
  }

  TEST_CASE("diff: a veto changes exactly the profiles that had the mechanism") {
    const rules::Rules before = tests::small_rules();
    // pipe is picked where near, not web and latency at or above 1 ms: two of twelve profiles.
    const rules::Rules after = tests::small_rules({}, {{"layer.toml", "name = \"x\"\nversion = \"1\"\n"}, {"mechanisms/pipe.toml", "id = \"pipe\"\n" + tests::small_trait("veto", "always")}});
    std::vector<std::string> told;
    const auto changed = engine::diff(before, after, [&](const std::string& old, const std::string& now, const std::string& region) { told.push_back(old + ">" + now + " " + region); });
    REQUIRE(changed.changes.size() == 1);
    CHECK(changed.changes[0].before == "pipe");
    CHECK(changed.changes[0].after == "wire");
    CHECK(changed.changes[0].profiles == 2);
    CHECK(changed.changes[0].always == std::vector<std::string>{"where = \"near\"", "web = false", "latency is not \"500 us\""});
    CHECK(told.size() == changed.changes[0].regions);
  }

  TEST_CASE("diff: a need that only one side has is gone through too, and unlike vocabularies are refused") {
    const rules::Rules before = tests::small_rules();
    const rules::Rules after = tests::small_rules({}, {{"layer.toml", "name = \"x\"\nversion = \"1\"\n"},
                                                       {"needs.toml", tests::small_need("secret", "bool", "assume = false\n")},
                                                       {"mechanisms/wire.toml", "id = \"wire\"\n" + tests::small_trait("veto", "secret")}});
    REQUIRE(engine::comparable(before, after));
    const auto changed = engine::diff(before, after);
    CHECK(changed.total == 24);
    CHECK(changed.covered.profiles == 24);
    for (const engine::Change& change : changed.changes) CHECK(change.before == "wire");
    const rules::Rules other = tests::small_rules({}, {{"layer.toml", "name = \"x\"\nversion = \"1\"\n"},
                                                       {"needs.toml", tests::small_need("other", "bool", "assume = false\n")},
                                                       {"mechanisms/wire.toml", "id = \"wire\"\n" + tests::small_trait("veto", "other")}});
    CHECK_FALSE(engine::comparable(after, other));
  }
}
