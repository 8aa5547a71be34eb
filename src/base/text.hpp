// Text for people: UTF-8 checks, the nearest valid word, harmless printing of untrusted strings, terminal widths.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipc_advisor {

/// The byte offset of the first byte that is not valid UTF-8 (RFC 3629); nothing where all of it is.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

/// How many characters (code points) a valid UTF-8 text has.
std::size_t count_characters(std::string_view text);

/// Columns that a valid UTF-8 text takes in a terminal: wide characters 2, combining ones 0.
std::size_t display_width(std::string_view text);

/// The text with control characters, escape sequences, bidirectional controls and invalid bytes shown as visible
/// escapes (\n, \x1b, \u202e). What comes out can be sent to any terminal and stays on one line.
std::string printable(std::string_view text);

/// JSON's text with control characters and those that hide or turn text round as \uXXXX; in JSON they stand in strings alone.
std::string with_misleading_escaped(std::string_view json);

/// The text with a backslash before each line that GitHub's and Azure's runners would take for a command of theirs: one
/// that begins, after blanks, with "::" or "##[".
std::string without_commands(std::string_view text);

/// The candidate that the word was probably meant to be: fewest edits (optimal string alignment), at most a third of
/// the word's length and at least 1; nothing where none is that near.
std::optional<std::string> nearest_word(std::string_view word, const std::vector<std::string>& candidates);

/// "a, b and c" with the given last separator.
std::string join(const std::vector<std::string>& words, std::string_view separator, std::string_view last_separator);

/// Breaks a text at spaces into lines of at most `width` columns; a longer word stands alone.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

}  // namespace ipc_advisor
