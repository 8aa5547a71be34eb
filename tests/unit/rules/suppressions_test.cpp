#include "rules/suppressions.hpp"

#include <doctest/doctest.h>

using namespace ipc_advisor;

namespace {

// The only suppression of the text.
rules::Suppression only(const std::string& text) {
  const auto found = rules::find_suppressions(text);
  REQUIRE(found.size() == 1);
  return found.front();
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("suppressions: rules, reason and place are read") {
    const auto one = only("a = 1\nb = \"ä\" \t# ipc: allow[IPC203 , choice-cannot]  why not  \r\n");
    CHECK(one.rules == std::vector<std::string>{"IPC203", "choice-cannot"});
    CHECK(one.reason == "why not");
    // Columns count characters.
    CHECK(one.span == Span{{2, 10}, {2, 55}});
    CHECK(only("x = 1 # ipc: allow[IPC203]").reason.empty());
    CHECK(only("#ipc:allow[]").rules.empty());
  }

  TEST_CASE("suppressions: what a comment covers") {
    const auto own = only("a = 1\nb = 2 # ipc: allow[X] r\nc = 3\n");
    CHECK((own.first_line == 2 && own.last_line == 2));
    const auto next = only("# ipc: allow[X] r\n\n# another\nb = 2\nc = 3\n");
    CHECK((next.first_line == 4 && next.last_line == 4));
    const auto table = only("# ipc: allow[X] r\n[[channel]]\nb = 2\nc = 3\n[[channel]]\nd = 4\n");
    CHECK((table.first_line == 2 && table.last_line == 4));
    const auto last = only("[[channel]]\nb = 2\n# ipc: allow[X] r");
    CHECK_FALSE(last.covers(2));
  }

  TEST_CASE("suppressions: several comments before one line all cover it") {
    const auto found = rules::find_suppressions("# ipc: allow[X] r\n# ipc: allow[Y] r\n\n[[channel]]\na = 1\n");
    REQUIRE(found.size() == 2);
    for (const auto& one : found) CHECK((one.first_line == 4 && one.last_line == 6));
  }

  TEST_CASE("suppressions: a '#' inside a string is none, in each kind of string") {
    for (const char* text : {"a = \"# ipc: allow[X] r\"", "a = '# ipc: allow[X] r'", "a = \"\"\"\n# ipc: allow[X] r\n\"\"\"", "a = '''\n# ipc: allow[X] r\n'''",
                             "a = \"\\\"# ipc: allow[X] r\"", "a = 1 # allow[X] r", "a = 1 # ipc: allow X r"})
      CHECK_MESSAGE(rules::find_suppressions(text).empty(), text);
    CHECK(only("a = 'x' # ipc: allow[X] r").reason == "r");
    CHECK(only("a = 'it\\' # ipc: allow[X] r").reason == "r");
    CHECK(only("a = \"\"\"\ntext\n\"\"\" # ipc: allow[X] r").first_line == 3);
    // A quote that is never closed ends with its line.
    CHECK(only("a = \"open\nb = 1 # ipc: allow[X] r").first_line == 2);
  }

  TEST_CASE("suppressions: a slip in one is noticed, prose is left alone") {
    for (const char* text : {"# ipc: alow[X] r", "# ipc: allow[X r", "# IPC: allow[X] r", "# ipc allow[X] r", "# ipc:ignore[X] r", "# ipc: allow IPC203 r", "# ipc : allow [X] r", "# ipc: [X] r", "# Ipc: disable IPC203"})
      CHECK_MESSAGE(only(text).unreadable, text);
    for (const char* text : {"# ipc", "# ipc: the socket of the clients", "# ipc: allow local clients only", "# ipc-advisor reads this", "# ipcs(1) lists segments [1]", "# allow[X] r", "# disable IPC203 here?"})
      CHECK_MESSAGE(rules::find_suppressions(text).empty(), text);
    CHECK_FALSE(only("# ipc: allow[X] r").unreadable);
  }
}
