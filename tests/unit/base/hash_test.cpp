#include "base/hash.hpp"

#include <doctest/doctest.h>

using ipc_advisor::Fnv1a;

namespace {

std::uint64_t of(std::initializer_list<std::string_view> parts) {
  Fnv1a hash;
  for (const std::string_view part : parts) hash.add(part);
  return hash.value();
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("hash: the values that the draft's own rule gives, part ends included") {
    // draft-eastlake-fnv: FNV-1a of nothing is its offset basis, and of "a" af63dc4c8601ec8c; then comes the byte 0xff.
    CHECK(of({}) == 0xcbf29ce484222325ull);
    CHECK(of({"a"}) == (0xaf63dc4c8601ec8cull ^ 0xffu) * 0x100000001b3ull);
  }

  TEST_CASE("hash: where a part ends counts, and every byte does") {
    CHECK(of({"ab", "c"}) != of({"a", "bc"}));
    CHECK(of({"ab"}) != of({"ab", ""}));
    CHECK(of({"\x80"}) != of({"\x81"}));
  }
}
