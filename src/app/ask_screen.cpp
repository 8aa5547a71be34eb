// The interview drawn in place: the question at hand is redrawn with every key, what was answered stays as one line above.
#include <algorithm>
#include <csignal>
#include <fmt/format.h>

#include "app/console.hpp"
#include "app/output.hpp"
#include "app/picker.hpp"
#include "base/keys.hpp"
#include "base/text.hpp"
#include "report/question.hpp"

namespace ipc_advisor::app {
namespace {

// How long a lone Escape waits for the rest of a sequence.
constexpr int escape_pause_ms = 50;

using Look = PickerLine::Look;

class ScreenDialogue {
 public:
  ScreenDialogue(const rules::Rules& rules, engine::Interview& interview, Console& console)
      : rules_(rules), interview_(interview), console_(console), raw_(console.in) {}

  Ending run() {
    if (const auto entered = raw_.enter(); !entered) return complain(entered.error().message), Ending::quit;
    while (interview_.question() != nullptr) {
      const Reply reply = ask();
      if (reply.kind == Reply::Kind::done) return record("  ", "no more questions; the rest as assumed"), Ending::done;
      if (reply.kind == Reply::Kind::quit) return Ending::quit;
      act(reply);
    }
    record("  ", report::remaining_told(interview_));
    return Ending::finished;
  }

 private:
  const rules::NeedDef& need() const { return rules_.vocabulary[interview_.question()->need]; }

  // Until the person has replied. Explanations go above the question.
  Reply ask() {
    Picker picker(need(), *interview_.question(), [this](const Value& value) { return interview_.refusal(value); });
    for (;;) {
      draw(picker);
      pending_ = std::move(ahead_);
      ahead_.clear();
      std::string bytes;
      if (pending_.empty()) switch (wait_for_input(console_.in, console_.signals, keys_.waiting() ? escape_pause_ms : -1, bytes)) {
        case Wake::end:
        case Wake::stop: return erase(), quit();
        case Wake::resize: continue;
        case Wake::pause: pending_ = keys_.flush(); break;
        case Wake::bytes: pending_ = keys_.feed(bytes); break;
      }
      for (std::size_t i = 0; i < pending_.size(); ++i) {
        if (pending_[i].kind == KeyKind::suspend) suspend();
        if (pending_[i].kind == KeyKind::redraw) drawn_.clear(), put("\x1b[2J\x1b[H");
        const auto reply = picker.press(pending_[i]);
        if (!reply) continue;
        if (reply->kind == Reply::Kind::explain) {
          erase();
          print(report::explanation_lines(rules_, interview_, width()), Look::plain);
          // A habit of ending every word with Enter must not answer the question.
          if (i + 1 < pending_.size() && pending_[i + 1].kind == KeyKind::enter) ++i;
          continue;
        }
        // The rest is typed ahead, for the next question.
        ahead_.assign(pending_.begin() + static_cast<std::ptrdiff_t>(i) + 1, pending_.end());
        erase();
        return *reply;
      }
    }
  }

  static Reply quit() {
    Reply reply;
    reply.kind = Reply::Kind::quit;
    return reply;
  }

  void act(const Reply& reply) {
    const rules::NeedDef& asked = need();
    if (reply.kind == Reply::Kind::back) {
      int steps = 0;
      while (steps < reply.steps && interview_.back()) ++steps;
      if (steps == 0) record("  ", "this is the first question");
      else record("< ", fmt::format("back to {}", need().id));
      return;
    }
    const Value answer = reply.kind == Reply::Kind::answer ? reply.answer : Value{};
    record("  ", fmt::format("{}: {}", asked.id, report::answer_told(asked, answer)));
    if (is_known(answer)) interview_.answer(answer);
    else interview_.unknown();
  }

  std::size_t width() const { return console_.width() - 1; }

  void record(const std::string& first, const std::string& text) { print(report::hanging(first, text, width()), Look::plain); }

  void print(const std::vector<std::string>& lines, Look look) {
    std::string text;
    for (const std::string& line : lines) text += styled(line, look) + "\r\n";
    put(text);
  }

  std::string styled(const std::string& text, Look look) const {
    std::string clean = shown(console_, text);
    if (!console_.colour || look == Look::plain) return clean;
    const char* code = look == Look::strong || look == Look::chosen ? "1" : look == Look::dim ? "2" : look == Look::wrong ? "31" : "32";
    return fmt::format("\x1b[{}m{}\x1b[0m", code, clean);
  }

  void draw(const Picker& picker) {
    const std::size_t columns = width();
    std::vector<PickerLine> lines;
    for (const std::string& line : report::question_lines(need(), interview_.steps().size() + 1, columns)) lines.push_back({line, Look::strong});
    for (const std::string& line : report::hanging("   ", report::remaining_told(interview_), columns)) lines.push_back({line, Look::dim});
    std::size_t focus = 0;
    const std::size_t head = lines.size();
    for (PickerLine& line : picker.lines(columns, focus)) lines.push_back(std::move(line));
    crop(lines, head + focus);
    std::string text = erasure();
    drawn_.clear();
    for (std::size_t i = 0; i < lines.size(); ++i) {
      text += styled(lines[i].text, lines[i].look) + (i + 1 < lines.size() ? "\r\n" : "");
      drawn_.push_back(display_width(shown(console_, lines[i].text)));
    }
    put(text);
  }

  // More lines than the screen has cannot be drawn over: those around the focus stay.
  void crop(std::vector<PickerLine>& lines, std::size_t focus) const {
    const auto rows = static_cast<std::size_t>(std::max(terminal_size(console_.out).rows - 1, 3));
    if (lines.size() <= rows) return;
    const std::size_t first = std::min(focus >= rows - 1 ? focus - (rows - 2) : 0, lines.size() - rows);
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(first + rows), lines.end());
    lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(first));
  }

  // Back to where the drawing began. A terminal that was made narrower has wrapped its lines.
  std::string erasure() const {
    if (drawn_.empty()) return "";
    const auto columns = static_cast<std::size_t>(std::max(terminal_size(console_.out).columns, 1));
    std::size_t rows = 0;
    for (const std::size_t one : drawn_) rows += std::max<std::size_t>(1, (one + columns - 1) / columns);
    // Line by line: some terminals keep in their scrollback what is cleared as a whole screen.
    std::string out = "\r\x1b[2K";
    for (std::size_t i = 1; i < rows; ++i) out += "\x1b[A\x1b[2K";
    return out;
  }

  void erase() {
    put(erasure());
    drawn_.clear();
  }

  void suspend() {
    erase();
    raw_.leave();
    raise(SIGTSTP);
    if (const auto entered = raw_.enter(); !entered) complain(entered.error().message);
  }

  void put(const std::string& text) { console_.gone = !write_text(console_.out, text) || console_.gone; }

  const rules::Rules& rules_;
  engine::Interview& interview_;
  Console& console_;
  RawMode raw_;
  KeyDecoder keys_;
  std::vector<Key> pending_, ahead_;
  std::vector<std::size_t> drawn_;  // the width of each line
};

}  // namespace

Ending ask_on_screen(const rules::Rules& rules, engine::Interview& interview, Console& console) { return ScreenDialogue(rules, interview, console).run(); }

}  // namespace ipc_advisor::app
