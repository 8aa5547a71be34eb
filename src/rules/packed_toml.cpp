// Depth first: kind, places, content. Numbers are seven bits a byte, the lowest first; reals are their eight bytes.
#include "rules/packed_toml.hpp"

#include <bit>
#include <cassert>
#include <cstdint>

namespace ipc_advisor::rules {
namespace {

class Packer {
 public:
  void value(const TomlValue& one) {
    number(static_cast<std::uint64_t>(one.kind));
    span(one.span);
    switch (one.kind) {
      case TomlKind::boolean: number(one.boolean ? 1 : 0); break;
      case TomlKind::integer:
      case TomlKind::real: real(one.number); break;
      case TomlKind::string: text(one.string); break;
      case TomlKind::date: break;
      case TomlKind::array:
        number(one.items.size());
        for (const TomlValue& item : one.items) value(item);
        break;
      case TomlKind::table:
        number(one.entries.size());
        for (const TomlEntry& entry : one.entries) {
          text(entry.key);
          span(entry.key_span);
          value(entry.value);
        }
        break;
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_ += static_cast<char>(0x80 | (value & 0x7F));
    out_ += static_cast<char>(value);
  }
  void position(const Position& at) {
    number(static_cast<std::uint64_t>(at.line));
    number(static_cast<std::uint64_t>(at.column));
  }
  void span(const Span& one) {
    position(one.begin);
    position(one.end);
  }
  void text(std::string_view one) {
    number(one.size());
    out_ += one;
  }
  void real(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (int shift = 0; shift < 64; shift += 8) out_ += static_cast<char>((bits >> shift) & 0xFF);
  }

  std::string out_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}

  void value(TomlValue& out) {
    out.kind = static_cast<TomlKind>(number());
    out.span = span();
    switch (out.kind) {
      case TomlKind::boolean: out.boolean = number() != 0; break;
      case TomlKind::integer:
      case TomlKind::real: out.number = real(); break;
      case TomlKind::string: out.string = text(); break;
      case TomlKind::date: break;
      case TomlKind::array:
        out.items.resize(number());
        for (TomlValue& item : out.items) value(item);
        break;
      case TomlKind::table:
        out.entries.resize(number());
        for (TomlEntry& entry : out.entries) {
          entry.key = text();
          entry.key_span = span();
          value(entry.value);
        }
        break;
    }
  }

 private:
  std::uint64_t byte() {
    assert(at_ < bytes_.size());
    return static_cast<unsigned char>(bytes_[at_++]);
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const std::uint64_t next = byte();
      value |= (next & 0x7F) << shift;
      if (next < 0x80) return value;
    }
  }
  Position position() {
    const int line = static_cast<int>(number());
    return {line, static_cast<int>(number())};
  }
  Span span() {
    const Position begin = position();
    return {begin, position()};
  }
  std::string_view text() {
    const std::size_t length = number();
    assert(at_ + length <= bytes_.size());
    const std::string_view out = bytes_.substr(at_, length);
    at_ += length;
    return out;
  }
  double real() {
    std::uint64_t bits = 0;
    for (int shift = 0; shift < 64; shift += 8) bits |= byte() << shift;
    return std::bit_cast<double>(bits);
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
};

}  // namespace

std::string pack(const TomlValue& root) {
  Packer packer;
  packer.value(root);
  return packer.take();
}

TomlValue unpack(std::string_view bytes) {
  TomlValue root;
  Unpacker(bytes).value(root);
  return root;
}

}  // namespace ipc_advisor::rules
