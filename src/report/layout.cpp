// Terminal layout. Widths are counted without the colour codes that this file itself puts in.
#include "report/layout.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "base/text.hpp"

namespace ipc_advisor::report {
namespace {

std::string_view code_of(Ink ink) {
  switch (ink) {
    case Ink::bold: return "\x1b[1m";
    case Ink::dim: return "\x1b[2m";
    case Ink::green: return "\x1b[32m";
    case Ink::red: return "\x1b[31m";
    case Ink::yellow: return "\x1b[33m";
    case Ink::blue: return "\x1b[36m";
    case Ink::plain: return "";
  }
  return "";
}

// Cells hold printable text, so that the only escapes in them are our own "ESC [ … m".
std::size_t width_of(std::string_view cell) {
  std::string bare;
  for (std::size_t at = 0; at < cell.size(); ++at) {
    if (cell[at] == '\x1b') at = std::min(cell.find('m', at), cell.size() - 1);
    else bare += cell[at];
  }
  return display_width(bare);
}

std::string without_trailing_spaces(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

// Characters that the last column of a table needs beside the others, else it goes below them.
constexpr std::size_t narrowest = 32;

}  // namespace

std::string Page::paint(Ink ink, std::string_view text) const {
  const std::string safe = printable(text);
  const std::string_view code = style_.colour ? code_of(ink) : "";
  return code.empty() ? safe : std::string(code) + safe + "\x1b[0m";
}

std::string Page::badge(Verdict verdict) const {
  struct Look {
    std::string_view glyph, plain;
    Ink ink;
  };
  static constexpr Look looks[] = {{"✓", "+", Ink::green}, {"✗", "x", Ink::red}, {"~", "~", Ink::yellow}, {"·", ".", Ink::dim}, {"–", "-", Ink::dim}};
  const Look& look = looks[static_cast<int>(verdict)];
  return paint(look.ink, std::string(style_.unicode ? look.glyph : look.plain) + " " + std::string(word(verdict)));
}

std::string Page::badge(Level level) const {
  const Ink ink = level == Level::error ? Ink::red : level == Level::warning ? Ink::yellow : Ink::blue;
  return paint(ink, word(level));
}

std::string Page::link(std::string_view text, std::string_view target) const {
  const bool address = target.starts_with("https://") || target.starts_with("http://");
  if (!style_.links || !address) return printable(text);
  return fmt::format("\x1b]8;;{}\x1b\\{}\x1b]8;;\x1b\\", printable(target), printable(text));
}

std::string Page::take() { return without_commands(std::exchange(out_, "")); }

void Page::blank() {
  if (!out_.empty() && !(out_.size() >= 2 && out_.compare(out_.size() - 2, 2, "\n\n") == 0)) out_ += '\n';
}

void Page::heading(std::string_view text) {
  blank();
  for (const std::string& line : wrap(text, static_cast<std::size_t>(style_.width))) out_ += paint(Ink::bold, line) + "\n";
}

void Page::add(std::string_view text, std::string_view mark) {
  const std::string indent(display_width(mark), ' ');
  bool first = true;
  for (const std::string& line : wrap(printable(text), static_cast<std::size_t>(style_.width) - indent.size())) {
    out_ += without_trailing_spaces((first ? std::string(mark) : indent) + line) + "\n";
    first = false;
  }
}

void Page::add_painted(const std::string& line) { out_ += line + "\n"; }

void Page::table(const std::vector<std::vector<std::string>>& rows, std::string_view indent) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], width_of(row[i]));
    }
  std::size_t used = indent.size();
  for (const std::size_t width : widths) used += width + 2;
  const std::size_t page = static_cast<std::size_t>(style_.width);
  for (const auto& row : rows) {
    std::string line(indent);
    for (std::size_t i = 0; i + 1 < row.size(); ++i) line += row[i] + std::string(widths[i] - width_of(row[i]) + 2, ' ');
    // On a narrow page the last column goes below, indented.
    const bool below = !row.back().empty() && used + narrowest > page && width_of(line) + width_of(row.back()) > page;
    const std::size_t left = below ? indent.size() + 4 : used;
    bool first = !below;
    if (below) out_ += without_trailing_spaces(line) + "\n";
    for (const std::string& part : wrap(row.back(), std::max<std::size_t>(page - std::min(left, page - narrowest), narrowest))) {
      out_ += without_trailing_spaces((first ? line : std::string(left, ' ')) + part) + "\n";
      first = false;
    }
  }
}

}  // namespace ipc_advisor::report
