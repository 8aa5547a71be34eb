// The closed vocabulary of needs: what may be asked, with which answers, and what an unknown answer does.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.hpp"
#include "model.hpp"

namespace ipc_advisor::rules {

/// A place in a rule file, for error messages and `explain`.
struct RulePlace {
  std::string file;
  Position at;
  int layer = 0;  ///< 0: the base
};

/// The type of a need's value. Numbers carry a Quantity; `text` is free (paths, names).
enum class NeedType { choice, boolean, list, count, size, rate, byte_rate, duration, text };

/// "choice", "bool", … as in needs.toml.
std::string_view word(NeedType type);
bool is_number(NeedType type);
/// The quantity of a number type. Must not be called for others.
Quantity quantity_of(NeedType type);

struct Choice {
  std::string id;
  std::string says;
};

/// One need's definition.
struct NeedDef {
  std::string id;
  NeedType type = NeedType::text;
  std::string group;     ///< heading in the interview and the manual
  std::string question;
  std::string why;       ///< why it is asked
  std::vector<Choice> choices;  ///< of choice and list
  Value assumed;         ///< what an unknown answer is taken for; unknown: stays unknown
  std::string assumed_says;
  bool essential = false;  ///< without an answer the recommendation is undecided, where it matters
  bool decides = true;     ///< false: what the project has chosen (uses, path, …)
  std::string sample;      ///< as TOML, for the annotated sample file
  RulePlace place;

  bool has_choice(std::string_view choice) const;
  std::vector<std::string> choice_ids() const;
};

/// All needs in file order; a need's index is its place in Channel::needs.
class Vocabulary {
 public:
  explicit Vocabulary(std::vector<NeedDef> needs = {});

  std::size_t size() const { return needs_.size(); }
  const NeedDef& operator[](std::size_t index) const { return needs_[index]; }
  const std::vector<NeedDef>& all() const { return needs_; }
  std::optional<std::size_t> find(std::string_view id) const;
  std::vector<std::string> ids() const;

 private:
  std::vector<NeedDef> needs_;
  std::vector<std::size_t> by_id_;  // the indices, sorted by the needs' ids
};

/// The value as a user would write it, without quotes: "same-host", "4 KiB", "linux, macos", "true"; "unknown".
std::string format_value(const NeedDef& need, const Value& value);

/// A basic string of TOML, quotes included.
std::string toml_string(std::string_view text);

/// The value as TOML: "\"4 KiB\"", "true", "[\"linux\"]".
std::string toml_value(const NeedDef& need, const Value& value);

/// Reads what a person typed for this need; errors say what was expected, with the nearest valid word.
Result<Value> parse_value(const NeedDef& need, std::string_view text);

/// "one of a, b or c", "a size such as "4 KiB"", …
std::string expected_values(const NeedDef& need);

}  // namespace ipc_advisor::rules
