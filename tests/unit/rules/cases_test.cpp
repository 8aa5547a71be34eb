#include <doctest/doctest.h>

#include "rules/cases.hpp"
#include "rules_for_tests.hpp"

using namespace ipc_advisor;

namespace {

std::string errors_in(const std::string& text) {
  const auto cases = rules::load_cases(text, "t.toml", tests::embedded_rules());
  REQUIRE_FALSE(cases);
  std::string all;
  for (const auto& error : cases.error()) all += std::to_string(error.place.at.line) + ": " + error.message + "\n";
  return all;
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("cases: what is misspelt is an error with its line") {
    CHECK(errors_in("[[case]]\nneeds = []\npick = \"tcp\"\n").find("pick") != std::string::npos);
    CHECK(errors_in("[[case]]\nneeds = ['reech = \"both\"']\n").find("reech") != std::string::npos);
    CHECK(errors_in("[[case]]\nneeds = []\npicks = \"tpc\"\n").find("tcp") != std::string::npos);
    CHECK(errors_in("[[case]]\nneeds = []\nfalls = { tcp = \"no-such-trait\" }\n").find("1: tcp has no trait") != std::string::npos);
    CHECK(errors_in("[[case]]\nneeds = []\nclaim = \"no.such\"\n").find("not a claim") != std::string::npos);
    CHECK(errors_in("[[case]\n").substr(0, 2) == "1:");
  }

  TEST_CASE("cases: to_toml is read back as it was") {
    const std::string text = "[[case]]\ntakes  = \"guide/a/b\"\nends   = \"guide/c\"\nneeds  = ['reach = \"both\"', 'browser = true']\nguide  = \"tcp\"\npicks  = \"udp\"\n"
                             "layers = [\"framing=records\"]\nfalls  = { tcp = \"local-only\" }\n";
    // The names need not fit together; only mechanisms, traits and needs are looked up.
    const rules::Rules& rules = tests::embedded_rules();
    const rules::Trait& trait = rules.mechanism("tcp")->traits.front();
    const std::string real = std::string(text).replace(text.find("local-only"), 10, trait.id);
    const auto once = rules::load_cases(real, "t.toml", rules);
    REQUIRE(once);
    CHECK(rules::to_toml(once->at(0)) == real);
  }
}
