// A decision tree: nodes with answers as keys, leaves with mechanisms. Checks that every answer leads somewhere, that
// nothing is unreachable and that no path runs in a circle.
#include "rules/load.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"

namespace ipc_advisor::rules {
namespace {

class TreeLoader {
 public:
  TreeLoader(const std::string& file, LoadContext& context, Tree& tree) : file_(file), context_(context), tree_(tree) {}

  void run(const TomlValue& root) {
    TableReader reader(root, file_, context_);
    if (context_.layered() && tree_.name == "guide") return reader.error(reader.at(), "the guide's tree is the guide's; a layer adds to refine-tree.toml");
    const std::string first = context_.layered() ? tree_.nodes[tree_.root].id : reader.text("root");
    const std::size_t before = tree_.nodes.size();
    const auto nodes = reader.tables("node");
    for (const TomlValue* item : reader.tables("leaf")) read_leaf(*item);
    for (const TomlValue* item : nodes) read_node_head(*item);
    for (std::size_t i = 0; i < nodes.size(); ++i) read_branches(*nodes[i], tree_.nodes[before + i]);
    if (context_.layered())
      for (const TomlValue* item : reader.tables("turn")) turn(*item);
    reader.finish();
    if (!context_.errors.empty()) return;
    const auto target = resolve(first);
    if (!target || target->leaf) return reader.error(reader.at(), fmt::format("the root \"{}\" is not a node", first));
    tree_.root = target->index;
    check_paths();
  }

 private:
  void read_leaf(const TomlValue& item) {
    TableReader reader(item, file_, context_);
    TreeLeaf leaf;
    leaf.id = reader.text("id");
    leaf.mechanism = reader.text_or("mechanism", "");
    leaf.source = reader.text("source");
    leaf.because = reader.text("because");
    leaf.place = reader.place();
    const auto& known = context_.mechanisms;
    if (!leaf.mechanism.empty() && std::find(known.begin(), known.end(), leaf.mechanism) == known.end())
      reader.error(reader.at(), fmt::format("\"{}\" is not a mechanism", leaf.mechanism));
    reader.finish();
    claim_id(reader, leaf.id);
    tree_.leaves.push_back(std::move(leaf));
  }

  void read_node_head(const TomlValue& item) {
    TableReader reader(item, file_, context_);
    TreeNode node;
    node.id = reader.text("id");
    if (const auto need = reader.need("need")) node.need = *need;
    else reader.error(reader.at(), fmt::format("the node \"{}\" has no need", node.id));
    node.source = reader.text("source");
    node.place = reader.place();
    claim_id(reader, node.id);
    tree_.nodes.push_back(std::move(node));
  }

  // A branch of a lower layer is led elsewhere; `from` says where it led, so that a change below is noticed.
  void turn(const TomlValue& item) {
    TableReader reader(item, file_, context_);
    const std::string node = reader.text("node"), answer = reader.text("answer"), from = reader.text("from"), to = reader.text("to");
    reader.finish();
    const auto at = resolve(node), old = resolve(from), next = resolve(to);
    for (const auto& [id, target] : {std::pair(node, at), std::pair(from, old), std::pair(to, next)})
      if (!target) reader.error(reader.at(), unknown_target(id));
    if (!at || !old || !next) return;
    if (at->leaf) return reader.error(reader.at(), fmt::format("\"{}\" is a leaf, expected a node", node));
    TreeNode& turned = tree_.nodes[at->index];
    const auto label = std::find(turned.labels.begin(), turned.labels.end(), answer);
    if (label == turned.labels.end())
      return reader.error(reader.at(), fmt::format("\"{}\" is not an answer of \"{}\"; expected {}", printable(answer), node, join(turned.labels, ", ", " or ")));
    Target& branch = turned.branches[static_cast<std::size_t>(label - turned.labels.begin())];
    if (!(branch == *old)) return reader.error(reader.at(), fmt::format("{} of \"{}\" leads to \"{}\", not to \"{}\"", answer, node, id_of(branch), from));
    branch = *next;
  }

  const std::string& id_of(Target target) const { return target.leaf ? tree_.leaves[target.index].id : tree_.nodes[target.index].id; }

  void claim_id(TableReader& reader, const std::string& id) {
    if (resolve(id)) reader.error(reader.at(), fmt::format("the id \"{}\" stands twice", id));
  }

  std::string unknown_target(const std::string& id) const {
    std::vector<std::string> ids;
    for (const TreeNode& node : tree_.nodes) ids.push_back(node.id);
    for (const TreeLeaf& leaf : tree_.leaves) ids.push_back(leaf.id);
    const auto near = nearest_word(id, ids);
    return fmt::format("\"{}\" is neither a node nor a leaf{}", printable(id), near ? fmt::format("; did you mean \"{}\"?", *near) : "");
  }

  std::optional<Target> resolve(std::string_view id) const {
    for (std::size_t i = 0; i < tree_.nodes.size(); ++i)
      if (tree_.nodes[i].id == id) return Target{false, i};
    for (std::size_t i = 0; i < tree_.leaves.size(); ++i)
      if (tree_.leaves[i].id == id) return Target{true, i};
    return std::nullopt;
  }

  void add_branch(TableReader& reader, TreeNode& node, const TomlValue& id, std::string label) {
    const auto target = resolve(id.string);
    if (!target) return reader.error(id.span.begin, unknown_target(id.string));
    node.branches.push_back(*target);
    node.labels.push_back(std::move(label));
  }

