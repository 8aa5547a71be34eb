// A terminal in raw mode, the signals that end or resize it, and its size. Own code rather than ncurses: the interview
// draws a few lines in place and keeps the scrollback, where ncurses takes the screen over and wants a terminfo entry.
#pragma once

#include <termios.h>

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/os.hpp"

namespace ipc_advisor {

/// While one lives, SIGINT, SIGQUIT, SIGTERM and SIGHUP are noted instead of ending the process, and SIGWINCH too. At most
/// one at a time.
class NotedSignals {
 public:
  NotedSignals();
  NotedSignals(const NotedSignals&) = delete;
  NotedSignals& operator=(const NotedSignals&) = delete;
  ~NotedSignals();

  /// The signal that asks to stop; 0 where none came.
  int stop() const;
  /// Whether the terminal was resized since the last call.
  bool take_resize();
  /// Becomes readable with every signal.
  int descriptor() const { return pipe_.read_end.get(); }
  /// Reads away what made the descriptor readable.
  void drain() const;

 private:
  Pipe pipe_;
  struct Saved;
  Saved* saved_;
};

/// What ended a wait for input.
enum class Wake { bytes, end, stop, resize, pause };

/// Waits for bytes from `fd`, at most 4096, for a signal, or until `timeout_ms` have passed; -1 waits for ever.
Wake wait_for_input(int fd, NotedSignals& signals, int timeout_ms, std::string& bytes);

/// Raw mode: no echo, no line editing, no signals from keys. Ends with the object, or with leave().
class RawMode {
 public:
  explicit RawMode(int fd) : fd_(fd) {}
  RawMode(const RawMode&) = delete;
  RawMode& operator=(const RawMode&) = delete;
  ~RawMode() { leave(); }

  Result<void> enter();
  void leave();

 private:
  int fd_;
  bool in_ = false;
  termios before_{};
};

struct TerminalSize {
  int columns = 80, rows = 24;
};
TerminalSize terminal_size(int fd);

/// Writes all of it; false where the terminal is gone.
bool write_text(int fd, std::string_view text);

}  // namespace ipc_advisor
