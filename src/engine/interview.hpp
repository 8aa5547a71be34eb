// The interview as a pure state machine: the next question, the answers that it allows, and the way back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/outlook.hpp"
#include "engine/variants.hpp"
#include "model.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::engine {

/// One answer to a question; of a list need one of its words; of a number one value of each band that the rules tell apart.
struct Option {
  Value value;
  std::string id;                      ///< as one would write it: "same-host", "yes", "4 KiB"
  std::string says;
  std::vector<std::string> leads_to;   ///< mechanisms that are still possible with it; "" is "none is left"
  std::vector<std::string> layers;     ///< where only those hang on it: what would go with the mechanism
  std::string ruled_out;               ///< why earlier answers leave no room for it; empty where they do
  std::string note;                    ///< what the linter would remark
};

struct Question {
  std::size_t need = 0;
  bool changes_pick = false;    ///< else only what goes with the mechanism hangs on it
  std::vector<Option> options;
  std::size_t outcomes = 0;     ///< mechanisms that are still possible; where !changes_pick, sets of layers; 0: very many
  std::size_t open = 0;         ///< questions whose answer can still change the recommendation, this one included
};

/// A step that was taken: an answer, or an unknown value where nobody knows.
struct InterviewStep {
  std::size_t need = 0;
  Value answer;
};

class Interview {
 public:
  /// Begins with what the channel states already. Refers to the rules.
  Interview(const rules::Rules& rules, Channel channel);

  /// The most telling question; nullptr once nothing that is open can change the recommendation.
  const Question* question() const { return question_ ? &*question_ : nullptr; }
  /// Every need whose answer can still change the recommendation, the most telling first.
  const std::vector<std::size_t>& open() const { return open_; }

  /// Why the present question cannot have this answer; empty where it can.
  std::string refusal(const Value& answer) const;
  /// Answers the present question. The answer must not be refused.
  void answer(Value value) { take(std::move(value)); }
  /// Leaves it open: its assumption holds.
  void unknown() { take({}); }
  /// Takes the last step back; false where there is none.
  bool back();

  const Channel& channel() const { return channel_; }
  const std::vector<InterviewStep>& steps() const { return steps_; }
  /// The mechanisms that are still possible, by id; "" is "none is left".
  std::vector<std::string> possible() const { return names(outlook_->picks()); }

 private:
  void take(Value value);
  void look();
  bool passed(std::size_t need) const;
  bool changes_pick(std::size_t need) const;
  Variants variants() const;
  std::vector<std::string> layers(std::size_t need, const Value& answer) const;
  void ask(std::size_t need);
  double remaining(std::size_t need) const;
  std::vector<std::string> names(const Picks& picks) const;
  Option option(std::size_t need, const Value& value, std::string id, std::string says) const;
  std::string nothing_left(std::size_t need, const Value& answer) const;
  std::vector<Finding> news(std::size_t need, const Value& answer) const;

  const rules::Rules& rules_;
  Channel channel_;
  std::vector<InterviewStep> steps_;
  std::vector<std::size_t> passed_;
  Orders orders_;
  std::optional<Outlook> outlook_;
  std::optional<Question> question_;
  std::vector<std::size_t> open_;
};

/// The mechanisms by name for a sentence: "tcp, udp and vsock", an empty one as "nothing".
std::string mechanisms_told(const std::vector<std::string>& mechanisms);

}  // namespace ipc_advisor::engine
