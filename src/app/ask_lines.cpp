// The interview line by line: a question, its options, a line in answer.
#include <algorithm>
#include <fmt/format.h>
#include <unistd.h>

#include "app/console.hpp"
#include "app/reply.hpp"
#include "base/text.hpp"
#include "report/question.hpp"

namespace ipc_advisor::app {
namespace {

class LineDialogue {
 public:
  LineDialogue(const rules::Rules& rules, engine::Interview& interview, Console& console) : rules_(rules), interview_(interview), console_(console) {}

  Ending run() {
    say(report::hanging("", "Answer with a number or a word. ? tells why a question is asked; unknown leaves it open; back, or back 3, returns; "
                            "done stops asking; quit ends and keeps what was answered.", console_.width()));
    while (interview_.question() != nullptr) {
      ask();
      for (bool next = false; !next;) {
        std::string typed;
        console_.gone = !write_text(console_.out, "> ") || console_.gone;
        if (console_.gone || !console_.read_line(typed)) return Ending::cut_off;
        // Where nobody saw it typed, it is part of what is told.
        if (isatty(console_.in) != 1) line(typed);
        const Reply reply = read_reply(need(), *interview_.question(), typed);
        if (reply.kind == Reply::Kind::done) return Ending::done;
        if (reply.kind == Reply::Kind::quit) return Ending::quit;
        next = act(reply, typed);
      }
    }
    say({"", report::remaining_told(interview_) + "."});
    return Ending::finished;
  }

 private:
  const rules::NeedDef& need() const { return rules_.vocabulary[interview_.question()->need]; }
  void say(const std::vector<std::string>& lines) { console_.say(lines); }
  void line(const std::string& text) { console_.say({text}); }

  void ask() {
    const engine::Question& question = *interview_.question();
    say({""});
    say(report::question_lines(need(), interview_.steps().size() + 1, console_.width()));
    say(report::hanging("   ", report::remaining_told(interview_) + ".", console_.width()));
    if (rules::is_number(need().type)) return say(report::hanging("   ", fmt::format("Type {}.", rules::expected_values(need())), console_.width()));
    std::size_t widest = 0;
    for (const engine::Option& option : question.options) widest = std::max(widest, option.id.size());
    for (std::size_t i = 0; i < question.options.size(); ++i)
      say(report::option_lines(fmt::format("  {}) ", i + 1), question.options[i], widest, console_.width()));
    if (need().type == rules::NeedType::list) line("     Several may be named: 1,2");
  }

  // True where another question follows.
  bool act(const Reply& reply, const std::string& typed) {
    switch (reply.kind) {
      case Reply::Kind::explain: return say(report::explanation_lines(rules_, interview_, console_.width())), false;
      case Reply::Kind::unknown: return interview_.unknown(), true;
      case Reply::Kind::back: return go_back(reply.steps);
      case Reply::Kind::answer: return answer(reply.answer);
      default: return complain_of(reply, typed), false;
    }
  }

  bool go_back(int steps) {
    bool moved = false;
    for (int i = 0; i < steps && interview_.back(); ++i) moved = true;
    if (!moved) line("  This is the first question.");
    return moved;
  }

  bool answer(const Value& value) {
    if (const std::string why = interview_.refusal(value); !why.empty()) {
      say(report::hanging("  ", "Ruled out: " + why, console_.width()));
      return false;
    }
    interview_.answer(value);
    return true;
  }

  void complain_of(const Reply& reply, const std::string& typed) {
    // The mark stands below what was typed, after the prompt.
    if (rules::is_number(need().type) && !typed.empty()) {
      const std::string before = printable(std::string_view(typed).substr(0, std::min(reply.at, typed.size())));
      if (first_invalid_utf8(before) == std::nullopt) line(std::string(2 + display_width(before), ' ') + "^");
    }
    say(report::hanging("  ", reply.mistake, console_.width()));
    if (rules::is_number(need().type) && !reply.nearest.empty()) line(fmt::format("  nearest: {}", printable(reply.nearest)));
  }

  const rules::Rules& rules_;
  engine::Interview& interview_;
  Console& console_;
};

}  // namespace

Ending ask_by_lines(const rules::Rules& rules, engine::Interview& interview, Console& console) { return LineDialogue(rules, interview, console).run(); }

}  // namespace ipc_advisor::app
