// Goes through every combination of the classes that the layers' conditions tell apart.
#include "engine/variants.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "engine/classes.hpp"

namespace ipc_advisor::engine {
namespace {

constexpr std::size_t most_combinations = 20000;

struct LayerTable {
  ClassTable table;
  std::size_t layer;  // which kind, value and platform
};

std::vector<LayerTable> tables_of(const rules::Rules& rules, const Classes& classes, std::string_view mechanism, const std::vector<std::string_view>& guides) {
  std::vector<LayerTable> tables;
  std::map<std::string, std::size_t> layers;
  for (const std::string_view guide : guides)
    for (const rules::LayerRule& rule : rules.layers) {
      ClassTable table(classes, rule.when, mechanism, guide);
      const std::size_t layer = layers.emplace(rule.kind + "=" + rule.value + "@" + rule.platform, layers.size()).first->second;
      tables.push_back({std::move(table), layer});
    }
  return tables;
}

std::set<std::size_t> layers_in(const std::vector<LayerTable>& tables, const Scope& scope) {
  std::set<std::size_t> layers;
  for (const LayerTable& one : tables)
    if (one.table.over(scope) == rules::Truth::yes) layers.insert(one.layer);
  return layers;
}

}  // namespace

Variants variants_of(const rules::Rules& rules, const Channel& channel, const std::vector<std::size_t>& passed, std::string_view mechanism,
                     const std::vector<std::string_view>& guides) {
  Classes classes = open_classes(rules, channel, passed);
  std::vector<LayerTable> tables = tables_of(rules, classes, mechanism, guides);
  classes.merge([&](std::size_t need, std::size_t one, std::size_t other) {
    return std::all_of(tables.begin(), tables.end(), [&](const LayerTable& each) { return each.table.alike(need, one, other); });
  });
  tables = tables_of(rules, classes, mechanism, guides);
  Variants out;
  std::size_t combinations = 1;
  for (std::size_t need = 0; need < classes.values.size(); ++need) {
    const bool asked = std::find(passed.begin(), passed.end(), need) != passed.end();
    if (classes.values[need].size() < 2) continue;
    if (!asked) out.needs.push_back(need);
    combinations = std::min(combinations * classes.values[need].size(), most_combinations + 1);
  }
  if (combinations > most_combinations) return out.count = 0, out;
  std::set<std::set<std::size_t>> seen;
  for (std::size_t index = 0; index < combinations; ++index) {
    Scope scope = classes.whole();
    std::size_t rest = index;
    for (std::size_t need = 0; need < scope.size(); ++need) {
      const std::size_t size = std::max<std::size_t>(classes.values[need].size(), 1);
      if (classes.open(need)) scope[need] = std::uint64_t{1} << rest % size;
      rest /= size;
    }
    seen.insert(layers_in(tables, scope));
  }
  out.count = seen.size();
  // Two rules may give the same layer, so that no answer tells anything apart.
  if (out.count == 1) out.needs.clear();
  return out;
}

}  // namespace ipc_advisor::engine
