#include "report/mdoc.hpp"

#include <doctest/doctest.h>

using ipc_advisor::report::Mdoc;

namespace {

// What follows the head of the page.
std::string body(Mdoc& page) {
  const std::string all = page.take();
  return all.substr(all.find("nothing") + 8);
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("mdoc: what is said is never a macro or an escape") {
    Mdoc page("page", 7, "nothing");
    page.section("A b");
    page.text(".Sh is a macro, \\n an escape, and --strict is typed.");
    page.literal("'quoted\n\n.dotted");
    CHECK(body(page) == ".Sh A B\n\\&.Sh is a macro, \\en an escape, and \\-\\-strict is typed.\n"
                        ".Bd -literal -offset indent\n\\&'quoted\n\n\\&.dotted\n.Ed\n");
  }

  TEST_CASE("mdoc: a line for each sentence, and none too long") {
    Mdoc page("page", 7, "nothing");
    const std::string x(60, 'x'), y(60, 'y');
    page.text("One. Two? Three, e.g. this. " + x + " " + y);
    CHECK(body(page) == "One.\nTwo?\nThree, e.g. this. " + x + "\n" + y + "\n");
  }

  TEST_CASE("mdoc: a paragraph break stands between two paragraphs only") {
    Mdoc page("page", 7, "nothing");
    page.subsection("s");
    page.paragraph("a");
    page.paragraph("b");
    page.begin_list();
    page.item("x");
    page.paragraph("c");
    page.end_list();
    page.paragraph("d");
    CHECK(body(page) == ".Ss s\na\n.Pp\nb\n.Bl -tag -width indent\n.It Cm x\nc\n.El\n.Pp\nd\n");
  }
}
