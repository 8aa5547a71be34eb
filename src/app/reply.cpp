// Words of the interview first, then numbers of options, then the need's own values.
#include "app/reply.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <fmt/format.h>

#include "base/text.hpp"
#include "base/units.hpp"

namespace ipc_advisor::app {
namespace {

using Kind = Reply::Kind;
using rules::NeedDef;
using rules::NeedType;

std::optional<std::size_t> number_in(std::string_view word) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (word.empty() || error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return number;
}

std::optional<Reply> word_of_interview(std::string_view line) {
  Reply reply;
  if (line == "?" || line == "why" || line == "help") reply.kind = Kind::explain;
  else if (line == "unknown") reply.kind = Kind::unknown;
  else if (line == "done") reply.kind = Kind::done;
  else if (line == "quit" || line == "exit") reply.kind = Kind::quit;
  else if (line == "back") reply.kind = Kind::back;
  else if (line.starts_with("back ")) {
    const auto steps = number_in(line.substr(5));
    if (!steps || *steps == 0 || *steps > 1000) return std::nullopt;
    reply.kind = Kind::back;
    reply.steps = static_cast<int>(*steps);
  } else return std::nullopt;
  return reply;
}

// Each number of an option becomes its word; a word that is none stays.
std::string by_number(const engine::Question& question, std::string_view line) {
  std::string out;
  while (!line.empty()) {
    const auto end = std::min(line.find_first_of(", "), line.size());
    const auto number = number_in(line.substr(0, end));
    if (number && *number >= 1 && *number <= question.options.size()) out += question.options[*number - 1].id;
    else out += line.substr(0, end);
    if (end < line.size()) out += line[end];
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return out;
}

Reply mistake(const NeedDef& need, const engine::Question& question, std::string_view line, std::string message) {
  Reply reply;
  reply.mistake = std::move(message);
  if (rules::is_number(need.type)) {
    if (const auto found = mistake_in(line, rules::quantity_of(need.type))) reply.at = found->at, reply.nearest = found->nearest;
    return reply;
  }
  std::vector<std::string> words{"unknown", "back", "done", "quit"};
  for (const engine::Option& option : question.options) words.push_back(option.id);
  // The word that is no option.
  for (std::size_t at = 0; at < line.size();) {
    const auto end = std::min(line.find_first_of(", ", at), line.size());
    const std::string_view word = line.substr(at, end - at);
    if (!word.empty() && std::find(words.begin(), words.end(), word) == words.end()) {
      reply.at = at;
      if (const auto near = nearest_word(word, words)) reply.nearest = std::string(line.substr(0, at)) + *near + std::string(line.substr(end));
      return reply;
    }
    at = end + 1;
  }
  return reply;
}

std::string_view trimmed(std::string_view line) {
  const auto first = line.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

Reply read_reply(const NeedDef& need, const engine::Question& question, std::string_view line) {
  line = trimmed(line);
  if (line.empty()) return {Kind::mistake, {}, 1, fmt::format("expected {}; \"unknown\" leaves it open", rules::expected_values(need)), 0, ""};
  if (auto reply = word_of_interview(line)) return *reply;
  const std::string text = need.choices.empty() && need.type != NeedType::boolean ? std::string(line) : by_number(question, line);
  auto value = rules::parse_value(need, text);
  if (!value) return mistake(need, question, line, value.error().message);
  Reply reply;
  reply.kind = Kind::answer;
  reply.answer = std::move(*value);
  // The order of a list's words means nothing.
  if (auto* list = std::get_if<std::vector<std::string>>(&reply.answer)) {
    std::vector<std::string> sorted;
    for (const rules::Choice& choice : need.choices)
      if (std::find(list->begin(), list->end(), choice.id) != list->end()) sorted.push_back(choice.id);
    *list = std::move(sorted);
  }
  return reply;
}

}  // namespace ipc_advisor::app
