#include "rules/inventory.hpp"

#include <set>

#include "small_rules.hpp"

using namespace ipc_advisor;

TEST_SUITE("unit") {
  TEST_CASE("inventory: everything is in it once, with its place") {
    const rules::Rules rules = tests::small_rules();
    const auto entries = rules::inventory(rules);
    std::set<std::string> seen;
    for (const rules::InventoryEntry& entry : entries) {
      CHECK(seen.insert(entry.kind + " " + entry.id).second);
      CHECK(entry.place.file.starts_with("rules/"));
      CHECK(entry.place.at.line > 0);
    }
    CHECK(entries.size() == 5 + 1 + 2 + 2 + 2 + 3 + 3 + 1 + 1);
    CHECK(seen.count("trait pipe/local") == 1);
    CHECK(seen.count("leaf refine/keep") == 1);
  }

  TEST_CASE("inventory: a difference is added, removed or changed") {
    const auto before = rules::inventory(tests::small_rules());
    const auto after = rules::inventory(tests::small_rules({{"mechanisms/pipe.toml", {"id = \"slow\"", "id = \"late\""}}, {"mechanisms/bridge.toml", {"not web", "latency < 1 ms"}}}));
    const auto found = rules::difference(before, after);
    REQUIRE(found.added.size() == 1);
    CHECK(found.added[0].id == "pipe/late");
    REQUIRE(found.removed.size() == 1);
    CHECK(found.removed[0].id == "pipe/slow");
    REQUIRE(found.changed.size() == 1);
    CHECK(found.changed[0].detail == "advised against where latency < 1 ms");
    CHECK(rules::difference(before, before).added.empty());
  }
}
