// Everything that is known, loaded from rules/: vocabulary, trees, mechanisms, layers, lint rules, claims, pitfalls.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "model.hpp"
#include "rules/condition.hpp"
#include "rules/embedded.hpp"
#include "rules/toml.hpp"
#include "rules/vocabulary.hpp"

namespace ipc_advisor::rules {

/// What a probe has to show for a need: a trial's success, or a figure held against the need's number.
struct NeedCheck {
  std::size_t need = 0;
  Condition when;
  std::string trial;   ///< either this …
  std::string figure;  ///< … or this: "latency", "throughput", "message-rate"
  std::string says;
};

/// A need that follows from others where nobody stated it.
struct Derivation {
  std::size_t need = 0;
  Condition when;
  Value is;                          ///< either this …
  std::vector<std::size_t> product;  ///< … or the product of these numbers
  std::string says;
  RulePlace place;
};

/// A fact about a mechanism. Where `contradicts` holds, the mechanism falls.
struct Trait {
  std::string id;
  std::string says;
  std::string source;  ///< a claim id or a document
  std::string probe;   ///< the trial that tests it, if any
  std::optional<Condition> contradicts;
  bool advice = false;  ///< strength = "avoid": advised against, not impossible
  std::string because;
  RulePlace place;
};

struct Mechanism {
  std::string id, name, summary, man;
  int complexity = 0;  ///< 0 low, 1 medium, 2 high
  std::string complexity_source;
  bool kernel_records = false;
  std::vector<std::string> debug;
  std::string cost;
  std::vector<std::string> platforms;
  std::vector<std::string> pitfalls;
  std::vector<Trait> traits;
  RulePlace place;

  const Trait* trait(std::string_view id) const;
};

/// Where an answer leads: to a node or to a leaf.
struct Target {
  bool leaf = false;
  std::size_t index = 0;

  bool operator==(const Target&) const = default;
};

/// A named set of a list need's values, for a tree's question about it.
struct WithinSet {
  std::string name;
  std::vector<std::string> words;
};

/// One question of a tree. For choices, branches are parallel to the need's choices; for booleans they are no, yes; for
/// numbers one more than the cuts; for lists one for each set of `within` (the first that holds all listed values
/// wins) and one more for "other".
struct TreeNode {
  std::string id;
  std::size_t need = 0;
  std::string source;
  std::vector<double> cuts;
  std::vector<WithinSet> within;
  std::vector<Target> branches;
  std::vector<std::string> labels;  ///< of the branches, as a person reads them
  RulePlace place;
};

struct TreeLeaf {
  std::string id;
  std::string mechanism;  ///< empty: keep the guide's answer
  std::string source;
  std::string because;
  RulePlace place;
};

struct Tree {
  std::string name;  ///< "guide" or "refine"
  std::size_t root = 0;
  std::vector<TreeNode> nodes;
  std::vector<TreeLeaf> leaves;
};

/// A layer that a mechanism gets where the condition holds.
struct LayerRule {
  std::string kind, value, platform;
  Condition when;
  std::string because, source;
  RulePlace place;
};

/// A rule of the linter. Where `when` holds for a channel, it is a finding.
/// What mends every finding of a rule: a key gets another value, a key goes, or a line is added to the channel.
struct FixRule {
  enum class Kind { set, remove, add };
  Kind kind = Kind::set;
  std::string text;  ///< the value for set, the line for add, as TOML
  bool safe = false;
};

struct LintRule {
  std::string code, name;
  Level level = Level::error;
  std::optional<Condition> when;       ///< absent: found by the reader or the engine, which name the rule
  std::optional<std::size_t> key;      ///< the need to underline
  std::optional<std::size_t> also;     ///< the second place to point at
  std::string message, help, why, source;
  std::optional<FixRule> fix;
  std::string host;                    ///< the experiment on the host that finds it; empty for all others
  std::string bad, good;               ///< examples, as whole requirement files or channel bodies
  RulePlace place;
};

struct FigureClaim {
  std::string mechanism, over;  ///< over: the mechanism that a ratio divides by; empty for a plain figure
  std::string what;             ///< "round-trip", "throughput", "hand-over"
  std::uint64_t bytes = 0;
  std::optional<double> at_least, at_most;
};

struct Claim {
  std::string id, says, settled_by, trial, source;
  std::optional<FigureClaim> figure;
  RulePlace place;
};

struct Pitfall {
  std::string id, title, symptom, cause, advice, severity, source;
  bool lint = false, probe = false;
  std::vector<std::string> found_by;  ///< what shows it in a requirements file: rules' codes, and traits as "mechanism/trait"
  std::vector<std::string> tried_by;  ///< what shows it on a host: codes of 5xx rules, and trials as "mechanism/trial"
  std::string not_found, not_tried;   ///< why nothing does
  RulePlace place;
};

/// Where guide and field differ, for recommendations that the condition holds for.
struct DisagreementRule {
  std::string id;
  Condition when;
  std::string guide, claim, field, source;
  RulePlace place;
};

/// The effective rule set. Immutable once loaded.
struct Rules {
  std::string version;  ///< of the base, then of each layer: "1 + acme 3"
  std::string digest;  ///< of all files' text: FNV-1a 64, hexadecimal
  Vocabulary vocabulary;
  std::vector<NeedCheck> checks;
  std::vector<Derivation> derivations;
  Tree guide, refine;
  std::vector<Mechanism> mechanisms;  ///< sorted by id
  std::vector<LayerRule> layers;
  std::vector<LintRule> lint;
  std::vector<Claim> claims;
  std::vector<Pitfall> pitfalls;
  std::vector<DisagreementRule> disagreements;
  int top_layer = 0;  ///< the highest that adds something

  /// Whether a check of the rules looks at this: with layers, only at what they add, since the base is checked alone.
  bool in_question(const RulePlace& place) const { return top_layer == 0 || place.layer > 0; }

  const Mechanism* mechanism(std::string_view id) const;
  const Claim* claim(std::string_view id) const;
  const Pitfall* pitfall(std::string_view id) const;
  const LintRule* lint_rule(std::string_view code_or_name) const;
  std::vector<std::string> mechanism_ids() const;
};

/// One thing wrong with the rules; its place names the file with its folder.
struct RulesError {
  RulePlace place;
  std::string message;
};

/// A rule file: its path below its folder, which says what kind it is, its text, and the folder as people know it.
struct RuleFile {
  std::string path;
  std::string text;
  std::string folder = "rules";
  int layer = 0;  ///< 0: the base; a higher one adds to those below it
  const EmbeddedFile* embedded = nullptr;  ///< stands for the text: parsed when the program was built

  std::string name() const { return folder + "/" + path; }
};

/// Loads and cross-checks a whole set: unknown keys, missing answers, cycles, unreachable nodes, dangling ids and traits
/// without a source are errors, each with its place. Files of a higher layer come after those below. They add by key:
/// needs, mechanisms, traits of known mechanisms (vetoes among them), nodes and leaves of the refinement, layers, lint
/// rules, pitfalls and disagreements; each has a layer.toml with its name and version. What exists already is replaced only
/// where the entry says `replaces = true`, and a branch is turned only by a [[turn]] that names where it led before. The
/// guide's tree and its claims cannot be changed.
tl::expected<Rules, std::vector<RulesError>> load_rules(const std::vector<RuleFile>& files);

/// The files that were compiled in.
std::vector<RuleFile> embedded_rule_files();

/// The errors as one Error of kind rules, a line each.
Error to_error(const std::vector<RulesError>& errors);

}  // namespace ipc_advisor::rules
