#include "rules/packed_toml.hpp"

#include <doctest/doctest.h>

#include "rules/embedded.hpp"
#include "rules_for_tests.hpp"

using namespace ipc_advisor;
using rules::TomlValue;

namespace {

bool alike(const TomlValue& a, const TomlValue& b) {
  if (a.kind != b.kind || a.boolean != b.boolean || a.number != b.number || a.string != b.string || a.span != b.span) return false;
  if (a.items.size() != b.items.size() || a.entries.size() != b.entries.size()) return false;
  for (std::size_t i = 0; i < a.items.size(); ++i)
    if (!alike(a.items[i], b.items[i])) return false;
  for (std::size_t i = 0; i < a.entries.size(); ++i)
    if (a.entries[i].key != b.entries[i].key || a.entries[i].key_span != b.entries[i].key_span || !alike(a.entries[i].value, b.entries[i].value)) return false;
  return true;
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("packed toml: what was packed when the program was built is what the text says") {
    const auto texts = tests::rule_texts();
    const auto packed = rules::embedded_files();
    REQUIRE(texts.size() == packed.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      CAPTURE(texts[i].path);
      CHECK(texts[i].path == packed[i].path);
      const auto parsed = rules::parse_toml(texts[i].text);
      REQUIRE(parsed);
      CHECK(alike(*parsed, rules::unpack(packed[i].tree)));
    }
  }

  TEST_CASE("packed toml: every kind of value, large numbers and long texts") {
    const auto root = rules::parse_toml("a = true\nb = -9007199254740991\nc = 1.5e300\nd = 1979-05-27\ne = [[], [1, \"ü\"], {x = {}}]\nf = \"" + std::string(300, 'x') + "\"\n");
    REQUIRE(root);
    CHECK(alike(*root, rules::unpack(rules::pack(*root))));
  }
}
