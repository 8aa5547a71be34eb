// Loads a rule set and checks what only the whole of it can show: every id that is referred to exists.
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <span>
#include <unordered_set>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "rules/embedded.hpp"
#include "rules/load.hpp"
#include "rules/packed_toml.hpp"

namespace ipc_advisor::rules {
namespace {

template <typename List>
auto* find_by_id(List& list, std::string_view id) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& item) { return item.id == id; });
  return found == list.end() ? nullptr : &*found;
}

// Documents are cited as in "unix(7)", as an address, or in words with a space; anything else is the id of a claim.
bool is_document(std::string_view source) { return source.find_first_of("(: ") != std::string_view::npos; }

class CrossCheck {
 public:
  CrossCheck(const Rules& rules, std::vector<RulesError>& errors) : rules_(rules), errors_(errors) {
    for (const Claim& claim : rules.claims) citable_.insert(claim.id);
    for (const Pitfall& pitfall : rules.pitfalls) citable_.insert(pitfall.id);
  }

  void run() {
    for (const Mechanism& mechanism : rules_.mechanisms) {
      source(mechanism.complexity_source, mechanism.place);
      for (const Trait& trait : mechanism.traits) source(trait.source, trait.place);
      for (const std::string& pitfall : mechanism.pitfalls)
        if (rules_.pitfall(pitfall) == nullptr) wrong(mechanism.place, fmt::format("\"{}\" is not a pitfall", pitfall));
    }
    for (const Tree* tree : {&rules_.guide, &rules_.refine}) {
      for (const TreeNode& node : tree->nodes) source(node.source, node.place);
      for (const TreeLeaf& leaf : tree->leaves) source(leaf.source, leaf.place);
    }
    for (const LayerRule& layer : rules_.layers) source(layer.source, layer.place);
    for (const LintRule& rule : rules_.lint) source(rule.source, rule.place);
    for (const Pitfall& pitfall : rules_.pitfalls) {
      for (const std::string& finder : pitfall.found_by) check_finder(finder, pitfall.place, true);
      for (const std::string& finder : pitfall.tried_by) check_finder(finder, pitfall.place, false);
    }
    for (const DisagreementRule& rule : rules_.disagreements) {
      source(rule.source, rule.place);
      if (rules_.claim(rule.claim) == nullptr) wrong(rule.place, fmt::format("\"{}\" is not a claim", rule.claim));
    }
  }

 private:
  void wrong(const RulePlace& place, std::string message) { errors_.push_back({place, std::move(message)}); }

  // A rule's code, or a trait or trial behind its mechanism's id; which trials there are only the probes know.
  void check_finder(std::string_view finder, const RulePlace& place, bool by_trait) {
    const auto slash = finder.find('/');
    const Mechanism* mechanism = rules_.mechanism(finder.substr(0, slash));
    const bool known = slash == std::string_view::npos ? rules_.lint_rule(finder) != nullptr
                                                       : mechanism != nullptr && (!by_trait || mechanism->trait(finder.substr(slash + 1)) != nullptr);
    if (!known) wrong(place, fmt::format("\"{}\" is no rule, and no {} of a mechanism", finder, by_trait ? "trait" : "trial"));
  }

