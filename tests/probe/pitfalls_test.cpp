// Each pitfall that shows in a file or on a host is found by something, or says why it is not.
#include <algorithm>
#include <doctest/doctest.h>

#include "probe/probe.hpp"
#include "rules_for_tests.hpp"

using namespace ipc_advisor;

namespace {

bool has_trial(const std::string& mechanism, const std::string& trial) {
  const probe::Probe* found = probe::find_probe(mechanism);
  return found != nullptr && std::any_of(found->trials.begin(), found->trials.end(), [&](const auto& one) { return one.id == trial; });
}

}  // namespace

TEST_SUITE("conformance") {
  TEST_CASE("pitfalls: what a file can show is found by a rule or a trait, or the reason is given") {
    const auto& rules = tests::embedded_rules();
    int visible = 0;
    for (const rules::Pitfall& pitfall : rules.pitfalls) {
      CAPTURE(pitfall.id);
      CHECK(pitfall.lint == (!pitfall.found_by.empty() || !pitfall.not_found.empty()));
      CHECK((pitfall.found_by.empty() || pitfall.not_found.empty()));
      visible += pitfall.lint ? 1 : 0;
      for (const std::string& finder : pitfall.found_by)
        if (const rules::LintRule* rule = rules.lint_rule(finder)) CHECK(rule->host.empty());
    }
    CHECK(visible == 74);
  }

  TEST_CASE("pitfalls: what a host can show is tried there, or the reason is given") {
    const auto& rules = tests::embedded_rules();
    int visible = 0;
    for (const rules::Pitfall& pitfall : rules.pitfalls) {
      CAPTURE(pitfall.id);
      CHECK(pitfall.probe == (!pitfall.tried_by.empty() || !pitfall.not_tried.empty()));
      CHECK((pitfall.tried_by.empty() || pitfall.not_tried.empty()));
      visible += pitfall.probe ? 1 : 0;
      for (const std::string& finder : pitfall.tried_by) {
        CAPTURE(finder);
        const auto slash = finder.find('/');
        if (slash == std::string::npos) CHECK_FALSE(rules.lint_rule(finder)->host.empty());
        else CHECK(has_trial(finder.substr(0, slash), finder.substr(slash + 1)));
      }
    }
    CHECK(visible == 74);
  }
}
