// Where text goes: the report to standard output and files, everything else to standard error.
#pragma once

#include <string>
#include <string_view>

#include "app/options.hpp"
#include "base/error.hpp"
#include "model.hpp"
#include "report/format.hpp"

namespace ipc_advisor::app {

/// Columns, colour and characters for standard output, from the terminal, NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE.
report::Style style_for_stdout(const Options& options);

/// Whether text for such an end is coloured, and whether it may hold more than ASCII.
bool wants_colour(const Options& options, bool terminal);
bool wants_unicode();

/// Renders every requested format first, then writes: files whole or not at all, standard output last. Without a
/// request the format is text.
Result<void> write_report(const Report& report, const Options& options);

/// Prints "ipc-advisor: error: …" on standard error, control characters made visible.
void complain(std::string_view message);

/// A plain line on standard error. What comes from a file must be printable() already.
void say(std::string_view line);

/// A line on standard error that the next one replaces; nothing where standard error is not a terminal.
void show_progress(std::string_view line);
void clear_progress();

/// Writes all of it to standard output; an error where that fails (a full disk, a closed pipe).
Result<void> print(std::string_view text);

}  // namespace ipc_advisor::app
