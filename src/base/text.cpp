// UTF-8, edit distance and safe printing.
#include "base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fmt/format.h>

namespace ipc_advisor {
namespace {

struct Decoded {
  char32_t character;
  std::size_t length;  // 0: invalid
};

Decoded decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || at + length > text.size()) return {0, 0};
  char32_t value = first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return {0, 0};
    value = (value << 6) | (byte(at + i) & 0x3Fu);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (overlong || surrogate || value > 0x10FFFF) return {0, 0};
  return {value, length};
}

// Characters that change how their neighbours are shown (Unicode bidi controls, zero-width and line separators, tags).
bool misleads(char32_t c) {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
         c == 0x061C || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

bool is_wide(char32_t c) {
  return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0x303E) || (c >= 0x3041 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) || (c >= 0x1F300 && c <= 0x1FAFF) ||
         (c >= 0x20000 && c <= 0x3FFFD);
}

bool is_combining(char32_t c) {
  return (c >= 0x0300 && c <= 0x036F) || (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x20D0 && c <= 0x20FF) || (c >= 0xFE00 && c <= 0xFE0F) || misleads(c);
}

bool is_plain(char c) { return c >= 0x20 && c < 0x7F; }

// Where the run of printable ASCII from `at` on ends. Most texts are nothing else.
std::size_t end_of_plain(std::string_view text, std::size_t at) {
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

// Damerau's distance restricted to neighbouring transpositions.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({previous[j] + 1, row[j - 1] + 1, previous[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, previous);
    std::swap(previous, row);
  }
  return previous[b.size()];
}

}  // namespace

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    // Most texts are ASCII for the most part: eight bytes at a time.
    std::uint64_t eight = 0;
    if (at + sizeof eight <= text.size()) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & 0x8080808080808080u) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    const Decoded next = decode(text, at);
    if (next.length == 0) return at;
    at += next.length;
  }
  return std::nullopt;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t end = end_of_plain(text, at); end > at) {
      width += end - at;
      at = end;
      continue;
    }
    const Decoded next = decode(text, at);
    width += next.length == 0 ? 1 : is_combining(next.character) ? 0 : is_wide(next.character) ? 2 : 1;
    at += std::max<std::size_t>(next.length, 1);
  }
  return width;
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t end = end_of_plain(text, at); end > at) {
      out += text.substr(at, end - at);
      at = end;
      continue;
    }
    const Decoded next = decode(text, at);
    const unsigned char byte = static_cast<unsigned char>(text[at]);
    if (next.length == 0) {
      out += fmt::format("\\x{:02x}", byte);
    } else if (byte == '\n') {
      out += "\\n";
    } else if (byte == '\t') {
      out += "\\t";
    } else if (next.character < 0x20 || (next.character >= 0x7F && next.character < 0xA0)) {
      out += fmt::format("\\x{:02x}", static_cast<std::uint32_t>(next.character));
    } else if (misleads(next.character)) {
      out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(next.character));
    } else {
      out += text.substr(at, next.length);
    }
    at += std::max<std::size_t>(next.length, 1);
  }
  return out;
}

std::string with_misleading_escaped(std::string_view json) {
  std::string out;
  for (std::size_t at = 0; at < json.size();) {
    const std::size_t end = end_of_plain(json, at);
    out += json.substr(at, end - at);
    if (end == json.size()) break;
    const Decoded next = decode(json, end);
    const std::size_t length = std::max<std::size_t>(next.length, 1);
    const bool control = next.character >= 0x7F && next.character < 0xA0;
    if (next.length == 0 || !(control || misleads(next.character))) out += json.substr(end, length);
    else if (next.character <= 0xFFFF) out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(next.character));
    else out += fmt::format("\\u{:04x}\\u{:04x}", 0xD7C0u + (static_cast<std::uint32_t>(next.character) >> 10), 0xDC00u + (static_cast<std::uint32_t>(next.character) & 0x3FFu));
    at = end + length;
  }
  return out;
}

std::string without_commands(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, end);
    const std::size_t first = std::min(line.find_first_not_of(" \t"), line.size());
    const std::string_view rest = line.substr(first);
    out += line.substr(0, first);
    if (rest.starts_with("::") || rest.starts_with("##[")) out += '\\';
    out += rest;
    text.remove_prefix(end);
  }
  return out;
}

std::optional<std::string> nearest_word(std::string_view word, const std::vector<std::string>& candidates) {
  // A hostile word of megabytes must not cost a table of megabytes.
  if (word.empty() || word.size() > 64) return std::nullopt;
  std::size_t best = std::max<std::size_t>(1, word.size() / 3) + 1;
  std::optional<std::string> found;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edits(word, candidate);
    if (distance < best) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}

std::string join(const std::vector<std::string>& words, std::string_view separator, std::string_view last_separator) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? last_separator : separator;
    out += words[i];
  }
  return out;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view next = text.substr(at, end - at);
    if (!line.empty() && display_width(line) + 1 + display_width(next) > width) {
      lines.push_back(std::move(line));
      line.clear();
    }
    if (!line.empty() && !next.empty()) line += ' ';
    line += next;
    at = end + 1;
  }
  if (!line.empty() || lines.empty()) lines.push_back(line);
  return lines;
}

}  // namespace ipc_advisor
