// rules/needs.toml: the vocabulary, its checks and what follows from what.
#include "rules/load.hpp"

#include <fmt/format.h>

namespace ipc_advisor::rules {
namespace {

constexpr std::pair<std::string_view, NeedType> types[] = {
    {"choice", NeedType::choice}, {"bool", NeedType::boolean}, {"list", NeedType::list},           {"count", NeedType::count}, {"size", NeedType::size},
    {"rate", NeedType::rate},     {"byte-rate", NeedType::byte_rate}, {"duration", NeedType::duration}, {"text", NeedType::text}};

NeedType read_type(TableReader& reader) {
  std::vector<std::string> words;
  for (const auto& [name, type] : types) words.emplace_back(name);
  const std::string word = reader.one_of("type", words);
  for (const auto& [name, type] : types)
    if (name == word) return type;
  return NeedType::text;
}

NeedDef read_need(TableReader& reader) {
  NeedDef need;
  need.place = reader.place();
  need.id = reader.text("id");
  need.type = read_type(reader);
  need.group = reader.text("group");
  need.question = reader.text("question");
  need.why = reader.text("why");
  for (const TomlValue* item : reader.tables("choice")) {
    TableReader choice(*item, reader.file(), reader.context());
    need.choices.push_back({choice.text("id"), choice.text("says")});
    choice.finish();
  }
  if ((need.type == NeedType::choice || need.type == NeedType::list) && need.choices.size() < 2)
    reader.error(reader.at(), fmt::format("\"{}\" is a {} with fewer than two choices", need.id, word(need.type)));
  need.assumed = reader.value("assume", need);
  need.assumed_says = reader.text_or("assume-says", "");
  need.essential = reader.flag_or("essential", false);
  need.decides = reader.flag_or("decides", true);
  need.sample = reader.text("sample");
  return need;
}

// Adds a need, or puts it in the place of the one that it replaces; returns its index.
std::size_t put_need(TableReader& reader, NeedDef need, std::vector<NeedDef>& needs) {
  const std::string what = fmt::format("the need \"{}\"", need.id);
  for (std::size_t i = 0; i < needs.size(); ++i) {
    if (needs[i].id != need.id) continue;
    if (!reader.replaces(what, needs[i].place)) return i;
    if (needs[i].type != need.type) reader.error(reader.at(), fmt::format("{} is a {} and stays one: conditions compare with it", what, word(needs[i].type)));
    needs[i] = std::move(need);
    return i;
  }
  reader.is_new(what);
  needs.push_back(std::move(need));
  return needs.size() - 1;
}

void read_check(const TomlValue& item, std::size_t need, const std::string& file, LoadContext& context, Rules& rules) {
  TableReader reader(item, file, context);
  NeedCheck check;
  check.need = need;
  check.when = reader.condition("when").value_or(Condition{});
  check.trial = reader.text_or("trial", "");
  check.figure = reader.text_or("figure", "");
  check.says = reader.text("says");
  if (check.trial.empty() == check.figure.empty()) reader.error(reader.at(), "a check has either a trial or a figure");
  reader.finish();
  rules.checks.push_back(std::move(check));
}

void read_derivation(const TomlValue& item, const std::string& file, LoadContext& context, Rules& rules) {
  TableReader reader(item, file, context);
  Derivation derivation;
  const auto need = reader.need("need");
  if (!need) return reader.error(reader.at(), "a derivation names its need");
  derivation.need = *need;
  derivation.when = reader.condition("when").value_or(Condition{});
  derivation.is = reader.value("is", context.vocabulary[*need]);
  for (const std::string& factor : reader.texts("product")) {
    const auto index = context.vocabulary.find(factor);
    if (index && is_number(context.vocabulary[*index].type)) derivation.product.push_back(*index);
    else reader.error(reader.at(), fmt::format("\"{}\" is not a need with a number", factor));
  }
  derivation.says = reader.text("says");
  derivation.place = reader.place();
  reader.finish();
  rules.derivations.push_back(std::move(derivation));
}

}  // namespace

void load_layer(const TomlValue& root, const std::string& file, LoadContext& context, Rules& rules) {
  TableReader reader(root, file, context);
  if (!context.layered()) reader.error(reader.at(), "only a layer has this file");
  rules.version += fmt::format(" + {} {}", reader.text("name"), reader.text("version"));
  reader.finish();
}

void load_needs(const TomlValue& root, const std::string& file, LoadContext& context, Rules& rules) {
  TableReader reader(root, file, context);
  if (!context.layered()) rules.version = reader.text("version");
  std::vector<NeedDef> needs = context.vocabulary.all();
  std::vector<std::size_t> indices;
  const auto tables = reader.tables("need");
  for (const TomlValue* item : tables) {
    TableReader need(*item, file, context);
    indices.push_back(put_need(need, read_need(need), needs));
    need.entry("check");
    need.finish();
  }
  context.vocabulary = Vocabulary(std::move(needs));
  // Checks and derivations have conditions, which can only be read once all names are known.
  for (std::size_t i = 0; i < tables.size(); ++i) {
    TableReader need(*tables[i], file, context);
    for (const TomlValue* check : need.tables("check")) read_check(*check, indices[i], file, context, rules);
  }
  for (const TomlValue* item : reader.tables("derive")) read_derivation(*item, file, context, rules);
  reader.finish();
  rules.vocabulary = context.vocabulary;
}

}  // namespace ipc_advisor::rules
