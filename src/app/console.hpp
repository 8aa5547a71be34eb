// Where the interview talks: a terminal drawn in place, or lines. Standard output stays free for the report.
#pragma once

#include <string>
#include <vector>

#include "app/options.hpp"
#include "base/terminal.hpp"
#include "engine/interview.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::app {

/// How a conversation ended. `done`: the person stopped the questions and wants the recommendation; `cut_off`: no more input.
enum class Ending { finished, done, quit, cut_off };

/// The two ends of a conversation and what it may look like.
struct Console {
  int in = 0, out = 2;
  NotedSignals& signals;
  bool colour = false, unicode = false;
  std::string held{};  ///< read, but not used yet
  bool gone = false;   ///< the other end cannot be written to any more

  /// Lines as they are, made harmless.
  void say(const std::vector<std::string>& lines);
  std::size_t width() const;
  /// A line of input without its end; false at the end of input or on a signal.
  bool read_line(std::string& line);
};

/// Text for this console: without arrows where it knows no Unicode, without control characters anywhere.
std::string shown(const Console& console, const std::string& text);

/// Keys and drawing in place. Needs a terminal at both ends.
Ending ask_on_screen(const rules::Rules& rules, engine::Interview& interview, Console& console);

/// Line by line, for dumb terminals, screen readers and pipes.
Ending ask_by_lines(const rules::Rules& rules, engine::Interview& interview, Console& console);

}  // namespace ipc_advisor::app
