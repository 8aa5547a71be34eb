#include <doctest/doctest.h>

#include "engine/complete.hpp"
#include "engine/proofs.hpp"
#include "rules_for_tests.hpp"

using namespace ipc_advisor;

namespace {

// The embedded rules with a piece of one file replaced.
rules::Rules changed(const std::string& path, const std::string& from, const std::string& to) {
  auto files = rules::embedded_rule_files();
  for (rules::RuleFile& file : files) {
    if (file.path != path) continue;
    const auto at = file.text.find(from);
    REQUIRE(at != std::string::npos);
    file.text.replace(at, from.size(), to);
  }
  auto loaded = rules::load_rules(files);
  if (!loaded) FAIL(rules::to_error(loaded.error()).message);
  return std::move(*loaded);
}

std::string faults_of(const std::vector<engine::Proof>& proofs) {
  std::string all;
  for (const engine::Proof& proof : proofs)
    for (const std::string& fault : proof.faults) all += fault + "\n";
  return all;
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("profiles: the enumeration covers every profile once, however it splits") {
    const rules::Rules& rules = tests::embedded_rules();
    const engine::Profiles profiles(rules);
    const auto two = rules.vocabulary.find("clients"), where = rules.vocabulary.find("reach");
    const auto covered = profiles.each([&](const engine::Region& region) -> std::optional<std::size_t> {
      if (!region.fixes(*where)) return *where;
      if (!region.fixes(*two) && region.bands[*where] == 1) return *two;
      return std::nullopt;
    });
    CHECK(covered.profiles == profiles.total());
    CHECK(covered.regions == profiles.bands_of(*where).size() - 1 + profiles.bands_of(*two).size());
  }

  TEST_CASE("profiles: a settled outcome is what the engine decides for each profile in the region") {
    const rules::Rules& rules = tests::embedded_rules();
    const engine::Profiles profiles(rules);
    engine::Settler settler(rules, profiles);
    engine::Outcome outcome;
    std::size_t looked = 0, count = 0;
    profiles.each([&](const engine::Region& region) -> std::optional<std::size_t> {
      if (const auto need = settler.settle(region, outcome)) return need;
      // Every 4001st region, with its open needs at their first and at their last band.
      if (++count % 4001 != 0) return std::nullopt;
      for (const bool last : {false, true}) {
        std::vector<Need> needs = region.needs;
        for (std::size_t i = 0; i < needs.size(); ++i)
          if (!region.fixes(i) && !profiles.bands_of(i).empty()) needs[i].value = last ? profiles.bands_of(i).back() : profiles.bands_of(i).front();
        ++looked;
        const engine::Outcome direct = engine::outcome_of(rules, needs);
        REQUIRE(direct.guide == outcome.guide);
        REQUIRE(direct.refined == outcome.refined);
        REQUIRE(direct.pick == outcome.pick);
      }
      return std::nullopt;
    });
    CHECK(looked > 100);
  }

  TEST_CASE("proofs: broken rules are found out") {
    struct Break {
      const char *file, *from, *to, *found;
      std::vector<engine::Proof> (*prove)(const rules::Rules&);
    };
    const Break breaks[] = {
        // A question that its own path has already answered.
        {"refine-tree.toml", "need   = \"loss-ok\"\nsource = \"udp(7)\"\n[node.answers]\ntrue  = \"use-udp\"\nfalse = \"keep\"",
         "need   = \"reach\"\nsource = \"udp(7)\"\n[node.answers]\nsame-host = \"use-udp\"\nsame-host-for-now = \"keep\"\nboth = \"keep\"\ncross-host = \"keep\"",
         "refine asks reach twice", engine::prove_trees},
        // A leaf that its own path makes impossible.
        {"refine-tree.toml", "true  = \"use-udp\"\nfalse = \"keep\"", "true  = \"use-udp\"\nfalse = \"use-unix-stream\"", "refine/use-unix-stream picks unix-stream, which falls by",
         engine::prove_trees},
        // A layer that nothing ever gets.
        {"layers.toml", "mechanism == posix-shm and content in [bytes, handles] and bursty", "mechanism == posix-shm and clients == two and clients == many and bursty",
         "no recommendation ever gets the layer ring", engine::prove_profiles},
    };
    for (const Break& one : breaks) {
      const std::string faults = faults_of(one.prove(changed(one.file, one.from, one.to)));
      CHECK_MESSAGE(faults.find(one.found) != std::string::npos, std::string(one.found) << " not in:\n" << faults.substr(0, 500));
    }
  }

  TEST_CASE("proofs: the embedded trees hold") {
    CHECK(faults_of(engine::prove_trees(tests::embedded_rules())).empty());
  }
}
