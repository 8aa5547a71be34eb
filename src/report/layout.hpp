// Laying text out for a terminal: colour with a glyph and a word, wrapping, aligned tables.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"
#include "report/format.hpp"

namespace ipc_advisor::report {

enum class Ink { plain, bold, dim, green, red, yellow, blue };

/// Collects lines. Everything that is added is made printable first; nothing else can reach a terminal.
class Page {
 public:
  explicit Page(const Style& style) : style_(style) {}

  /// The text in that ink, for use in add_painted() and tables. Made printable here.
  std::string paint(Ink ink, std::string_view text) const;
  /// A verdict as glyph and word, coloured; or its ASCII form.
  std::string badge(Verdict verdict) const;
  std::string badge(Level level) const;

  /// The text as a hyperlink (OSC 8) where the terminal takes them and the target is a web address; else the text alone.
  std::string link(std::string_view text, std::string_view target) const;

  void blank();
  void heading(std::string_view text);
  /// Wraps plain text; the first line starts with `mark`, later ones are indented as far.
  void add(std::string_view text, std::string_view mark = "  ");
  /// One line that has been painted already, as it is.
  void add_painted(const std::string& line);
  /// Cells are printable or painted by this page; columns are as wide as their widest cell, the last one wraps.
  void table(const std::vector<std::vector<std::string>>& rows, std::string_view indent = "  ");

  const Style& style() const { return style_; }
  /// All lines; none of them is a command to a CI system's runner, whatever a file's or a channel's name may be.
  std::string take();

 private:
  Style style_;
  std::string out_;
};

}  // namespace ipc_advisor::report
