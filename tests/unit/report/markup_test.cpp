#include <doctest/doctest.h>

#include "report/markup.hpp"

using namespace ipc_advisor;

TEST_SUITE("unit") {
  TEST_CASE("markup: what means something becomes a reference, what is invisible becomes visible") {
    CHECK(report::escape_html("<a b=\"c\" d='e'>&") == "&#60;a b=&#34;c&#34; d=&#39;e&#39;&#62;&#38;");
    CHECK(report::escape_html("\x1b\n\xe2\x80\xae") == "\\x1b\\n\\u202e");
    CHECK(report::escape_markdown("|`@x<#") == "&#124;&#96;&#64;x&#60;&#35;");
    CHECK(report::escape_markdown("SOCK_SEQPACKET _a_ a__b a_ !") == "SOCK_SEQPACKET &#95;a&#95; a&#95;&#95;b a&#95; !");
    CHECK(report::escape_markdown("![a](b)") == "!&#91;a&#93;(b)");
    CHECK(report::escape_mermaid("\"]--x\n") == "#34;#93;--x#92;n");
    CHECK(report::escape_html("plain – words") == "plain – words");
  }

  TEST_CASE("markup: blank lines do not pile up") {
    CHECK(report::squeeze_blank_lines("a\n\n\n\nb\n\n\n") == "a\n\nb\n");
    CHECK(report::squeeze_blank_lines("a\nb\n") == "a\nb\n");
  }

  TEST_CASE("markup: a text that fits is left alone; one that does not is cut at a line, closed, and says so") {
    CHECK(report::shorten_markdown("a\nb\n", 4) == "a\nb\n");
    std::string text = "head\n<details><summary>s</summary>\n\n```mermaid\n";
    for (int i = 0; i < 100; ++i) text += "0123456789\n";
    text += "```\n\n</details>\n";
    for (const std::size_t limit : {200u, 201u, 300u, 777u, 1100u}) {
      const std::string cut = report::shorten_markdown(text, limit);
      CHECK(cut.size() <= limit);
      CHECK(cut.starts_with("head\n<details>"));
      CHECK(cut.find("0123456789\n```\n\n</details>\n") != std::string::npos);
      CHECK(cut.find(" were left out") != std::string::npos);
    }
  }

  TEST_CASE("markup: a cut counts what it left out") {
    const std::string text = "first\n" + std::string(300, 'x') + "\nlast\n";
    const std::string cut = report::shorten_markdown(text, 200);
    CHECK(cut.starts_with("first\n"));
    CHECK(cut.find("2 lines (306 bytes)") != std::string::npos);
  }
}
