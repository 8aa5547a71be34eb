// Words only; nothing here knows of a terminal.
#include "report/question.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"

namespace ipc_advisor::report {

using engine::Option;
using engine::Question;
using rules::NeedDef;

namespace {

std::string counted(std::size_t count, std::string_view word) { return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s"); }

// A handful by name, more by number.
std::string led_to(const Option& option, bool changes_pick) {
  if (!changes_pick) return option.layers.empty() ? "nothing more" : join(option.layers, ", ", " and ");
  if (option.leads_to.empty()) return "nothing: it contradicts every completion";
  if (option.leads_to.size() > 4) return counted(option.leads_to.size(), "outcome");
  return engine::mechanisms_told(option.leads_to);
}

std::string hangs_on_it(const Question& question) {
  return question.changes_pick ? "The mechanism hangs on it." : "Only what goes with the mechanism hangs on it: framing, access and the like.";
}

}  // namespace

std::string remaining_told(const engine::Interview& interview) {
  const std::vector<std::string> possible = interview.possible();
  const Question* question = interview.question();
  const bool none = std::find(possible.begin(), possible.end(), "") != possible.end();
  const std::size_t mechanisms = possible.size() - (none ? 1 : 0);
  if (question == nullptr || !question->changes_pick) {
    std::string settled = possible.size() == 1 ? fmt::format("{} is settled", engine::mechanisms_told(possible)) : "the mechanism is settled";
    if (question == nullptr) return settled;
    const std::string outcomes = question->outcomes == 0 ? "very many outcomes remain" : fmt::format("{} remain{}", counted(question->outcomes, "outcome"), question->outcomes == 1 ? "s" : "");
    return fmt::format("{}: {}, but what goes with it is open; {}", outcomes, settled, counted(question->open, "open question"));
  }
  return fmt::format("{} remain{}: {}{}; {}", counted(possible.size(), "outcome"), possible.size() == 1 ? "s" : "", counted(mechanisms, "mechanism"),
                     none ? ", or none that meets all needs" : "", counted(question->open, "open question"));
}

std::vector<std::string> question_lines(const NeedDef& need, std::size_t number, std::size_t width) {
  return hanging(fmt::format("{}. ", number), fmt::format("{} ({})", need.question, need.id), width);
}

std::vector<std::string> option_lines(const std::string& mark, const Option& option, std::size_t id_width, std::size_t width) {
  std::string says = option.says;
  const auto add = [&](const std::string& text) { says += (says.empty() ? "" : " ") + text; };
  if (!option.ruled_out.empty()) add(fmt::format("(ruled out: {})", option.ruled_out));
  else if (!option.note.empty()) add(fmt::format("(note: {})", option.note));
  if (says.empty()) return {mark + option.id};
  const std::size_t used = display_width(option.id);
  return hanging(mark + option.id + std::string(id_width > used ? id_width - used : 0, ' ') + "  ", says, width);
}

std::vector<std::string> hanging(const std::string& first, const std::string& text, std::size_t width) {
  constexpr std::size_t least = 8;
  const std::size_t used = display_width(first);
  const bool beside = used <= width / 2;
  const std::size_t indent = beside ? used : 4;
  std::vector<std::string> out;
  if (!beside) out.push_back(first.substr(0, first.find_last_not_of(' ') + 1));
  for (const std::string& line : wrap(text, width > indent + least ? width - indent : least))
    out.push_back((out.empty() ? first : std::string(indent, ' ')) + line);
  return out;
}

std::vector<std::string> explanation_lines(const rules::Rules& rules, const engine::Interview& interview, std::size_t width) {
  const Question& question = *interview.question();
  const NeedDef& need = rules.vocabulary[question.need];
  std::vector<std::string> out = hanging("  ", fmt::format("{} {}", need.why, hangs_on_it(question)), width);
  const auto add = [&](const std::vector<std::string>& lines) { out.insert(out.end(), lines.begin(), lines.end()); };
  for (const Option& option : question.options) {
    const std::string then = option.ruled_out.empty() ? led_to(option, question.changes_pick) : "ruled out: " + option.ruled_out;
    add(hanging("    ", fmt::format("{} \u2192 {}", need.type == rules::NeedType::list ? option.id + " alone" : option.id, then), width));
  }
  if (is_known(need.assumed)) add(hanging("  ", fmt::format("Without an answer: {}.", need.assumed_says), width));
  else add(hanging("  ", "Without an answer it stays unknown, and nothing is held against it.", width));
  return out;
}

std::string answer_told(const NeedDef& need, const Value& answer) {
  if (const auto* flag = std::get_if<bool>(&answer)) return *flag ? "yes" : "no";
  if (is_known(answer)) return rules::format_value(need, answer);
  return need.assumed_says.empty() ? "unknown" : fmt::format("unknown; assumed: {}", need.assumed_says);
}

}  // namespace ipc_advisor::report
