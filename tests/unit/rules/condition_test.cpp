#include "rules/condition.hpp"

#include "rules_for_tests.hpp"

using namespace ipc_advisor;
using rules::Truth;

namespace {

Truth holds(const std::string& condition, const std::string& body, std::string_view mechanism = "") {
  const auto& all = tests::embedded_rules();
  const auto parsed = rules::Condition::parse(condition, all.vocabulary, all.mechanism_ids());
  INFO(condition);
  REQUIRE(parsed);
  return parsed->evaluate(rules::Facts{tests::channel_of(body).needs, mechanism, ""});
}

rules::ConditionError error_in(const std::string& condition) {
  const auto& all = tests::embedded_rules();
  const auto parsed = rules::Condition::parse(condition, all.vocabulary, all.mechanism_ids());
  INFO(condition);
  REQUIRE_FALSE(parsed);
  return parsed.error();
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("condition: comparisons of every type") {
    CHECK(holds("reach == same-host", "reach = \"same-host\"") == Truth::yes);
    CHECK(holds("reach != same-host", "reach = \"both\"") == Truth::yes);
    CHECK(holds("browser", "browser = true") == Truth::yes);
    CHECK(holds("browser == false", "browser = true") == Truth::no);
    CHECK(holds("throughput >= 5 GB/s", "throughput = \"5 GB/s\"") == Truth::yes);
    CHECK(holds("throughput < 5 GB/s", "throughput = \"5 GB/s\"") == Truth::no);
    CHECK(holds("message-rate > 10/s", "message-rate = \"11/s\"") == Truth::yes);
    CHECK(holds("latency <= 5 us", "latency = \"5 us\"") == Truth::yes);
    CHECK(holds("max-clients > 64", "max-clients = 65") == Truth::yes);
    CHECK(holds("windows in platforms", "platforms = [\"linux\", \"windows\"]") == Truth::yes);
    CHECK(holds("platforms in [linux, macos]", "platforms = [\"linux\", \"windows\"]") == Truth::no);
    CHECK(holds("relation in [parent-child, one-parent]", "relation = \"one-parent\"") == Truth::yes);
    CHECK(holds("starts path \"@\"", "path = \"@x\"") == Truth::yes);
    CHECK(holds("longer path 3", "path = \"abc\"") == Truth::no);
    CHECK(holds("mechanism in [tcp, udp]", "", "udp") == Truth::yes);
  }

  TEST_CASE("condition: unknown is not false") {
    CHECK(holds("browser", "") == Truth::unknown);
    CHECK(holds("not browser", "") == Truth::unknown);
    CHECK(holds("browser and shell", "shell = false") == Truth::no);
    CHECK(holds("browser or shell", "shell = true") == Truth::yes);
    CHECK(holds("browser and shell", "shell = true") == Truth::unknown);
    CHECK(holds("given browser", "") == Truth::no);
    CHECK(holds("given browser", "browser = false") == Truth::yes);
  }

  TEST_CASE("condition: and binds tighter than or, parentheses tighter than both") {
    CHECK(holds("browser or shell and loss-ok", "browser = true\nshell = false\nloss-ok = false") == Truth::yes);
    CHECK(holds("(browser or shell) and loss-ok", "browser = true\nshell = false\nloss-ok = false") == Truth::no);
    CHECK(holds("not browser and shell", "browser = false\nshell = false") == Truth::no);
  }

  TEST_CASE("condition: free text is tested at its ends and by its length in bytes") {
    CHECK(holds("ends mode \"7\"", "mode = \"0777\"") == Truth::yes);
    CHECK(holds("ends mode \"00\"", "mode = \"0750\"") == Truth::no);
    CHECK(holds("not ends mode \"00\"", "") == Truth::unknown);
    CHECK(holds("longer path 3", "path = \"üü\"") == Truth::yes);
    CHECK(error_in("ends reach \"x\"").column == 6);
  }

  TEST_CASE("condition: what can hold is told by what is known, and never denied where it does hold") {
    const auto& all = tests::embedded_rules();
    for (const char* text : {"browser", "not browser", "given browser", "not given browser", "browser or shell", "browser and not (shell or given port)", "not (browser and shell)", "always", "not always",
                             "port == 80 or starts path \"@\"", "uses in [fifo]", "mechanism == fifo"}) {
      CAPTURE(text);
      const auto parsed = rules::Condition::parse(text, all.vocabulary, all.mechanism_ids());
      REQUIRE(parsed);
      for (const char* body : {"", "browser = true", "browser = false", "browser = false\nshell = true", "browser = true\nshell = false", "port = 80", "path = \"@x\"", "uses = \"fifo\""}) {
        const Channel channel = tests::channel_of(body);
        std::uint64_t known = 0;
        for (std::size_t i = 0; i < channel.needs.size(); ++i)
          if (is_known(channel.needs[i].value)) known |= std::uint64_t{1} << i;
        if (parsed->evaluate({channel.needs, "fifo", ""}) == Truth::yes) CHECK_MESSAGE(parsed->can_hold(known), body);
        if (parsed->negated().evaluate({channel.needs, "fifo", ""}) == Truth::yes) CHECK_MESSAGE(parsed->negated().can_hold(known), body);
      }
    }
    CHECK_FALSE(rules::Condition::parse("browser and shell", all.vocabulary, all.mechanism_ids())->can_hold(~std::uint64_t{0} ^ std::uint64_t{1} << *all.vocabulary.find("shell")));
  }

  TEST_CASE("condition: errors point at their column") {
    CHECK(error_in("reech == same-host").column == 1);
    CHECK(error_in("reech == same-host").message.find("reach") != std::string::npos);
    CHECK(error_in("reach == samehost").column == 10);
    CHECK(error_in("reach < same-host").column == 9);
    CHECK(error_in("throughput > 5 GBs").column == 14);
    CHECK(error_in("browser and").column == 12);
    CHECK(error_in("(browser").message.find(")") != std::string::npos);
    CHECK(error_in("reach").message.find("comparison") != std::string::npos);
    CHECK(error_in("").column == 1);
    CHECK_FALSE(error_in(std::string(5000, '(')).message.empty());
  }

  TEST_CASE("condition: tells which needs and numbers it hangs on") {
    const auto& all = tests::embedded_rules();
    const auto parsed = rules::Condition::parse("throughput > 1 GB/s and not browser or throughput < 2 GB/s", all.vocabulary, all.mechanism_ids());
    REQUIRE(parsed);
    const auto throughput = *all.vocabulary.find("throughput");
    CHECK(parsed->needs() == std::vector<std::size_t>{throughput, *all.vocabulary.find("browser")});
    CHECK(parsed->thresholds(throughput) == std::vector<double>{1e9, 2e9});
  }
}
