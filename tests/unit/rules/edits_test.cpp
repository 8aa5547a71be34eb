#include "rules/edits.hpp"

#include "engine/lint.hpp"
#include "rules/requirements.hpp"
#include "rules_for_tests.hpp"

using namespace ipc_advisor;

namespace {

std::string mended(const std::string& text, bool unsafe_too) {
  const auto& rules = tests::embedded_rules();
  return rules::apply_fixes(text, engine::lint(rules, rules::read_requirements(text, "f", rules)), unsafe_too).text;
}

Finding with(Edit edit) {
  Finding finding;
  finding.fix = Fix{"mend it", true, {std::move(edit)}};
  return finding;
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("edits: comments, layout, line ends and characters beyond ASCII stay") {
    const std::string text = "# größe\r\n[[channel]]\r\nname = \"ü\"   # ä\r\nbrowser  =   \"yes\"   # öh\r\n";
    CHECK(mended(text, false) == "# größe\r\n[[channel]]\r\nname = \"ü\"   # ä\r\nbrowser  =   true   # öh\r\n");
  }

  TEST_CASE("edits: a byte order mark moves nothing") {
    CHECK(mended("\xEF\xBB\xBF" "channel = [{name = \"a\", browser = \"no\"}]\n", false) == "\xEF\xBB\xBF" "channel = [{name = \"a\", browser = false}]\n");
    const std::string stale = "\xEF\xBB\xBF" "channel = [{name = \"a\"}]";
    CHECK(mended(stale + " # ipc: allow[IPC201] gone\n", false) == stale + "\n");
  }

  TEST_CASE("edits: a stale comment goes with the blanks before it, or with its line") {
    const std::string head = "[[channel]]\nname = \"a\"\n";
    CHECK(mended("[[channel]]\nname = \"a\" \t # ipc: allow[IPC201] gone\r\nreach = \"same-host\"\n", false) == "[[channel]]\nname = \"a\"\r\nreach = \"same-host\"\n");
    CHECK(mended(head + "  # ipc: allow[IPC201] gone\nreach = \"same-host\"\n", false) == head + "reach = \"same-host\"\n");
    CHECK(mended(head + "# ipc: allow[IPC201] gone", false) == head);
  }

  TEST_CASE("edits: a guess is made only when asked for") {
    const std::string text = "[[channel]]\nname = \"a\"\nreech = \"same-hosst\"\n";
    CHECK(mended(text, false) == text);
    CHECK(mended(text, true) == "[[channel]]\nname = \"a\"\nreach = \"same-hosst\"\n");
  }

  TEST_CASE("edits: a key goes with its line and its comment, but never out of an inline table") {
    const std::string head = "[[channel]]\nname = \"a\"\nreach = \"same-host\"\nuses = \"fifo\"\n";
    CHECK(mended(head + "port = 80 # web\nclients = \"two\"\n", false) == head + "clients = \"two\"\n");
    const std::string inline_table = "channel = [{name = \"a\", reach = \"same-host\", uses = \"fifo\", port = 80}]\n";
    CHECK(mended(inline_table, false) == inline_table);
  }

  TEST_CASE("edits: a line is added below the channel's header, with its line end") {
    CHECK(mended("[[channel]]\r\nreach = \"same-host\"\r\n", true) == "[[channel]]\r\nname = \"channel-1\"\r\nreach = \"same-host\"\r\n");
  }

  TEST_CASE("edits: of two that touch only the first is made, and a place that is not there is left alone") {
    const auto replace = [](int from, int to, const char* by) { return with({Edit::Kind::replace, {{1, from}, {1, to}}, by}); };
    CHECK(rules::apply_fixes("abcdef", {replace(2, 4, "X"), replace(3, 5, "Y"), replace(6, 7, "Z")}, false).text == "aXdeZ");
    // In whatever order they come.
    CHECK(rules::apply_fixes("abcdef", {replace(6, 7, "Z"), replace(2, 4, "X"), replace(5, 7, "Y")}, false).text == "aXdeZ");
    CHECK(rules::apply_fixes("abc", {replace(3, 9, "X")}, false).fixes == 0);
    CHECK(rules::apply_fixes("abc", {with({Edit::Kind::replace, {{4, 1}, {4, 2}}, "X"})}, false).text == "abc");
    Finding allowed = replace(1, 2, "X");
    allowed.suppressed = "on purpose";
    CHECK(rules::apply_fixes("abc", {allowed}, true).text == "abc");
  }

  TEST_CASE("edits: every rule's fix mends its own bad example") {
    const auto& rules = tests::embedded_rules();
    for (const rules::LintRule& rule : rules.lint) {
      if (!rule.fix) continue;
      CAPTURE(rule.code);
      const std::string file = rule.bad.find("[[channel]]") == std::string::npos ? "[[channel]]\nname = \"a\"\n" + rule.bad : rule.bad;
      const auto found = [&](const std::string& text) {
        for (const Finding& finding : engine::lint(rules, rules::read_requirements(text, "f", rules)))
          if (finding.rule == rule.code) return true;
        return false;
      };
      REQUIRE(found(file));
      CHECK_FALSE(found(mended(file, true)));
    }
  }
}
