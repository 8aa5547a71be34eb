// Untrusted text on its way into markup. Each function also makes control and bidirectional characters visible, so that
// what comes out is one harmless line in any viewer.
#pragma once

#include <string>
#include <string_view>

namespace ipc_advisor::report {

/// For HTML and SVG, as text and in quoted attributes.
std::string escape_html(std::string_view text);

/// For Markdown on GitHub, where pipes, backticks, tags and @mentions mean something too.
std::string escape_markdown(std::string_view text);

/// For a quoted label of a Mermaid flowchart.
std::string escape_mermaid(std::string_view text);

/// Never two blank lines in a row, and none at the end; sections of a template that are left out leave such behind.
std::string squeeze_blank_lines(std::string_view text);

/// A Markdown text of at most `limit` bytes: the whole, or its first lines with what is open closed again and a last
/// line that says how much was left out. `limit` is large enough for that line.
std::string shorten_markdown(std::string_view text, std::size_t limit);

}  // namespace ipc_advisor::report
