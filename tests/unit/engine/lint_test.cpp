#include "engine/lint.hpp"

#include <algorithm>
#include <sstream>

#include "engine/decide.hpp"
#include "engine/complete.hpp"
#include "rules_for_tests.hpp"

using namespace ipc_advisor;

namespace {

std::vector<Finding> lint_text(const std::string& text) {
  return engine::lint(tests::embedded_rules(), rules::read_requirements(text, "t.toml", tests::embedded_rules()));
}

bool has(const std::vector<Finding>& findings, const std::string& code) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) { return finding.rule == code; });
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("lint: each rule finds its bad example and leaves its good one alone") {
    for (const rules::LintRule& rule : tests::embedded_rules().lint) {
      // What only the host can tell is tried in the probe suite.
      if (!rule.host.empty()) continue;
      CHECK_MESSAGE(has(lint_text(rule.bad), rule.code), rule.code << " misses its bad example");
      CHECK_MESSAGE(!has(lint_text(rule.good), rule.code), rule.code << " finds its good example");
    }
  }

  TEST_CASE("lint: each rule underlines its key in its bad example, or the channel's header where the key is missing, and points at the other") {
    const auto& rules = tests::embedded_rules();
    const auto line_of = [](const std::string& text, int line) {
      std::istringstream in(text);
      std::string out;
      while (line-- > 0) std::getline(in, out);
      return out;
    };
    for (const rules::LintRule& rule : rules.lint) {
      if (!rule.when || !rule.key) continue;
      CAPTURE(rule.code);
      const auto findings = lint_text(rule.bad);
      const auto found = std::find_if(findings.begin(), findings.end(), [&](const Finding& finding) { return finding.rule == rule.code; });
      REQUIRE(found != findings.end());
      const auto stated = [&](std::size_t need) { return rule.bad.find("\n" + rules.vocabulary[need].id + " =") != std::string::npos; };
      const std::string line = line_of(rule.bad, found->span.begin.line);
      CHECK(line.starts_with(stated(*rule.key) ? rules.vocabulary[*rule.key].id + " = " : "[[channel]]"));
      // From the first character of the value to just past its last one.
      if (stated(*rule.key)) CHECK(found->span == Span{{found->span.begin.line, static_cast<int>(rules.vocabulary[*rule.key].id.size()) + 4}, {found->span.begin.line, static_cast<int>(line.size()) + 1}});
      REQUIRE(found->also.size() == (rule.also && stated(*rule.also) ? 1 : 0));
      if (!found->also.empty()) CHECK(line_of(rule.bad, found->also[0].span.begin.line).starts_with(rules.vocabulary[*rule.also].id + " = "));
    }
  }

  TEST_CASE("lint: a value in a message is not read again") {
    const auto findings = lint_text("[[channel]]\nname = \"a\"\nreach = \"same-host\"\nuses = \"unix-stream\"\naccess = \"same-group\"\nmode = \"{reach}7\"\n");
    CHECK(std::any_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.message.find("mode {reach}7 lets") != std::string::npos; }));
  }

  TEST_CASE("lint: a contradiction points at both keys") {
    const auto findings = lint_text("[[channel]]\nname = \"a\"\nreach = \"cross-host\"\ncontent = \"handles\"\n");
    const auto found = std::find_if(findings.begin(), findings.end(), [](const Finding& f) { return f.rule == "IPC104"; });
    REQUIRE(found != findings.end());
    CHECK(found->span.begin == Position{4, 11});
    REQUIRE(found->also.size() == 1);
    CHECK(found->also[0].span.begin == Position{3, 9});
  }

  TEST_CASE("lint: `uses` falls by the very traits that the engine eliminates by") {
    const auto& rules = tests::embedded_rules();
    const std::string body = "reach = \"same-host\"\ndirection = \"two-way\"\nclients = \"many\"\naccess = \"same-user\"\n";
    for (const rules::Mechanism& mechanism : rules.mechanisms) {
      const auto needs = engine::derive(rules, tests::channel_of(body).needs);
      const rules::Trait* trait = engine::falls_by(mechanism, needs);
      const auto findings = lint_text("[[channel]]\nname = \"a\"\n" + body + "uses = \"" + mechanism.id + "\"\n");
      CHECK_MESSAGE(has(findings, "IPC201") == (trait != nullptr && !trait->advice), mechanism.id);
      if (trait != nullptr) CHECK_MESSAGE((has(findings, "IPC201") || has(findings, "IPC202")), mechanism.id);
    }
  }

  TEST_CASE("lint: a comment with a reason allows its finding, and nothing else") {
    const std::string head = "[[channel]]\nname = \"a\"\nreach = \"cross-host\"\n";
    const auto count = [&](const std::string& text, const std::string& code, bool allowed) {
      const auto findings = lint_text(text);
      return std::count_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.rule == code && f.suppressed.has_value() == allowed; });
    };
    CHECK(count(head + "uses = \"fifo\"\n", "IPC201", false) > 0);
    CHECK(count(head + "uses = \"fifo\" # ipc: allow[IPC201] legacy\n", "IPC201", false) == 0);
    CHECK(count(head + "uses = \"fifo\" # ipc: allow[IPC201] legacy\n", "IPC201", true) > 0);
    CHECK(count("# ipc: allow[IPC201] legacy\n" + head + "uses = \"fifo\"\n", "IPC201", false) == 0);
    // Without a reason, for another rule, or in another channel it allows nothing.
    CHECK(count(head + "uses = \"fifo\" # ipc: allow[IPC201]\n", "IPC201", false) > 0);
    CHECK(count(head + "uses = \"fifo\" # ipc: allow[IPC205] x\n", "IPC201", false) > 0);
    CHECK(count("# ipc: allow[IPC201] x\n[[channel]]\nname = \"b\"\n" + head + "uses = \"fifo\"\n", "IPC201", false) > 0);
    // The file itself cannot be allowed to be wrong.
    CHECK(count("[[channel]]\nname = \"a\"\nreech = 1 # ipc: allow[IPC002] x\n", "IPC002", false) == 1);
  }

  TEST_CASE("lint: findings are sorted by place and the same every time") {
    const std::string text = "[[channel]]\nname = \"a\"\nbrowser = 3\nreach = \"x\"\nreech = 1\n[[channel]]\nname = \"a\"\n";
    const auto once = lint_text(text), again = lint_text(text);
    REQUIRE(once.size() == 4);
    CHECK(std::is_sorted(once.begin(), once.end(), [](const Finding& a, const Finding& b) { return a.span.begin < b.span.begin; }));
    for (std::size_t i = 0; i < once.size(); ++i) CHECK(once[i].message == again[i].message);
  }

  TEST_CASE("lint: what nobody said is never a finding against the choice") {
    CHECK_FALSE(has(lint_text("[[channel]]\nname = \"a\"\nuses = \"fifo\"\n"), "IPC201"));
    CHECK_FALSE(has(lint_text("[[channel]]\nname = \"a\"\nuses = \"fifo\"\n"), "IPC202"));
  }
}
