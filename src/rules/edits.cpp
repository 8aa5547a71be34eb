// Edits become byte ranges first, so that overlaps show; then the text is put together from what is between them.
#include "rules/edits.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>

namespace ipc_advisor::rules {
namespace {

struct Change {
  std::size_t begin = 0, end = 0;  // bytes
  std::string text;
};

// Knows where each line begins, and counts characters as the reader does.
class Text {
 public:
  explicit Text(std::string_view text) : text_(text), lines_{0} {
    for (std::size_t at = 0; at < text.size(); ++at)
      if (text[at] == '\n') lines_.push_back(at + 1);
  }

  // The byte of a position; nothing where the text has no such place.
  std::optional<std::size_t> byte_of(Position position) const {
    if (position.line < 1 || static_cast<std::size_t>(position.line) > lines_.size()) return std::nullopt;
    std::size_t at = line_begin(position.line);
    for (int column = 1; column < position.column; ++column) {
      if (at >= line_end(position.line)) return std::nullopt;
      for (++at; at < text_.size() && (static_cast<unsigned char>(text_[at]) & 0xC0) == 0x80; ++at) {
      }
    }
    return at;
  }

  // Columns do not count a byte order mark, as the reader does not.
  std::size_t line_begin(int line) const { return line == 1 && text_.starts_with("\xEF\xBB\xBF") ? 3 : lines_[static_cast<std::size_t>(line) - 1]; }
  // Just past the line's end, its line break included.
  std::size_t next_line(int line) const { return static_cast<std::size_t>(line) < lines_.size() ? lines_[static_cast<std::size_t>(line)] : text_.size(); }

  std::size_t line_end(int line) const {
    std::size_t end = next_line(line);
    while (end > line_begin(line) && (text_[end - 1] == '\n' || text_[end - 1] == '\r')) --end;
    return end;
  }

  std::string_view between(std::size_t begin, std::size_t end) const { return text_.substr(begin, end - begin); }

  // The line's own way to end; that of the first line where it has none.
  std::string line_break(int line) const {
    std::string own(between(line_end(line), next_line(line)));
    if (!own.empty()) return own;
    own = between(line_end(1), next_line(1));
    return own.empty() ? "\n" : own;
  }

 private:
  std::string_view text_;
  std::vector<std::size_t> lines_;
};

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t") == std::string_view::npos; }

std::optional<Change> whole_line(const Text& text, const Span& span, std::size_t begin, std::size_t end) {
  if (span.begin.line != span.end.line || !is_blank(text.between(text.line_begin(span.begin.line), begin))) return std::nullopt;
  const std::string_view rest = text.between(end, text.line_end(span.end.line));
  const auto first = rest.find_first_not_of(" \t");
  if (first != std::string_view::npos && rest[first] != '#') return std::nullopt;
  return Change{text.line_begin(span.begin.line), text.next_line(span.begin.line), ""};
}

std::optional<Change> new_line(const Text& text, const Edit& edit) {
  const int line = edit.span.begin.line;
  const std::string_view header = text.between(text.line_begin(line), text.line_end(line));
  const auto first = header.find_first_not_of(" \t");
  // An inline table has no line to add to.
  if (first == std::string_view::npos || header[first] != '[') return std::nullopt;
  const std::string indent(header.substr(0, first));
  return Change{text.line_end(line), text.line_end(line), text.line_break(line) + indent + edit.text};
}

std::optional<Change> change_of(const Text& text, const Edit& edit) {
  const auto begin = text.byte_of(edit.span.begin), end = text.byte_of(edit.span.end);
  if (!begin || !end || *end < *begin) return std::nullopt;
  switch (edit.kind) {
    case Edit::Kind::remove_line: return whole_line(text, edit.span, *begin, *end);
    case Edit::Kind::add_line: return new_line(text, edit);
    case Edit::Kind::replace: break;
  }
  return Change{*begin, *end, edit.text};
}

// All changes of a fix, or none of them.
std::vector<Change> changes_of(const Text& text, const Fix& fix) {
  std::vector<Change> out;
  for (const Edit& edit : fix.edits) {
    auto change = change_of(text, edit);
    if (!change) return {};
    out.push_back(std::move(*change));
  }
  return out;
}

// The changes so far, none of which touches another.
class Taken {
 public:
  bool has_room_for(const Change& one) const {
    const auto next = ends_.lower_bound(one.begin);
    return (next == ends_.end() || next->first > one.end) && (next == ends_.begin() || std::prev(next)->second < one.begin);
  }
  void add(const Change& one) { ends_[one.begin] = one.end; }

 private:
  std::map<std::size_t, std::size_t> ends_;  // by where they begin
};

}  // namespace

Mended apply_fixes(std::string_view text, const std::vector<Finding>& findings, bool unsafe_too) {
  const Text lines(text);
  std::vector<Change> all;
  Taken taken;
  Mended out;
  for (const Finding& finding : findings) {
    if (!finding.fix || finding.suppressed || !(finding.fix->safe || unsafe_too)) continue;
    std::vector<Change> changes = changes_of(lines, *finding.fix);
    const bool clear = std::all_of(changes.begin(), changes.end(), [&](const Change& one) { return taken.has_room_for(one); });
    if (changes.empty() || !clear) continue;
    for (const Change& one : changes) taken.add(one);
    all.insert(all.end(), std::make_move_iterator(changes.begin()), std::make_move_iterator(changes.end()));
    ++out.fixes;
  }
  std::sort(all.begin(), all.end(), [](const Change& a, const Change& b) { return a.begin < b.begin; });
  std::size_t at = 0;
  for (const Change& change : all) {
    out.text.append(text.substr(at, change.begin - at)).append(change.text);
    at = change.end;
  }
  out.text.append(text.substr(at));
  return out;
}

}  // namespace ipc_advisor::rules
