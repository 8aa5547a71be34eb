#include "base/text.hpp"

#include <doctest/doctest.h>

using namespace ipc_advisor;

TEST_SUITE("unit") {
  TEST_CASE("text: JSON says the same with what misleads escaped, beyond the first plane too") {
    CHECK(with_misleading_escaped("[\"a\xE2\x80\xAE\x7F" "b\xF3\xA0\x81\x81\xC3\xBC\"]\n") == "[\"a\\u202e\\u007fb\\udb40\\udc41\xC3\xBC\"]\n");
  }

  TEST_CASE("text: no line is a command to a runner") {
    CHECK(without_commands("::error::x\n  ##[error]x\na ::b\n:c\n\n") == "\\::error::x\n  \\##[error]x\na ::b\n:c\n\n");
    CHECK(without_commands("").empty());
  }

  TEST_CASE("text: UTF-8 is checked as RFC 3629 says") {
    CHECK_FALSE(first_invalid_utf8("plain, ü, 漢, 🙂"));
    CHECK(first_invalid_utf8("ab\xff") == 2);
    CHECK(first_invalid_utf8("\xc0\xaf") == 0);          // overlong
    CHECK(first_invalid_utf8("a\xed\xa0\x80") == 1);     // surrogate
    CHECK(first_invalid_utf8("a\xf4\x90\x80\x80") == 1); // beyond U+10FFFF
    CHECK(first_invalid_utf8("\xe2\x82") == 0);          // cut off
  }

  TEST_CASE("text: nothing that a terminal obeys gets through printable") {
    CHECK(printable("a\x1b[31mb") == "a\\x1b[31mb");
    CHECK(printable("two\nlines\t") == "two\\nlines\\t");
    CHECK(printable("\xc2\x9b" "31m") == "\\x9b31m");             // the one-character CSI
    CHECK(printable("\xe2\x80\xae" "evil") == "\\u202eevil");     // right-to-left override
    CHECK(printable("bad \xff byte") == "bad \\xff byte");
    CHECK(printable("ünïcode 漢") == "ünïcode 漢");
  }

  TEST_CASE("text: widths count columns, not bytes") {
    CHECK(display_width("abc") == 3);
    CHECK(display_width("üö") == 2);
    CHECK(display_width("漢字") == 4);
    CHECK(display_width("e\xcc\x81") == 1);  // e and a combining accent
    CHECK(count_characters("ü漢a") == 3);
  }

  TEST_CASE("text: the nearest word is near, or there is none") {
    const std::vector<std::string> words{"same-host", "cross-host", "both"};
    CHECK(nearest_word("samehost", words) == "same-host");
    CHECK(nearest_word("smae-host", words) == "same-host");  // a transposition is one edit
    CHECK_FALSE(nearest_word("zebra", words));
    CHECK_FALSE(nearest_word("", words));
    CHECK_FALSE(nearest_word(std::string(100000, 'a'), words));
  }

  TEST_CASE("text: wrapping keeps words and width") {
    for (const std::string& line : wrap("one two three four five six", 9)) CHECK(display_width(line) <= 9);
    CHECK(wrap("averyveryverylongword b", 5) == std::vector<std::string>{"averyveryverylongword", "b"});
    CHECK(wrap("", 10).size() == 1);
    CHECK(join({"a", "b", "c"}, ", ", " and ") == "a, b and c");
  }
}
