#include "engine/variants.hpp"

#include <algorithm>

#include "rules_for_tests.hpp"

using namespace ipc_advisor;

TEST_SUITE("unit") {
  TEST_CASE("variants: what goes with a mechanism hangs on some answers and not on others") {
    const auto& rules = tests::embedded_rules();
    const auto need = [&](const char* id) { return *rules.vocabulary.find(id); };
    const Channel channel = tests::channel_of("reach = \"cross-host\"\ndirection = \"two-way\"");
    const auto open = engine::variants_of(rules, channel, {}, "tcp", {"tcp"});
    CHECK(open.count > 1);
    CHECK(std::find(open.needs.begin(), open.needs.end(), need("standard-tools")) != open.needs.end());
    CHECK(std::find(open.needs.begin(), open.needs.end(), need("sync-ready")) == open.needs.end());
    std::vector<std::size_t> all = open.needs;
    const auto passed = engine::variants_of(rules, channel, all, "tcp", {"tcp"});
    CHECK(passed.count == 1);
    CHECK(passed.needs.empty());
  }
}
