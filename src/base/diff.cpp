// What begins and ends alike is set aside; between, the longest common subsequence of lines.
#include "base/diff.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <vector>

namespace ipc_advisor {
namespace {

constexpr std::size_t context = 3;
constexpr std::size_t most_cells = 4'000'000;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    out.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

// One line of the diff: ' ', '-' or '+'.
struct Line {
  char mark;
  std::string_view text;
};

using Lines = std::vector<std::string_view>;

void add_changed(const Lines& before, const Lines& after, std::vector<Line>& out) {
  const std::size_t rows = before.size(), columns = after.size();
  std::vector<std::uint32_t> length;
  const bool small = (rows + 1) * (columns + 1) <= most_cells;
  if (small) {
    length.assign((rows + 1) * (columns + 1), 0);
    for (std::size_t i = rows; i-- > 0;)
      for (std::size_t j = columns; j-- > 0;)
        length[i * (columns + 1) + j] = before[i] == after[j] ? length[(i + 1) * (columns + 1) + j + 1] + 1
                                                             : std::max(length[(i + 1) * (columns + 1) + j], length[i * (columns + 1) + j + 1]);
  }
  std::size_t i = 0, j = 0;
  while (i < rows || j < columns) {
    if (small && i < rows && j < columns && before[i] == after[j]) {
      out.push_back({' ', before[i++]});
      ++j;
    } else if (i < rows && (j == columns || !small || length[(i + 1) * (columns + 1) + j] >= length[i * (columns + 1) + j + 1])) {
      out.push_back({'-', before[i++]});
    } else {
      out.push_back({'+', after[j++]});
    }
  }
}

std::vector<Line> compare(Lines before, Lines after) {
  const auto head = static_cast<std::size_t>(std::mismatch(before.begin(), before.end(), after.begin(), after.end()).first - before.begin());
  std::size_t tail = 0;
  while (tail < std::min(before.size(), after.size()) - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) ++tail;
  std::vector<Line> out;
  for (std::size_t i = 0; i < head; ++i) out.push_back({' ', before[i]});
  const auto middle = [&](const Lines& all) { return Lines(all.begin() + static_cast<std::ptrdiff_t>(head), all.end() - static_cast<std::ptrdiff_t>(tail)); };
  add_changed(middle(before), middle(after), out);
  for (std::size_t i = before.size() - tail; i < before.size(); ++i) out.push_back({' ', before[i]});
  return out;
}

// Where a hunk begins and ends: changes and what is near them.
std::vector<std::pair<std::size_t, std::size_t>> hunks_of(const std::vector<Line>& lines) {
  std::vector<std::pair<std::size_t, std::size_t>> out;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (lines[at].mark == ' ') continue;
    const std::size_t begin = at < context ? 0 : at - context, end = std::min(at + context + 1, lines.size());
    if (!out.empty() && begin <= out.back().second) out.back().second = end;
    else out.emplace_back(begin, end);
  }
  return out;
}

}  // namespace

std::string unified_diff(std::string_view name, std::string_view before, std::string_view after) {
  if (before == after) return "";
  const std::vector<Line> lines = compare(lines_of(before), lines_of(after));
  std::string out = fmt::format("--- {0}\n+++ {0}\n", name);
  std::size_t old_line = 0, new_line = 0, at = 0;
  for (const auto& [begin, end] : hunks_of(lines)) {
    for (; at < begin; ++at) ++old_line, ++new_line;
    std::size_t old_count = 0, new_count = 0;
    std::string body;
    for (; at < end; ++at) {
      old_count += lines[at].mark != '+' ? 1 : 0;
      new_count += lines[at].mark != '-' ? 1 : 0;
      body += fmt::format("{}{}{}", lines[at].mark, lines[at].text, lines[at].text.ends_with('\n') ? "" : "\n\\ No newline at end of file\n");
    }
    out += fmt::format("@@ -{},{} +{},{} @@\n{}", old_line + (old_count > 0 ? 1 : 0), old_count, new_line + (new_count > 0 ? 1 : 0), new_count, body);
    old_line += old_count;
    new_line += new_count;
  }
  return out;
}

}  // namespace ipc_advisor
