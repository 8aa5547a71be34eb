// Tries every answer to every open need, with everything else as stated or assumed.
#include "engine/interview.hpp"

#include <algorithm>

#include "engine/complete.hpp"
#include "engine/decide.hpp"

namespace ipc_advisor::engine {
namespace {

struct Recommendation {
  std::string pick;
  std::vector<std::string> layers;
  friend bool operator==(const Recommendation&, const Recommendation&) = default;
};

Recommendation recommendation_for(const rules::Rules& rules, const std::vector<Need>& stated) {
  const std::vector<Need> needs = complete(rules, stated);
  const Outcome outcome = outcome_of(rules, needs);
  Recommendation out{outcome.pick, {}};
  for (const Layer& layer : layers_of(rules, needs, outcome.pick, outcome.guide->mechanism)) out.layers.push_back(layer.kind + "=" + layer.value);
  return out;
}

}  // namespace

std::vector<Question> open_questions(const rules::Rules& rules, const Channel& channel, const std::vector<std::size_t>& asked) {
  const std::vector<Need> derived = derive(rules, channel.needs);
  const Recommendation now = recommendation_for(rules, channel.needs);
  std::vector<Question> questions;
  for (std::size_t i = 0; i < rules.vocabulary.size(); ++i) {
    const bool settled = !rules.vocabulary[i].decides || is_known(derived[i].value) || std::find(asked.begin(), asked.end(), i) != asked.end();
    if (settled) continue;
    Question question{i, bands(rules, i), {now.pick}, false};
    bool matters = false;
    for (const Value& answer : question.answers) {
      std::vector<Need> stated = channel.needs;
      stated[i] = {answer, {OriginKind::answer, "", {}, {}}};
      const Recommendation other = recommendation_for(rules, stated);
      matters = matters || !(other == now);
      if (std::find(question.mechanisms.begin(), question.mechanisms.end(), other.pick) == question.mechanisms.end()) question.mechanisms.push_back(other.pick);
    }
    question.changes_pick = question.mechanisms.size() > 1;
    if (matters) questions.push_back(std::move(question));
  }
  std::stable_sort(questions.begin(), questions.end(), [&](const Question& a, const Question& b) {
    const auto key = [&](const Question& q) { return std::pair(rules.vocabulary[q.need].essential ? 0 : 1, -static_cast<int>(q.mechanisms.size())); };
    return key(a) < key(b);
  });
  return questions;
}

}  // namespace ipc_advisor::engine
