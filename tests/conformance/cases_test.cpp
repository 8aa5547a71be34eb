// Every case holds, and no branch, leaf, need, elimination, layer, lint rule or claim is without one.
#include <set>

#include "conformance/cases.hpp"
#include "engine/cases.hpp"

using namespace ipc_advisor;

TEST_SUITE("conformance") {
  TEST_CASE("cases: each holds") {
    for (const rules::Case& one : tests::all_cases())
      for (const std::string& failure : engine::failures_of(tests::embedded_rules(), one))
        FAIL_CHECK(one.place.file << ":" << one.place.at.line << " (" << one.name << "): " << failure);
  }

  TEST_CASE("cases: nothing is without one") {
    const engine::Coverage coverage = engine::coverage_of(tests::embedded_rules(), tests::all_cases());
    for (const engine::CoverageGroup& group : coverage) {
      CHECK(group.counts.size() > 0);
      for (const auto& one : group.counts) CHECK_MESSAGE(one.second > 0, group.name << ": " << one.first << " has no case");
    }
  }

  TEST_CASE("cases: each claim that a rule settles has one, and no other claim") {
    std::set<std::string> shown;
    for (const rules::Case& one : tests::all_cases())
      if (!one.claim.empty()) shown.insert(one.claim);
    for (const rules::Claim& claim : tests::embedded_rules().claims) CHECK_MESSAGE((claim.settled_by == "rule") == (shown.count(claim.id) == 1), claim.id);
  }
}
