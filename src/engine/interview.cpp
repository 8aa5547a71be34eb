// After every step the outlook is taken anew; what can change nothing is not asked.
#include "engine/interview.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "engine/complete.hpp"
#include "engine/lint.hpp"

namespace ipc_advisor::engine {

using rules::NeedDef;
using rules::NeedType;
using rules::Rules;

namespace {

Channel with(Channel channel, std::size_t need, const Value& answer) {
  channel.needs[need] = {answer, {OriginKind::answer, "", {}, {}}};
  return channel;
}

}  // namespace

Interview::Interview(const Rules& rules, Channel channel) : rules_(rules), channel_(std::move(channel)) { look(); }

void Interview::take(Value value) {
  const std::size_t need = question_->need;
  if (is_known(value)) channel_.needs[need] = {value, {OriginKind::answer, "", {}, {}}};
  else passed_.push_back(need);
  steps_.push_back({need, std::move(value)});
  look();
}

bool Interview::back() {
  if (steps_.empty()) return false;
  const InterviewStep step = steps_.back();
  steps_.pop_back();
  if (is_known(step.answer)) channel_.needs[step.need] = {};
  else std::erase(passed_, step.need);
  look();
  // Another question may be the most telling now, but the one to correct was this one.
  ask(step.need);
  return true;
}

// Fewer mechanisms left on average over its answers: more telling.
double Interview::remaining(std::size_t need) const {
  double sum = 0, count = 0;
  for (const Value& answer : bands(rules_, need)) {
    const Picks picks = outlook_->with(need, answer);
    if (picks.none()) continue;
    sum += static_cast<double>(picks.count());
    ++count;
  }
  return count > 0 ? sum / count : 0;
}

bool Interview::passed(std::size_t need) const { return std::find(passed_.begin(), passed_.end(), need) != passed_.end(); }

// By itself, or because a need that nobody knew follows from it: size and rate tell the throughput.
bool Interview::changes_pick(std::size_t need) const {
  if (outlook_->hangs_on(need)) return true;
  if (!rules_.vocabulary[need].decides || is_known(derive(rules_, channel_.needs)[need].value)) return false;
  return std::any_of(rules_.derivations.begin(), rules_.derivations.end(), [&](const rules::Derivation& derivation) {
    const std::vector<std::size_t> from = sources_of(derivation);
    return passed(derivation.need) && outlook_->hangs_on(derivation.need) && std::find(from.begin(), from.end(), need) != from.end();
  });
}

Variants Interview::variants() const {
  const std::vector<std::string> possible = this->possible();
  if (possible.size() != 1 || possible[0].empty()) return {};
  std::vector<std::string_view> guides;
  for (const rules::TreeLeaf* guide : outlook_->guides()) guides.push_back(guide->mechanism);
  return variants_of(rules_, channel_, passed_, possible[0], guides);
}

std::vector<std::string> Interview::layers(std::size_t need, const Value& answer) const {
  const std::vector<Need> needs = complete(rules_, with(channel_, need, answer).needs);
  const Outcome outcome = outcome_of(rules_, needs);
  std::vector<std::string> out;
  for (const Layer& layer : layers_of(rules_, needs, outcome.pick, outcome.guide->mechanism)) out.push_back(layer.kind + " " + layer.value);
  return out;
}

void Interview::look() {
  outlook_.emplace(rules_, channel_, passed_, orders_);
  question_.reset();
  open_.clear();
  for (std::size_t i = 0; i < rules_.vocabulary.size(); ++i)
    if (changes_pick(i) && !passed(i)) open_.push_back(i);
  if (open_.empty()) {
    open_ = variants().needs;
  } else {
    std::vector<std::pair<std::pair<int, double>, std::size_t>> ranked;
    for (const std::size_t need : open_) ranked.push_back({{rules_.vocabulary[need].essential ? 0 : 1, remaining(need)}, need});
    std::sort(ranked.begin(), ranked.end());
    for (std::size_t i = 0; i < ranked.size(); ++i) open_[i] = ranked[i].second;
  }
  if (!open_.empty()) ask(open_.front());
}

void Interview::ask(std::size_t need) {
  const NeedDef& def = rules_.vocabulary[need];
  Question question{need, changes_pick(need), {}, outlook_->picks().count(), open_.size()};
  if (!question.changes_pick) question.outcomes = variants().count;
  if (def.type == NeedType::boolean) {
    question.options.push_back(option(need, true, "yes", ""));
    question.options.push_back(option(need, false, "no", ""));
  } else if (def.type == NeedType::choice) {
    for (const rules::Choice& choice : def.choices) question.options.push_back(option(need, choice.id, choice.id, choice.says));
  } else if (def.type == NeedType::list) {
    for (const rules::Choice& choice : def.choices) question.options.push_back(option(need, std::vector{choice.id}, choice.id, choice.says));
  } else {
    for (const Value& value : bands(rules_, need)) question.options.push_back(option(need, value, rules::format_value(def, value), ""));
  }
  question_ = std::move(question);
}

std::vector<std::string> Interview::names(const Picks& picks) const {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < rules_.mechanisms.size(); ++i)
    if (picks.test(i)) out.push_back(rules_.mechanisms[i].id);
  if (picks.test(no_pick)) out.emplace_back();
  return out;
}

