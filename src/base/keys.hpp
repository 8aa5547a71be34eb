// Bytes from a terminal in raw mode into keys.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ipc_advisor {

enum class KeyKind { text, enter, escape, backspace, up, down, left, right, home, end, clear_line, interrupt, end_of_input, suspend, redraw };

struct Key {
  KeyKind kind = KeyKind::text;
  std::string text;  ///< of KeyKind::text: one character, valid UTF-8
  friend bool operator==(const Key&, const Key&) = default;
};

/// Reads ASCII, UTF-8 and the usual escape sequences (ECMA-48 cursor keys, xterm's and the VT220's Home and End, with
/// or without modifiers). What it does not know is swallowed whole, so that no sequence leaks as text.
class KeyDecoder {
 public:
  /// The keys that are complete with these bytes; an unfinished sequence waits for more.
  std::vector<Key> feed(std::string_view bytes);
  /// After a pause: an Escape that stands alone was that key.
  std::vector<Key> flush();
  /// Whether something unfinished waits.
  bool waiting() const { return !held_.empty(); }

 private:
  std::string held_;
};

}  // namespace ipc_advisor
