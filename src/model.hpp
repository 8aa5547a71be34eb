// The values that flow along the straight line, from needs to report. Plain data: no behaviour beyond look-up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/comparison.hpp"
#include "model/measured.hpp"

namespace ipc_advisor {

// ------------------------------------------------------------------ where something stands

/// 1-based line and column (columns count characters, not bytes); 0 means unknown.
struct Position {
  int line = 0;
  int column = 0;
  friend bool operator==(const Position&, const Position&) = default;
  friend auto operator<=>(const Position&, const Position&) = default;
};

/// From the first character to just past the last one.
struct Span {
  Position begin;
  Position end;
  friend bool operator==(const Span&, const Span&) = default;
};

// ------------------------------------------------------------------ needs

/// A need's answer. std::monostate is "unknown". Numbers are in base units: bytes, bytes/s, messages/s, seconds, count.
using Value = std::variant<std::monostate, bool, double, std::string, std::vector<std::string>>;

inline bool is_known(const Value& value) { return !std::holds_alternative<std::monostate>(value); }

/// Where an answer comes from.
enum class OriginKind { unknown, file, answer, derived, assumed };

struct Origin {
  OriginKind kind = OriginKind::unknown;
  std::string because;  ///< for derived and assumed: from what, in words
  Span key;             ///< in the channel's file
  Span value;
};

/// One need of one channel; `value` is unknown where nothing was said.
struct Need {
  Value value;
  Origin origin;
};

/// What one channel requires. `needs` is parallel to the vocabulary (rules/needs.toml), one entry each.
struct Channel {
  std::string name;
  std::string file;  ///< as the user gave it; empty for answers
  Span header;       ///< the [[channel]] header
  Span name_value;   ///< the name's value
  std::vector<Need> needs;
};

// ------------------------------------------------------------------ findings

enum class Level { info, warning, error };

/// A second place that a finding points at.
struct Related {
  std::string message;
  std::string file;
  Span span;
};

/// One change of a file's text. The columns count characters.
struct Edit {
  enum class Kind {
    replace,     ///< the span's text becomes `text`
    remove_line, ///< the span, a key and its value, goes with its whole line
    add_line     ///< `text` becomes a line of its own below the one where the span begins
  };
  Kind kind = Kind::replace;
  Span span;
  std::string text;
};

/// How a finding can be mended. Safe: the file means the same afterwards, or what it must have meant.
struct Fix {
  std::string says;
  bool safe = false;
  std::vector<Edit> edits;
};

/// What is wrong with the user's file. Never an Error, so that linting goes on.
struct Finding {
  std::string rule;  ///< "IPC201"
  std::string name;  ///< "chosen-mechanism-falls"
  Level level = Level::error;
  std::string message;
  std::string help;     ///< what to do; may be empty
  std::string channel;  ///< name; empty for the file as a whole
  std::string file;
  Span span;
  std::vector<Related> also;
  std::optional<std::string> suppressed;  ///< the reason given, where suppressed
  bool in_baseline = false;
  std::optional<Fix> fix;
};

// ------------------------------------------------------------------ decision

/// One answered question on the way down a tree.
struct TraceStep {
  std::string tree;  ///< "guide" or "refine"
  std::string node;
  std::string need;
  std::string answer;
  std::string source;
  OriginKind origin = OriginKind::unknown;
  std::size_t branch = 0;  ///< which of the node's branches was taken
};

enum class Standing { picked, standing, fallen };

/// A mechanism that still stands, or why it fell.
struct Candidate {
  std::string mechanism;
  Standing standing = Standing::standing;
  bool advised_against = false;  ///< fell by advice ("avoid"), not by impossibility
  std::string trait;             ///< the trait that contradicts, for fallen ones
  std::string because;
  std::string source;
  std::vector<std::string> needs;  ///< the needs that the contradiction hangs on
};

/// What a mechanism needs around it to do the job: framing, access, bridge, …
struct Layer {
  std::string kind;
  std::string value;
  std::string platform;  ///< only for fallbacks
  std::string because;
  std::string source;
};

/// Another answer to a need.
struct NeedChange {
  std::string need;
  std::string from;
  std::string to;
  Span where;  ///< of the present answer; the channel's header where there is none
};

/// The smallest change of answers, one or two, that would make another mechanism the pick.
struct Flip {
  NeedChange first;
  std::optional<NeedChange> second;
  std::string mechanism;  ///< empty: nothing is left
};

/// What was taken for granted because nobody said.
struct Assumption {
  std::string need;
  std::string value;
  std::string otherwise;  ///< how the pick would change, in words
  bool essential = false; ///< the recommendation is undecided without it
  std::size_t outcomes = 0;  ///< how many picks its answers lead to
};

/// Where the guide's advice and what was found in the field differ; both are told.
struct Disagreement {
  std::string id, guide, claim, field, source;
};

/// One reason why a mechanism is not the pick.
struct Objection {
  std::string because;
  std::string source;
  std::string trait;
  bool advised_against = false;  ///< else it is impossible
};

/// All that there is to say of a mechanism that somebody would rather have.
struct WhyNot {
  std::string mechanism;
  bool picked = false;
  std::vector<Objection> objections;  ///< empty: it would do
  std::string instead;                ///< what the pick has over it, in words
  std::vector<Flip> ways;             ///< the smallest changes that would make it the pick
  std::string cost;
};

/// The guide's own answer, always kept.
struct GuideAnswer {
  std::string mechanism;
  std::string claim;
  std::string advice;
};

struct Decision {
  GuideAnswer guide;
  std::string mechanism;
  std::string because;
  std::string source;
  std::vector<Layer> layers;
  std::vector<TraceStep> trace;
  std::vector<Candidate> candidates;  ///< best first: the pick, then standing, then fallen
  std::vector<Flip> flips;
  std::vector<Assumption> assumed;
  std::vector<Disagreement> disagreements;
};

// ------------------------------------------------------------------ verdict and report

/// One need held against what was measured for one mechanism.
struct Check {
  std::string need;
  std::string mechanism;
  std::string wanted;                            ///< as the user wrote it
  std::optional<double> wanted_number;           ///< in `unit`
  std::optional<double> low, median, high;       ///< measured, in `unit`
  std::string unit;                              ///< "s", "bytes/s", "/s", "clients"; empty for yes/no
  Verdict verdict = Verdict::not_run;
  std::string because;
  bool timing = false;  ///< a figure, not a capability: advises, gates only when asked
};

/// A claim of the guide and what became of it on this host.
struct ClaimVerdict {
  std::string id;
  std::string says;
  std::string verdict;  ///< a Verdict's word, or "rule", or "knowledge"
  std::optional<double> low, measured, high;
  std::string unit;
  std::string because;
};

/// A need that somebody stated, as it is read, and its line; 0 where it was an answer.
struct StatedNeed {
  std::string need, value;
  int line = 0;
};

/// Everything about one channel.
struct ChannelReport {
  std::string name, file;
  Position position;
  std::vector<StatedNeed> needs;
  Decision decision;
  Verdict verdict = Verdict::not_run;
  std::string because;  ///< the verdict in a sentence
  std::vector<Check> checks;
  std::vector<ClaimVerdict> refuted;  ///< the guide's figures for the recommended mechanism that this host refutes
  std::vector<ClaimVerdict> upheld;   ///< … and those that it confirms
  std::string cost;                   ///< of the recommended mechanism, in words
  std::vector<NeedChange> what_if;    ///< answers that were changed for this report
  std::string instead_of;             ///< with what_if: the pick as the file stands
  std::optional<WhyNot> why_not;
  std::vector<std::string> debug;     ///< commands
  std::vector<std::string> pitfalls;  ///< "U01 socket path too long: …"
  std::optional<Parameters> parameters;  ///< of the recommended mechanism's probe
  bool undecided = false;             ///< an essential answer is missing
};

/// What a format may say of a rule of the linter.
struct RuleInfo {
  std::string code, name;
  Level level = Level::error;
  std::string message, help, why, source;
};

/// A question of a tree, or an end of it, which has no branches.
struct TreeVertex {
  std::string id;
  std::string need;       ///< of a question
  std::string says;       ///< the question; of an end its mechanism, empty where the guide's answer is kept
  std::vector<std::pair<std::string, std::size_t>> branches;  ///< each answer, and the vertex that it leads to
};

/// A decision tree for drawing; the first vertex is its root.
struct TreeShape {
  std::string name;  ///< "guide" or "refine"
  std::vector<TreeVertex> vertices;
};

struct Report {
  bool has_baseline = false;  ///< findings were held against one
  std::string version, rules_version, rules_digest;
  std::vector<std::pair<std::string, std::string>> names;  ///< mechanism id and its name for people
  std::vector<RuleInfo> rules;
  std::vector<TreeShape> trees;  ///< that the decisions walked
  std::vector<ChannelReport> channels;
  std::vector<Finding> findings;
  std::vector<ClaimVerdict> claims;
  std::vector<ProbeResult> probes;
  Host host;
  std::optional<Comparison> comparison;
};

// ------------------------------------------------------------------ words

/// The one spelling of each enumerator, as in the JSON report.
std::string_view word(Level level);
std::string_view word(Standing standing);
std::string_view word(ProbeEnd end);
std::string_view word(Verdict verdict);
std::string_view word(OriginKind kind);

/// The inverse; nothing where the word is none of them.
std::optional<ProbeEnd> probe_end_of(std::string_view word);
std::optional<Verdict> verdict_of(std::string_view word);
std::optional<Level> level_of(std::string_view word);

}  // namespace ipc_advisor
