#include "report/baseline.hpp"

#include <doctest/doctest.h>

using namespace ipc_advisor;

namespace {

Finding finding(const std::string& rule, const std::string& channel, const std::string& message, int line) {
  Finding out;
  out.rule = rule;
  out.channel = channel;
  out.message = message;
  out.span.begin.line = line;
  return out;
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("baseline: a finding is known again wherever it stands, and another one is not") {
    std::vector<Finding> before{finding("IPC201", "a", "fifo: no", 4), finding("IPC202", "b", "\"quoted\" \x1b", 9)};
    const auto baseline = report::read_baseline(report::write_baseline(before));
    REQUIRE(baseline);
    std::vector<Finding> now{finding("IPC201", "a", "fifo: no", 44), finding("IPC201", "c", "fifo: no", 5), finding("IPC201", "a", "tcp: no", 6)};
    const auto gone = report::apply_baseline(*baseline, now);
    CHECK(now[0].suppressed);
    CHECK_FALSE(now[1].suppressed);
    CHECK_FALSE(now[2].suppressed);
    CHECK(gone == std::multiset<std::string>{report::fingerprint(before[1])});
  }

  TEST_CASE("baseline: what a comment allows is not written, and its reason stays") {
    std::vector<Finding> findings{finding("IPC201", "a", "x", 1)};
    findings[0].suppressed = "why";
    CHECK(report::read_baseline(report::write_baseline(findings))->empty());
    CHECK(report::apply_baseline({report::fingerprint(findings[0])}, findings).empty());
    CHECK(findings[0].suppressed == "why");
  }

  TEST_CASE("baseline: of findings that are alike as many are known as there were") {
    const std::vector<Finding> before{finding("IPC201", "a", "x", 1), finding("IPC201", "a", "x", 2)};
    const std::string text = report::write_baseline(before);
    const auto baseline = report::read_baseline(text);
    REQUIRE(baseline);
    std::vector<Finding> now{finding("IPC201", "a", "x", 1), finding("IPC201", "a", "x", 5), finding("IPC201", "a", "x", 9)};
    CHECK(report::apply_baseline(*baseline, now).empty());
    CHECK((now[0].suppressed && now[1].suppressed && !now[2].suppressed));
    std::vector<Finding> fewer{before[0]};
    const auto gone = report::apply_baseline(*baseline, fewer);
    CHECK(gone.size() == 1);
    CHECK(report::read_baseline(*report::prune_baseline(text, gone))->size() == 1);
  }

  TEST_CASE("baseline: anything else is refused with a word") {
    for (const char* text : {"", "[]", "{}", "{\"schema\":\"other\"}", "{\"schema\":\"ipc-advisor-baseline-1\"}", "{\"schema\":\"ipc-advisor-baseline-1\",\"findings\":[3]}"}) {
      const auto read = report::read_baseline(text);
      REQUIRE_FALSE(read);
      CHECK(read.error().message.find("not a baseline") != std::string::npos);
    }
  }
}
