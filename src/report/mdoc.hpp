// A writer of manual pages in mdoc(7). What goes in is plain text; nothing in it is taken for a macro or an escape.
#pragma once

#include <string>
#include <string_view>

namespace ipc_advisor::report {

class Mdoc {
 public:
  /// The head of page `name`(`section`), which the one-line description `says` closes.
  Mdoc(std::string_view name, int section, std::string_view says);

  void section(std::string_view title);
  void subsection(std::string_view title);
  /// A paragraph: a line of input for each sentence, none longer than 80 columns.
  void paragraph(std::string_view text);
  /// More of the paragraph or item that is open.
  void text(std::string_view text);
  void begin_list();
  void item(std::string_view head);
  void end_list();
  /// Lines as they are.
  void literal(std::string_view lines);
  /// A macro line, written as it is.
  void macro(std::string_view line);

  std::string take() { return std::move(out_); }

 private:
  void line(std::string_view line) { (out_ += line) += '\n'; }

  std::string out_;
  bool fresh_ = true;  ///< nothing has been said since the last heading, so that a paragraph break would be empty
};

}  // namespace ipc_advisor::report
