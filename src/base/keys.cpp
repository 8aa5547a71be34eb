// One sequence at a time from the front of what is held.
#include "base/keys.hpp"

#include <optional>
#include <utility>

#include "base/text.hpp"

namespace ipc_advisor {
namespace {

constexpr std::size_t longest_sequence = 32;

// What was taken from the front: how many bytes, 0 where more are needed, and the key, if it is one.
struct Taken {
  std::size_t bytes = 0;
  std::optional<Key> key;
};

std::optional<Key> cursor_key(char final, std::string_view parameters) {
  switch (final) {
    case 'A': return Key{KeyKind::up, ""};
    case 'B': return Key{KeyKind::down, ""};
    case 'C': return Key{KeyKind::right, ""};
    case 'D': return Key{KeyKind::left, ""};
    case 'H': return Key{KeyKind::home, ""};
    case 'F': return Key{KeyKind::end, ""};
    case '~': break;
    default: return std::nullopt;
  }
  const std::string_view number = parameters.substr(0, parameters.find(';'));
  if (number == "1" || number == "7") return Key{KeyKind::home, ""};
  if (number == "4" || number == "8") return Key{KeyKind::end, ""};
  return std::nullopt;
}

Taken escape_sequence(std::string_view bytes) {
  if (bytes.size() < 2) return {};
  if (bytes[1] == 'O') return bytes.size() < 3 ? Taken{} : Taken{3, cursor_key(bytes[2], "")};
  if (bytes[1] != '[') return {1, Key{KeyKind::escape, ""}};
  for (std::size_t at = 2; at < bytes.size(); ++at) {
    if (bytes[at] >= 0x40 && bytes[at] <= 0x7E) return {at + 1, cursor_key(bytes[at], bytes.substr(2, at - 2))};
    if (at >= longest_sequence || bytes[at] < 0x20) return {at, std::nullopt};
  }
  return {};
}

std::optional<Key> control_key(unsigned char byte) {
  switch (byte) {
    case '\r':
    case '\n': return Key{KeyKind::enter, ""};
    case 0x08:
    case 0x7F: return Key{KeyKind::backspace, ""};
    case 0x01: return Key{KeyKind::home, ""};
    case 0x05: return Key{KeyKind::end, ""};
    case 0x10: return Key{KeyKind::up, ""};
    case 0x0E: return Key{KeyKind::down, ""};
    case 0x15: return Key{KeyKind::clear_line, ""};
    case 0x03: return Key{KeyKind::interrupt, ""};
    case 0x04: return Key{KeyKind::end_of_input, ""};
    case 0x1A: return Key{KeyKind::suspend, ""};
    case 0x0C: return Key{KeyKind::redraw, ""};
    default: return std::nullopt;
  }
}

Taken character(std::string_view bytes) {
  const auto lead = static_cast<unsigned char>(bytes[0]);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead >= 0x80 && bytes.size() < length) {
    // Bytes that cannot begin or go on a character are dropped one by one.
    for (std::size_t at = 1; at < bytes.size(); ++at)
      if ((static_cast<unsigned char>(bytes[at]) & 0xC0) != 0x80) return {1, std::nullopt};
    return lead < 0xC2 ? Taken{1, std::nullopt} : Taken{};
  }
  const std::string_view text = bytes.substr(0, length);
  if (first_invalid_utf8(text)) return {1, std::nullopt};
  return {length, Key{KeyKind::text, std::string(text)}};
}

Taken take(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  if (first == 0x1B) return escape_sequence(bytes);
  if (first < 0x20 || first == 0x7F) return {1, control_key(first)};
  return character(bytes);
}

}  // namespace

std::vector<Key> KeyDecoder::feed(std::string_view bytes) {
  held_ += bytes;
  std::vector<Key> keys;
  std::size_t at = 0;
  while (at < held_.size()) {
    Taken taken = take(std::string_view(held_).substr(at));
    if (taken.bytes == 0) break;
    at += taken.bytes;
    if (taken.key) keys.push_back(std::move(*taken.key));
  }
  held_.erase(0, at);
  return keys;
}

std::vector<Key> KeyDecoder::flush() {
  const bool escape = held_ == "\x1b";
  held_.clear();
  return escape ? std::vector<Key>{{KeyKind::escape, ""}} : std::vector<Key>{};
}

}  // namespace ipc_advisor
