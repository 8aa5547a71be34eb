#include "rules/toml.hpp"

#include <doctest/doctest.h>

using namespace ipc_advisor;
using rules::parse_toml;

TEST_SUITE("unit") {
  TEST_CASE("toml: file order and exact places, also beside other alphabets, tabs and CRLF") {
    const auto root = parse_toml("zeta = \"üü\" # ö\r\n\talpha = [1, \"漢\", true]\n[[channel]]\nname = 'é'\n");
    REQUIRE(root);
    REQUIRE(root->entries.size() == 3);
    CHECK(root->entries[0].key == "zeta");
    CHECK(root->entries[0].value.span == Span{{1, 8}, {1, 12}});
    CHECK(root->entries[1].key_span == Span{{2, 2}, {2, 7}});
    CHECK(root->entries[1].value.items[1].span == Span{{2, 14}, {2, 17}});
    CHECK(root->entries[2].value.items[0].find("name")->value.span == Span{{4, 8}, {4, 11}});
  }

  TEST_CASE("toml: errors have their place") {
    CHECK(parse_toml("a = 1\nb = = 2\n").error().at.line == 2);
    CHECK(parse_toml("a = 1\na = 2\n").error().at.line == 2);
    CHECK(parse_toml("ok = \"ü\"\nx = \"\xff\"\n").error().at == Position{2, 6});
  }

  TEST_CASE("toml: depth is bounded, whatever makes it") {
    CHECK_FALSE(parse_toml("a = " + std::string(10000, '[')));
    CHECK_FALSE(parse_toml("a = " + std::string(100, '[') + std::string(100, ']')));
    std::string header = "[a";
    for (int i = 0; i < 10000; ++i) header += ".a";
    CHECK_FALSE(parse_toml(header + "]\n"));
    std::string tables = "a = ";
    for (int i = 0; i < 10000; ++i) tables += "{a=";
    CHECK_FALSE(parse_toml(tables));
  }
}
