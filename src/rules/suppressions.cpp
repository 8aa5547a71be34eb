// Finds each line's comment with the four kinds of TOML string in mind, then reads those that are meant for us.
#include "rules/suppressions.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "base/text.hpp"

namespace ipc_advisor::rules {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Where the comment of a line begins; remembers a multi-line string that goes on into the next line.
class CommentFinder {
 public:
  explicit CommentFinder(std::string_view text) : long_strings_(text.find("\"\"\"") != std::string_view::npos || text.find("'''") != std::string_view::npos) {}

  std::optional<std::size_t> in(std::string_view line) {
    // Most lines have no comment, and most files no string that goes on.
    if (!long_strings_ && line.find('#') == std::string_view::npos) return std::nullopt;
    for (std::size_t at = 0; at < line.size();) {
      if (!open_.empty()) at = skip_string(line, at);
      else if (line[at] == '#') return at;
      else if (line[at] == '"' || line[at] == '\'') at = open_string(line, at);
      else ++at;
    }
    // Only strings of three quotes go on.
    if (open_.size() == 1) open_ = {};
    return std::nullopt;
  }

 private:
  std::size_t open_string(std::string_view line, std::size_t at) {
    const std::size_t quotes = line.substr(at, 3) == std::string(3, line[at]) ? 3 : 1;
    open_ = std::string(quotes, line[at]);
    return at + quotes;
  }

  std::size_t skip_string(std::string_view line, std::size_t at) {
    // A backslash escapes in basic strings alone.
    if (open_.front() == '"' && line[at] == '\\') return at + 2;
    if (line.substr(at, open_.size()) != open_) return at + 1;
    at += open_.size();
    open_ = {};
    return at;
  }

  bool long_strings_;
  std::string open_;  // the quotes that end the string we are in; empty outside
};

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

bool starts_like(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && std::equal(lower.begin(), lower.end(), text.begin(), [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

// Whether a comment that is none of ours was meant to be one: "ipc: alow[IPC203] …", "IPC: ignore[…] …", "ipc: allow IPC203 …".
// Prose that begins with the same word is left alone.
bool was_meant(std::string_view comment) {
  if (!starts_like(comment, "ipc")) return false;
  std::string_view rest = trimmed(comment.substr(3));
  const bool colon = rest.starts_with(':');
  if (colon) rest = trimmed(rest.substr(1));
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_letter);
  const std::string word(rest.begin(), end);
  rest = trimmed(rest.substr(word.size()));
  const bool named = nearest_word(word, {"allow", "ignore", "disable", "suppress"}).has_value();
  const bool code = starts_like(rest, "ipc") && rest.size() > 3 && std::isdigit(static_cast<unsigned char>(rest[3])) != 0;
  return rest.starts_with('[') ? colon || named : code && named;
}

// "ipc: allow[A, B] reason" after the '#'; nothing where the comment is another one.
std::optional<Suppression> read_comment(std::string_view comment) {
  constexpr std::string_view word = "ipc:";
  if (!comment.starts_with(word)) return std::nullopt;
  comment = trimmed(comment.substr(word.size()));
  const auto close = comment.find(']');
  if (!comment.starts_with("allow[") || close == std::string_view::npos) return std::nullopt;
  Suppression out;
  for (std::string_view list = comment.substr(6, close - 6); !list.empty();) {
    const auto comma = std::min(list.find(','), list.size());
    if (const auto rule = trimmed(list.substr(0, comma)); !rule.empty()) out.rules.emplace_back(rule);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  out.reason = std::string(trimmed(comment.substr(close + 1)));
  return out;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// The first character of a line that is no blank; '#' where it has none, since neither says anything.
char first_of(std::string_view line) {
  for (const char c : line)
    if (blanks.find(c) == std::string_view::npos) return c;
  return '#';
}

// What each comment covers. From the end, so that a file of nothing but comments takes no longer than another.
class Covers {
 public:
  explicit Covers(const std::vector<std::string_view>& lines) : next_(lines.size() + 1, lines.size()), last_(lines.size() + 1, lines.size()) {
    std::size_t header = lines.size();
    for (std::size_t i = lines.size(); i-- > 0;) {
      const char first = first_of(lines[i]);
      next_[i] = first == '#' ? next_[i + 1] : i;
      last_[i] = first == '[' ? header - 1 : i;
      if (first == '[') header = i;
    }
  }

  void find(Suppression& one, std::size_t line, bool stands_alone) const {
    const std::size_t covered = stands_alone ? next_[line] : line;
    one.first_line = static_cast<int>(covered) + 1;
    one.last_line = static_cast<int>(last_[covered]) + 1;
  }

 private:
  std::vector<std::size_t> next_, last_;  // the next line that says something; where what begins on a line ends
};

}  // namespace

std::vector<Suppression> find_suppressions(std::string_view text) {
  std::vector<Suppression> out;
  if (text.find('#') == std::string_view::npos) return out;
  // Columns do not count a byte order mark.
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const auto lines = lines_of(text);
  const Covers covers(lines);
  CommentFinder finder(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto at = finder.in(lines[i]);
    if (!at) continue;
    const std::string_view comment = trimmed(lines[i].substr(*at + 1));
    auto one = read_comment(comment);
    if (!one && was_meant(comment)) one.emplace().unreadable = true;
    if (!one) continue;
    const int line = static_cast<int>(i) + 1;
    const auto column = [&](std::string_view before) { return static_cast<int>(count_characters(before)) + 1; };
    const std::size_t end = lines[i].find_last_not_of(blanks) + 1;
    const std::size_t before = lines[i].substr(0, *at).find_last_not_of(blanks) + 1;
    one->span = {{line, column(lines[i].substr(0, *at))}, {line, column(lines[i].substr(0, end))}};
    one->with_blanks = {{line, column(lines[i].substr(0, before))}, one->span.end};
    if (before == 0 && i + 1 < lines.size()) one->with_blanks = {{line, 1}, {line + 1, 1}};
    covers.find(*one, i, trimmed(lines[i].substr(0, *at)).empty());
    out.push_back(std::move(*one));
  }
  return out;
}

}  // namespace ipc_advisor::rules
