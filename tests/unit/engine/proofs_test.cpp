#include <doctest/doctest.h>

#include "engine/proofs.hpp"
#include "small_rules.hpp"

using namespace ipc_advisor;

namespace {

std::vector<engine::Proof> all_proofs(const rules::Rules& rules) {
  std::vector<engine::Proof> proofs = engine::prove_trees(rules);
  for (engine::Proof& proof : engine::prove_profiles(rules)) proofs.push_back(std::move(proof));
  return proofs;
}

std::string faults_of(const rules::Rules& rules) {
  std::string all;
  for (const engine::Proof& proof : all_proofs(rules)) {
    CHECK(proof.whole);
    for (const std::string& fault : proof.faults) all += fault + "\n";
  }
  return all;
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("proofs: sound rules hold, and every profile was gone through") {
    const rules::Rules rules = tests::small_rules();
    CHECK(faults_of(rules).empty());
    for (const engine::Proof& proof : engine::prove_profiles(rules))
      if (proof.unit == "regions") CHECK(proof.covered.profiles == 12);
    for (const engine::Proof& proof : engine::prove_trees(rules)) CHECK(proof.covered.regions == 2 + 3);
  }

  TEST_CASE("proofs: each kind of broken rule is found out") {
    struct Break {
      const char *file, *from, *to, *found;
    };
    const Break breaks[] = {
        {"refine-tree.toml", "id = \"web\"\nneed = \"web\"", "id = \"web\"\nneed = \"where\"\nsource = \"a manual\"\n[node.answers]\nnear = \"use-bridge\"\nfar = \"keep\"\n[[node]]\nid = \"web-2\"\nneed = \"web\"",
         "cannot be reached"},
        {"refine-tree.toml", "need = \"web\"\nsource = \"a manual\"\n[node.answers]\ntrue = \"use-bridge\"\nfalse = \"keep\"",
         "need = \"where\"\nsource = \"a manual\"\n[node.answers]\nnear = \"use-bridge\"\nfar = \"keep\"", "refine asks where twice: where near, where near"},
        {"guide-tree.toml", "near = \"use-pipe\"\nfar = \"use-wire\"", "near = \"use-wire\"\nfar = \"use-pipe\"", "guide/use-pipe picks pipe, which falls by local: where far"},
        {"layers.toml", "mechanism == bridge", "mechanism == bridge and not web and web", "no recommendation ever gets the layer protocol = http of rules/layers.toml:1"},
        {"mechanisms/pipe.toml", "where == far", "where == far and where == near", "pipe/local can never hold"},
        {"mechanisms/bridge.toml", "not web", "web", "X1 bridge-without-web finds the recommended bridge"},
        {"lint/x.toml", "uses == bridge and not web", "uses == bridge and web", "X1 bridge-without-web finds the recommended bridge under: where = \"near\", web = true"},
        // What nobody has answered yet may still be given.
        {"lint/x.toml", "uses == bridge and not web", "uses == bridge and given latency and latency < 1 ms", "X1 bridge-without-web finds the recommended bridge under"},
        {"needs.toml", "[[need]]\nid = \"latency\"", "[[need]]\nid = \"idle\"\ntype = \"bool\"\ngroup = \"g\"\nquestion = \"q\"\nwhy = \"w\"\nsample = \"true\"\nassume = false\n[[need]]\nid = \"latency\"",
         "nothing looks at the need idle"},
    };
    for (const Break& one : breaks) {
      const auto loaded = tests::load_small({{one.file, {one.from, one.to}}});
      const std::string faults = loaded ? faults_of(*loaded) : rules::to_error(loaded.error()).message;
      CHECK_MESSAGE(faults.find(one.found) != std::string::npos, std::string(one.found) << " not in:\n" << faults);
    }
  }

  TEST_CASE("proofs: a veto may fell a leaf of the layer below, and with layers only what they add is in question") {
    const rules::Rules rules = tests::small_rules({}, {{"layer.toml", "name = \"x\"\nversion = \"1\"\n"}, {"mechanisms/bridge.toml", "id = \"bridge\"\n" + tests::small_trait("veto", "always")}});
    CHECK(faults_of(rules).empty());
  }
}