  void source(const std::string& name, const RulePlace& place) {
    if (name.empty() || is_document(name) || citable_.contains(name)) return;
    std::vector<std::string> ids;
    for (const Claim& claim : rules_.claims) ids.push_back(claim.id);
    const auto near = nearest_word(name, ids);
    wrong(place, fmt::format("the source \"{}\" is neither a claim nor a document{}", name, near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
  }

  const Rules& rules_;
  std::vector<RulesError>& errors_;
  std::unordered_set<std::string_view> citable_;
};

std::string digest_of(const std::vector<RuleFile>& files) {
  Fnv1a hash;
  for (const RuleFile& file : files) {
    Fnv1a text;
    text.add(file.text);
    hash.add(file.path);
    hash.add(fmt::format("{:016x}", file.embedded == nullptr ? text.value() : file.embedded->hash));
  }
  return fmt::format("{:016x}", hash.value());
}

bool starts_with(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }

void add_once(std::vector<std::string>& list, std::string word) {
  if (std::find(list.begin(), list.end(), word) == list.end()) list.push_back(std::move(word));
}

// A file with its tree, which an embedded one still has packed.
struct ParsedFile {
  const RuleFile* file;
  TomlValue root;
};

using Loader = std::function<void(const TomlValue&, const std::string&)>;

// One kind of file: which paths it has, whether it must exist, and who reads it.
struct FileKind {
  std::string_view path;  // a file, or a folder ending in '/'
  Loader load;
  bool base_has_it = true;
};

bool belongs(const FileKind& kind, std::string_view path) { return kind.path.back() == '/' ? starts_with(path, kind.path) : path == kind.path; }

std::vector<ParsedFile> parse_all(const std::vector<RuleFile>& files, std::span<const FileKind> kinds, LoadContext& context) {
  std::vector<ParsedFile> parsed;
  for (const RuleFile& file : files) {
    if (file.embedded != nullptr) parsed.push_back({&file, {}});
    else if (auto root = parse_toml(file.text)) parsed.push_back({&file, std::move(*root)});
    else context.errors.push_back({{file.name(), root.error().at}, root.error().message});
    if (starts_with(file.path, "mechanisms/") && file.path.size() > 16) add_once(context.mechanisms, file.path.substr(11, file.path.size() - 16));
    const bool known = std::any_of(kinds.begin(), kinds.end(), [&](const FileKind& kind) { return belongs(kind, file.path); });
    if (!known) context.errors.push_back({{file.name(), {1, 1}}, "no rule file has this name"});
  }
  return parsed;
}

// A layer without a name and a version could not be told from another in a report.
void check_layers(const std::vector<RuleFile>& files, LoadContext& context) {
  for (const RuleFile& file : files) {
    const bool named = std::any_of(files.begin(), files.end(), [&](const RuleFile& other) { return other.layer == file.layer && other.path == "layer.toml"; });
    if (file.layer == 0 || named) continue;
    context.errors.push_back({{file.folder + "/layer.toml", {}}, "this file is missing; it holds the layer's name and version"});
    return;
  }
}

}  // namespace

const Trait* Mechanism::trait(std::string_view wanted) const {
  const auto found = std::find_if(traits.begin(), traits.end(), [&](const Trait& one) { return one.id == wanted; });
  return found == traits.end() ? nullptr : &*found;
}

const Mechanism* Rules::mechanism(std::string_view id) const { return find_by_id(mechanisms, id); }
const Claim* Rules::claim(std::string_view id) const { return find_by_id(claims, id); }
const Pitfall* Rules::pitfall(std::string_view id) const { return find_by_id(pitfalls, id); }

const LintRule* Rules::lint_rule(std::string_view code_or_name) const {
  for (const LintRule& rule : lint)
    if (rule.code == code_or_name || rule.name == code_or_name) return &rule;
  return nullptr;
}

std::vector<std::string> Rules::mechanism_ids() const {
  std::vector<std::string> ids;
  for (const Mechanism& mechanism : mechanisms) ids.push_back(mechanism.id);
  return ids;
}

std::vector<RuleFile> embedded_rule_files() {
  std::vector<RuleFile> files;
  for (const EmbeddedFile& file : embedded_files()) files.push_back({std::string(file.path), "", "rules", 0, &file});
  return files;
}

tl::expected<Rules, std::vector<RulesError>> load_rules(const std::vector<RuleFile>& files) {
  Rules rules;
  LoadContext context;
  const FileKind kinds[] = {
      {"needs.toml", [&](const auto& root, const auto& file) { load_needs(root, file, context, rules); }},
      {"layer.toml", [&](const auto& root, const auto& file) { load_layer(root, file, context, rules); }, false},
      {"claims.toml", [&](const auto& root, const auto& file) { load_claims(root, file, context, rules); }},
      {"pitfalls.toml", [&](const auto& root, const auto& file) { load_pitfalls(root, file, context, rules); }},
      {"mechanisms/", [&](const auto& root, const auto& file) { load_mechanism(root, file, context, rules); }},
      {"guide-tree.toml", [&](const auto& root, const auto& file) { load_tree(root, file, context, rules.guide); }},
      {"refine-tree.toml", [&](const auto& root, const auto& file) { load_tree(root, file, context, rules.refine); }},
      {"layers.toml", [&](const auto& root, const auto& file) { load_layers(root, file, context, rules); }},
      {"disagreements.toml", [&](const auto& root, const auto& file) { load_disagreements(root, file, context, rules); }},
      {"lint/", [&](const auto& root, const auto& file) { load_lint(root, file, context, rules); }},
  };
  const std::vector<ParsedFile> parsed = parse_all(files, kinds, context);
  for (const RuleFile& file : files) rules.top_layer = std::max(rules.top_layer, file.layer);
  check_layers(files, context);
  rules.guide.name = "guide";
  rules.refine.name = "refine";
  for (const FileKind& kind : kinds) {
    bool found = false;
    for (const ParsedFile& file : parsed)
      if (belongs(kind, file.file->path)) {
        context.layer = file.file->layer;
        // One tree at a time: a start spends most of its time on memory that it has not touched before.
        kind.load(file.file->embedded == nullptr ? file.root : unpack(file.file->embedded->tree), file.file->name());
        found = true;
      }
    // Without the vocabulary every condition would be an error of its own.
    if (kind.path == "needs.toml" && !context.errors.empty()) break;
    if (!found && kind.base_has_it && context.errors.empty()) context.errors.push_back({{"rules/" + std::string(kind.path), {}}, "this rule file is missing"});
  }
  std::sort(rules.mechanisms.begin(), rules.mechanisms.end(), [](const Mechanism& a, const Mechanism& b) { return a.id < b.id; });
  if (context.errors.empty()) CrossCheck(rules, context.errors).run();
  if (!context.errors.empty()) return tl::unexpected(std::move(context.errors));
  rules.digest = digest_of(files);
  return rules;
}

Error to_error(const std::vector<RulesError>& errors) {
  std::string message;
  for (const RulesError& error : errors) {
    const std::string at = error.place.at.line == 0 ? "" : fmt::format(":{}:{}", error.place.at.line, error.place.at.column);
    message += fmt::format("{}{}{}: {}", message.empty() ? "" : "\n", printable(error.place.file), at, error.message);
  }
  return {ErrorKind::rules, std::move(message)};
}

}  // namespace ipc_advisor::rules
