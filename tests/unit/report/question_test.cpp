#include "report/question.hpp"

#include "rules_for_tests.hpp"

using namespace ipc_advisor;

TEST_SUITE("unit") {
  TEST_CASE("question: what remains is said with what is counted") {
    const auto& rules = tests::embedded_rules();
    CHECK(report::remaining_told(engine::Interview(rules, tests::channel_of("reach = \"cross-host\""))).find("2 outcomes remain: 2 mechanisms; ") == 0);
    const std::string settled = report::remaining_told(engine::Interview(rules, tests::channel_of("reach = \"cross-host\"\nloss-ok = false")));
    CHECK(settled.find("tcp is settled, but what goes with it is open") != std::string::npos);
  }

  TEST_CASE("question: an explanation tells why, what each answer leads to, and what holds without one") {
    const auto& rules = tests::embedded_rules();
    const engine::Interview interview(rules, tests::channel_of("reach = \"same-host\"\nclients = \"many\"\nthroughput = \"1 MB/s\""));
    std::string text;
    for (const std::string& line : report::explanation_lines(rules, interview, 60)) {
      CHECK(line.size() <= 62);
      text += line + "\n";
    }
    CHECK(text.find("yes \u2192 ") != std::string::npos);
    CHECK(text.find("Without an answer: ") != std::string::npos);
  }

  TEST_CASE("question: a wide first column stands above its text") {
    CHECK(report::hanging("1 same-host  ", "on one machine, for good", 60) == std::vector<std::string>{"1 same-host  on one machine, for good"});
    CHECK(report::hanging("1 same-host  ", "on one machine", 20) == std::vector<std::string>{"1 same-host", "    on one machine"});
  }
}
