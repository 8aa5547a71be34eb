// One answer at a time; the first that cannot be read ends it.
#include "app/answers.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace ipc_advisor::app {

Result<std::vector<std::size_t>> apply_answers(const rules::Rules& rules, const std::vector<std::string>& answers, const std::string& flag, Channel& channel) {
  std::vector<std::size_t> set;
  for (const std::string& answer : answers) {
    const auto equals = answer.find('=');
    const std::string id = answer.substr(0, equals);
    const auto need = rules.vocabulary.find(id);
    if (equals == std::string::npos) return fail(ErrorKind::usage, fmt::format("{} {}: expected NEED=VALUE", flag, printable(answer)));
    if (!need) {
      const auto near = nearest_word(id, rules.vocabulary.ids());
      return fail(ErrorKind::usage, fmt::format("{}: \"{}\" is not a need{}", flag, printable(id), near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
    }
    const std::string text = answer.substr(equals + 1);
    Value value;
    if (text != "unknown") {
      auto parsed = rules::parse_value(rules.vocabulary[*need], text);
      if (!parsed) return fail(ErrorKind::usage, fmt::format("{}: {}", flag, parsed.error().message));
      value = std::move(*parsed);
    }
    channel.needs[*need] = {value, {is_known(value) ? OriginKind::answer : OriginKind::unknown, "", {}, {}}};
    set.push_back(*need);
  }
  return set;
}

}  // namespace ipc_advisor::app
