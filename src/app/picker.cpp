// Arrows move over what can be chosen; whatever else is typed collects until Enter, so that every word of the plain
// interview works here too.
#include "app/picker.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "report/question.hpp"

namespace ipc_advisor::app {

using Look = PickerLine::Look;
using engine::Option;
using rules::NeedType;

namespace {

constexpr std::size_t longest_typed = 200;

}  // namespace

Picker::Picker(const rules::NeedDef& need, const engine::Question& question, std::function<std::string(const Value&)> refusal)
    : need_(need), question_(question), refusal_(std::move(refusal)), ticked_(question.options.size()) {
  if (picks()) jump(false);
}

bool Picker::lists() const { return picks() && need_.type == NeedType::list; }
bool Picker::picks() const { return !question_.options.empty() && !rules::is_number(need_.type) && need_.type != NeedType::text; }

// To the next option in that direction that can be chosen; stays where there is none.
void Picker::move(int by) {
  if (!picks()) return;
  const auto size = static_cast<int>(question_.options.size());
  for (int to = static_cast<int>(at_) + by; to >= 0 && to < size; to += by)
    if (question_.options[static_cast<std::size_t>(to)].ruled_out.empty()) {
      at_ = static_cast<std::size_t>(to);
      return;
    }
}

void Picker::jump(bool last) {
  if (!picks() || question_.options.empty()) return;
  at_ = last ? question_.options.size() - 1 : 0;
  if (!question_.options[at_].ruled_out.empty()) move(last ? -1 : 1);
}

void Picker::toggle(std::size_t option) {
  if (question_.options[option].ruled_out.empty()) ticked_[option] = !ticked_[option];
}

void Picker::type(const std::string& text) {
  if (typed_.size() + text.size() > longest_typed) return;
  typed_ += text;
  // A number shows at once what it stands for.
  if (!picks() || lists()) return;
  const Reply reply = read_reply(need_, question_, typed_);
  for (std::size_t i = 0; i < question_.options.size(); ++i)
    if (reply.kind == Reply::Kind::answer && question_.options[i].value == reply.answer && question_.options[i].ruled_out.empty()) at_ = i;
}

std::optional<Reply> Picker::press(const Key& key) {
  message_.clear();
  const auto simple = [](Reply::Kind kind) {
    Reply reply;
    reply.kind = kind;
    return reply;
  };
  switch (key.kind) {
    case KeyKind::up: return move(-1), std::nullopt;
    case KeyKind::down: return move(1), std::nullopt;
    case KeyKind::home: return jump(false), std::nullopt;
    case KeyKind::end: return jump(true), std::nullopt;
    case KeyKind::interrupt:
    case KeyKind::end_of_input: return simple(Reply::Kind::quit);
    case KeyKind::enter: return enter();
    case KeyKind::clear_line: return typed_.clear(), std::nullopt;
    case KeyKind::backspace:
      while (!typed_.empty() && (static_cast<unsigned char>(typed_.back()) & 0xC0) == 0x80) typed_.pop_back();
      if (!typed_.empty()) typed_.pop_back();
      return std::nullopt;
    case KeyKind::escape:
    case KeyKind::left:
      if (typed_.empty()) return simple(Reply::Kind::back);
      if (key.kind == KeyKind::escape) typed_.clear();
      return std::nullopt;
    case KeyKind::text: break;
    default: return std::nullopt;
  }
  if (!typed_.empty()) return type(key.text), std::nullopt;
  if (key.text == "?") return simple(Reply::Kind::explain);
  if (key.text == "j" && picks()) return move(1), std::nullopt;
  if (key.text == "k" && picks()) return move(-1), std::nullopt;
  if (key.text == " ") {
    if (lists()) toggle(at_);
    return std::nullopt;
  }
  return type(key.text), std::nullopt;
}

std::optional<Reply> Picker::enter() {
  if (!typed_.empty()) return submit(read_reply(need_, question_, typed_));
  Reply reply;
  reply.kind = Reply::Kind::answer;
  if (!picks()) {
    message_ = fmt::format("type {}; \"unknown\" leaves it open", rules::expected_values(need_));
    return std::nullopt;
  }
  if (!lists()) {
    reply.answer = question_.options[at_].value;
    return submit(std::move(reply));
  }
  std::vector<std::string> words;
  for (std::size_t i = 0; i < ticked_.size(); ++i)
    if (ticked_[i]) words.push_back(question_.options[i].id);
  if (words.empty()) {
    message_ = "tick at least one with Space; \"unknown\" leaves it open";
    return std::nullopt;
  }
  reply.answer = std::move(words);
  return submit(std::move(reply));
}

std::optional<Reply> Picker::submit(Reply reply) {
  if (reply.kind == Reply::Kind::mistake) {
    message_ = reply.mistake;
    return std::nullopt;
  }
  typed_.clear();
  if (reply.kind == Reply::Kind::answer) {
    // What the options show as ruled out needs no second look.
    for (const Option& option : question_.options)
      if (option.value == reply.answer && !option.ruled_out.empty()) message_ = "ruled out: " + option.ruled_out;
    if (message_.empty())
      if (const std::string why = refusal_(reply.answer); !why.empty()) message_ = "ruled out: " + why;
    if (!message_.empty()) return std::nullopt;
  }
  return reply;
}

void Picker::add_options(std::size_t width, std::vector<PickerLine>& out, std::size_t& focus) const {
  std::size_t widest = 0;
  for (const Option& option : question_.options) widest = std::max(widest, display_width(option.id));
  for (std::size_t i = 0; i < question_.options.size(); ++i) {
    const Option& option = question_.options[i];
    const bool here = i == at_;
    const std::string tick = !lists() ? "" : ticked_[i] ? "[x] " : "[ ] ";
    const std::string first = fmt::format("{} {} {}", here ? ">" : " ", i + 1, tick);
    if (here) focus = out.size();
    const Look look = !option.ruled_out.empty() ? Look::dim : here ? Look::chosen : Look::plain;
    for (const std::string& line : report::option_lines(first, option, widest, width)) out.push_back({line, look});
  }
}

// What is typed, and at once whether it can be read, where not, and what would do.
void Picker::add_input(std::size_t width, std::vector<PickerLine>& out) const {
  if (typed_.empty() && picks()) return;
  out.push_back({": " + printable(typed_) + "_", Look::strong});
  if (typed_.empty()) return;
  const Reply reply = read_reply(need_, question_, typed_);
  if (reply.kind == Reply::Kind::answer) {
    out.push_back({"  = " + report::answer_told(need_, reply.answer), Look::right});
    return;
  }
  if (reply.kind != Reply::Kind::mistake) return;
  const std::size_t column = 2 + display_width(printable(std::string_view(typed_).substr(0, std::min(reply.at, typed_.size()))));
  const std::string nearest = reply.nearest.empty() ? "" : fmt::format(" nearest: {}", printable(reply.nearest));
  if (column + 1 + display_width(nearest) <= width) {
    out.push_back({std::string(column, ' ') + "^" + nearest, Look::wrong});
  } else {
    if (column < width) out.push_back({std::string(column, ' ') + "^", Look::wrong});
    for (const std::string& line : report::hanging("  ", nearest.empty() ? "cannot be read" : nearest.substr(1), width)) out.push_back({line, Look::wrong});
  }
}

std::string Picker::hint() const {
  const std::string how = lists() ? "arrows move, Space ticks, Enter takes" : picks() ? "arrows or a number, Enter" : fmt::format("type {}, Enter", rules::expected_values(need_));
  return how + "; ? why; or type unknown, back (Esc), done, quit";
}

std::vector<PickerLine> Picker::lines(std::size_t width, std::size_t& focus) const {
  std::vector<PickerLine> out;
  focus = 0;
  if (picks()) add_options(width, out, focus);
  add_input(width, out);
  if (!message_.empty())
    for (const std::string& line : report::hanging("! ", message_, width)) out.push_back({line, Look::wrong});
  for (const std::string& line : report::hanging("  ", hint(), width)) out.push_back({line, Look::dim});
  return out;
}

}  // namespace ipc_advisor::app