// What the linter finds with this answer and not without it.
std::vector<Finding> Interview::news(std::size_t need, const Value& answer) const {
  const std::vector<Finding> before = contradictions_of(rules_, channel_);
  std::vector<Finding> out = contradictions_of(rules_, with(channel_, need, answer));
  std::erase_if(out, [&](const Finding& finding) { return std::any_of(before.begin(), before.end(), [&](const Finding& old) { return old.rule == finding.rule; }); });
  return out;
}

std::string Interview::nothing_left(std::size_t need, const Value& answer) const {
  const std::vector<Need> needs = complete(rules_, with(channel_, need, answer).needs);
  const Outcome outcome = outcome_of(rules_, needs);
  const rules::Mechanism* wanted = rules_.mechanism(outcome.wanted);
  const rules::Trait* trait = wanted == nullptr ? nullptr : falls_by(*wanted, needs);
  return trait == nullptr ? "no mechanism would be left" : fmt::format("no mechanism would be left; {} falls: {}", wanted->id, trait->because);
}

Option Interview::option(std::size_t need, const Value& value, std::string id, std::string says) const {
  Option out{value, std::move(id), std::move(says), {}, {}, "", ""};
  const Picks picks = outlook_->with(need, value);
  out.leads_to = names(picks);
  if (!changes_pick(need)) out.layers = layers(need, value);
  for (const Finding& finding : news(need, value)) (finding.level == Level::info ? out.note : out.ruled_out) = fmt::format("{} [{}]", finding.message, finding.rule);
  const bool nothing_but = picks.count() == 1 && picks.test(no_pick) && outlook_->picks().count() > 1;
  // A word of a list may do beside others.
  const bool alone = rules_.vocabulary[need].type != NeedType::list;
  if (out.ruled_out.empty() && alone && (picks.none() || nothing_but)) out.ruled_out = nothing_left(need, value);
  return out;
}

std::string Interview::refusal(const Value& answer) const {
  for (const Finding& finding : news(question_->need, answer))
    if (finding.level != Level::info) return fmt::format("{} [{}]", finding.message, finding.rule);
  if (outlook_->picks().count() < 2) return "";
  Orders orders = orders_;
  const Picks left = Outlook(rules_, with(channel_, question_->need, answer), passed_, orders).picks();
  return left.none() || (left.count() == 1 && left.test(no_pick)) ? nothing_left(question_->need, answer) : "";
}

std::string mechanisms_told(const std::vector<std::string>& mechanisms) {
  std::vector<std::string> words;
  for (const std::string& one : mechanisms) words.push_back(one.empty() ? "nothing" : one);
  return join(words, ", ", " or ");
}

}  // namespace ipc_advisor::engine
