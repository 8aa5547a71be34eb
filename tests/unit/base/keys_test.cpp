#include "base/keys.hpp"

#include <doctest/doctest.h>

using namespace ipc_advisor;

namespace {

std::vector<KeyKind> kinds(const std::vector<Key>& keys) {
  std::vector<KeyKind> out;
  for (const Key& key : keys) out.push_back(key.kind);
  return out;
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("keys: cursor keys in each of their spellings") {
    using K = KeyKind;
    KeyDecoder decoder;
    CHECK(kinds(decoder.feed("\x1b[A\x1b[B\x1bOA\x1bOB\x1b[1;5A\x1b[D\x1b[C")) == std::vector{K::up, K::down, K::up, K::down, K::up, K::left, K::right});
    CHECK(kinds(decoder.feed("\x1b[H\x1b[F\x1bOH\x1bOF\x1b[1~\x1b[4~\x1b[7~\x1b[8~")) == std::vector{K::home, K::end, K::home, K::end, K::home, K::end, K::home, K::end});
    CHECK(kinds(decoder.feed("\r\n\x7f\x08\x03\x04\x15\x1a")) ==
          std::vector{K::enter, K::enter, K::backspace, K::backspace, K::interrupt, K::end_of_input, K::clear_line, K::suspend});
  }

  TEST_CASE("keys: a sequence may arrive in pieces, and a lone escape is that key after a pause") {
    KeyDecoder decoder;
    CHECK(decoder.feed("\x1b").empty());
    CHECK(decoder.waiting());
    CHECK(decoder.feed("[").empty());
    CHECK(kinds(decoder.feed("B")) == std::vector{KeyKind::down});
    CHECK_FALSE(decoder.waiting());
    CHECK(decoder.feed("\x1b").empty());
    CHECK(kinds(decoder.flush()) == std::vector{KeyKind::escape});
    CHECK(decoder.feed("\x1b[").empty());
    CHECK(decoder.flush().empty());
    // Two escapes: the first stands alone.
    CHECK(kinds(decoder.feed("\x1b\x1b[A")) == std::vector{KeyKind::escape, KeyKind::up});
  }

  TEST_CASE("keys: characters come whole, and what is no text is dropped") {
    KeyDecoder decoder;
    CHECK(decoder.feed("a\xc2\xb5") == std::vector<Key>{{KeyKind::text, "a"}, {KeyKind::text, "\u00b5"}});
    CHECK(decoder.feed("\xe6\xbc").empty());
    CHECK(decoder.feed("\xa2") == std::vector<Key>{{KeyKind::text, "\u6f22"}});
    CHECK(decoder.feed("\xff\x80\xc0x") == std::vector<Key>{{KeyKind::text, "x"}});
    CHECK(decoder.feed("\xe6x") == std::vector<Key>{{KeyKind::text, "x"}});
    CHECK(decoder.feed("\x01\x02") == std::vector<Key>{{KeyKind::home, ""}});
  }

  TEST_CASE("keys: an unknown sequence is swallowed whole and never grows without end") {
    KeyDecoder decoder;
    CHECK(decoder.feed("\x1b[200~x") == std::vector<Key>{{KeyKind::text, "x"}});
    CHECK(decoder.feed("\x1b[38;5;1mx") == std::vector<Key>{{KeyKind::text, "x"}});
    (void)decoder.feed("\x1b[" + std::string(1000, '1'));
    CHECK_FALSE(decoder.waiting());
  }
}
