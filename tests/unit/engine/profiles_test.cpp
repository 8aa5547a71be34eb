#include <doctest/doctest.h>

#include "engine/profiles.hpp"
#include "rules_for_tests.hpp"
#include "small_rules.hpp"

using namespace ipc_advisor;

namespace {

// Holds every step-th settled region against the engine, with its open needs at their first and at their last band.
std::size_t compare_with_engine(const rules::Rules& rules, std::size_t step, std::size_t most) {
  const engine::Profiles profiles(rules);
  engine::Settler settler(rules, profiles);
  engine::Outcome outcome;
  std::size_t compared = 0, count = 0;
  profiles.each([&](const engine::Region& region) -> std::optional<std::size_t> {
    if (compared >= most) return std::nullopt;
    if (const auto need = settler.settle(region, outcome)) return need;
    if (++count % step != 0) return std::nullopt;
    for (const bool last : {false, true}) {
      std::vector<Need> needs = region.needs;
      for (std::size_t i = 0; i < needs.size(); ++i)
        if (!region.fixes(i) && !profiles.bands_of(i).empty()) needs[i].value = last ? profiles.bands_of(i).back() : profiles.bands_of(i).front();
      ++compared;
      const engine::Outcome direct = engine::outcome_of(rules, needs);
      REQUIRE(direct.guide == outcome.guide);
      REQUIRE(direct.refined == outcome.refined);
      REQUIRE(direct.pick == outcome.pick);
    }
    return std::nullopt;
  });
  return compared;
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("profiles: bands and their product") {
    const engine::Profiles profiles(tests::embedded_rules());
    double product = 1;
    for (std::size_t i = 0; i < profiles.needs(); ++i)
      if (tests::embedded_rules().vocabulary[i].decides) product *= static_cast<double>(profiles.bands_of(i).size());
    CHECK(profiles.total() == product);
    // Two places, web or not, latency below, at and above its one cut; what the project chose is no need.
    CHECK(engine::Profiles(tests::small_rules()).total() == 2 * 2 * 3);
  }

  TEST_CASE("profiles: an enumeration covers every profile once, however it splits") {
    const rules::Rules rules = tests::small_rules();
    const engine::Profiles profiles(rules);
    const auto covered = profiles.each([&](const engine::Region& region) -> std::optional<std::size_t> {
      if (!region.fixes(2)) return 2;
      if (!region.fixes(0) && region.bands[2] == 1) return 0;
      return std::nullopt;
    });
    CHECK(covered.profiles == 12);
    CHECK(covered.regions == 2 + 1 + 1);
  }

  TEST_CASE("profiles: a settled region has the outcome that the engine decides for each profile in it") {
    CHECK(compare_with_engine(tests::small_rules(), 1, 1000) >= 8);
    CHECK(compare_with_engine(tests::embedded_rules(), 101, 2000) >= 2000);
  }
}
