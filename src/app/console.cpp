// Reading and writing lines, a signal or the end of input included.
#include "app/console.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace ipc_advisor::app {

std::string shown(const Console& console, const std::string& text) {
  std::string out = printable(text);
  if (console.unicode) return out;
  for (auto at = out.find("\u2192"); at != std::string::npos; at = out.find("\u2192", at)) out.replace(at, 3, "->");
  return out;
}

void Console::say(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += shown(*this, line) + "\n";
  gone = !write_text(out, text) || gone;
}

std::size_t Console::width() const { return static_cast<std::size_t>(std::clamp(terminal_size(out).columns, 20, 100)); }

bool Console::read_line(std::string& line) {
  constexpr std::size_t longest = 4096;
  for (;;) {
    if (const auto end = held.find('\n'); end != std::string::npos) {
      line = held.substr(0, std::min(end, longest));
      held.erase(0, end + 1);
      return true;
    }
    std::string bytes;
    switch (wait_for_input(in, signals, -1, bytes)) {
      case Wake::bytes:
        held += bytes;
        // Nobody types that much, but a pipe may hold it without a line's end.
        if (held.size() > (1u << 20)) return false;
        break;
      case Wake::end:
        // The last line may lack its end.
        line = held.substr(0, longest);
        held.clear();
        return !line.empty();
      case Wake::stop: return false;
      default: break;
    }
  }
}

}  // namespace ipc_advisor::app