  void read_branches(const TomlValue& item, TreeNode& node) {
    TableReader reader(item, file_, context_);
    for (const char* head : {"id", "need", "source"}) reader.entry(head);
    const NeedDef& need = context_.vocabulary[node.need];
    if (is_number(need.type)) read_cuts(reader, node, need);
    else if (need.type == NeedType::text) reader.error(reader.at(), fmt::format("a tree cannot ask for \"{}\", which is free text", need.id));
    else read_answers(reader, node, need);
    reader.finish();
  }

  void read_cuts(TableReader& reader, TreeNode& node, const NeedDef& need) {
    for (const std::string& cut : reader.texts("cuts")) {
      const auto number = parse_quantity(cut, quantity_of(need.type));
      if (!number) return reader.error(reader.at(), number.error().message);
      if (!node.cuts.empty() && *number <= node.cuts.back()) return reader.error(reader.at(), "the cuts must rise");
      node.cuts.push_back(*number);
    }
    const TomlEntry* to = reader.entry("to");
    if (node.cuts.empty() || to == nullptr || to->value.items.size() != node.cuts.size() + 1)
      return reader.error(reader.at(), fmt::format("the node \"{}\" needs cuts, and one more entry in \"to\" than it has cuts", node.id));
    for (std::size_t i = 0; i <= node.cuts.size(); ++i) {
      const auto text = [&](std::size_t k) { return format_quantity(node.cuts[k], quantity_of(need.type)); };
      add_branch(reader, node, to->value.items[i], i == 0 ? "below " + text(0) : text(i - 1) + " or more");
    }
  }

  // The sets of a list node, in the file's order, which is the order in which they are tried.
  void read_within(TableReader& reader, TreeNode& node, const NeedDef& need) {
    const TomlValue* table = reader.table("within");
    if (table == nullptr || table->entries.empty())
      return reader.error(reader.at(), fmt::format("the node \"{}\" asks for a list and needs \"within\"", node.id));
    for (const TomlEntry& entry : table->entries) {
      WithinSet set{entry.key, {}};
      for (const TomlValue& word : entry.value.items) {
        if (!need.has_choice(word.string)) reader.error(word.span.begin, fmt::format("\"{}\" is not a value of {}", printable(word.string), need.id));
        set.words.push_back(word.string);
      }
      node.within.push_back(std::move(set));
    }
  }

  static std::vector<std::string> answers_to(const TreeNode& node, const NeedDef& need) {
    if (need.type == NeedType::boolean) return {"false", "true"};
    if (need.type == NeedType::choice) return need.choice_ids();
    std::vector<std::string> answers;
    for (const WithinSet& set : node.within) answers.push_back(set.name);
    answers.emplace_back("other");
    return answers;
  }

  void read_answers(TableReader& reader, TreeNode& node, const NeedDef& need) {
    if (need.type == NeedType::list) read_within(reader, node, need);
    const std::vector<std::string> answers = answers_to(node, need);
    const TomlValue* table = reader.table("answers");
    if (table == nullptr) return reader.error(reader.at(), fmt::format("the node \"{}\" has no answers", node.id));
    for (const TomlEntry& entry : table->entries)
      if (std::find(answers.begin(), answers.end(), entry.key) == answers.end())
        reader.error(entry.key_span.begin, fmt::format("\"{}\" is not an answer to {}; expected {}", printable(entry.key), need.id, join(answers, ", ", " or ")));
    for (const std::string& answer : answers) {
      const TomlEntry* entry = table->find(answer);
      if (entry == nullptr) reader.error(table->span.begin, fmt::format("the node \"{}\" has no branch for the answer \"{}\"", node.id, answer));
      else add_branch(reader, node, entry->value, answer);
    }
  }

  // Depth first, keeping the way down: a node met on its own way is a circle.
  void visit(Target target, std::vector<std::size_t>& way, std::vector<int>& seen_nodes, std::vector<int>& seen_leaves) {
    if (target.leaf) {
      seen_leaves[target.index] = 1;
      return;
    }
    const TreeNode& node = tree_.nodes[target.index];
    if (std::find(way.begin(), way.end(), target.index) != way.end()) {
      context_.errors.push_back({node.place, fmt::format("the node \"{}\" leads back to itself", node.id)});
      return;
    }
    if (seen_nodes[target.index] != 0) return;
    way.push_back(target.index);
    for (const Target next : node.branches) visit(next, way, seen_nodes, seen_leaves);
    way.pop_back();
    seen_nodes[target.index] = 1;
  }

  void check_paths() {
    std::vector<std::size_t> way;
    std::vector<int> nodes(tree_.nodes.size()), leaves(tree_.leaves.size());
    visit({false, tree_.root}, way, nodes, leaves);
    for (std::size_t i = 0; i < nodes.size(); ++i)
      if (nodes[i] == 0) context_.errors.push_back({tree_.nodes[i].place, fmt::format("the node \"{}\" cannot be reached", tree_.nodes[i].id)});
    for (std::size_t i = 0; i < leaves.size(); ++i)
      if (leaves[i] == 0) context_.errors.push_back({tree_.leaves[i].place, fmt::format("the leaf \"{}\" cannot be reached", tree_.leaves[i].id)});
  }

  const std::string& file_;
  LoadContext& context_;
  Tree& tree_;
};

}  // namespace

void load_tree(const TomlValue& root, const std::string& file, LoadContext& context, Tree& tree) { TreeLoader(file, context, tree).run(root); }

}  // namespace ipc_advisor::rules
