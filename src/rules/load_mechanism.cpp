// One mechanism a file: its traits, each with a source, and the needs that they contradict. Layers stand beside them.
#include "rules/load.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ipc_advisor::rules {
namespace {

// Adds a trait, or puts it in the place of the one that it replaces.
void put_trait(TableReader& reader, Trait trait, Mechanism& mechanism) {
  const std::string what = fmt::format("the trait \"{}\" of {}", trait.id, mechanism.id);
  const auto old = std::find_if(mechanism.traits.begin(), mechanism.traits.end(), [&](const Trait& one) { return one.id == trait.id; });
  if (old == mechanism.traits.end()) {
    reader.is_new(what);
    mechanism.traits.push_back(std::move(trait));
  } else if (reader.replaces(what, old->place)) {
    *old = std::move(trait);
  }
}

void read_trait(const TomlValue& item, const std::string& file, LoadContext& context, Mechanism& mechanism) {
  TableReader reader(item, file, context);
  Trait trait;
  trait.place = reader.place();
  trait.id = reader.text("id");
  trait.says = reader.text("says");
  trait.source = reader.text("source");
  trait.probe = reader.text_or("probe", "");
  trait.contradicts = reader.condition("contradicts");
  if (trait.contradicts) {
    trait.advice = reader.one_of("strength", {"cannot", "avoid"}) == "avoid";
    trait.because = reader.text("because");
  }
  put_trait(reader, std::move(trait), mechanism);
  reader.finish();
}

}  // namespace

void load_mechanism(const TomlValue& root, const std::string& file, LoadContext& context, Rules& rules) {
  TableReader reader(root, file, context);
  Mechanism mechanism;
  mechanism.place = {file, {1, 1}, context.layer};
  mechanism.id = reader.text("id");
  if (!file.ends_with("/mechanisms/" + mechanism.id + ".toml")) reader.error({1, 1}, fmt::format("the file of \"{}\" must be named after it", mechanism.id));
  // A layer's file on a known mechanism adds traits to it, vetoes among them.
  const auto known = std::find_if(rules.mechanisms.begin(), rules.mechanisms.end(), [&](const Mechanism& one) { return one.id == mechanism.id; });
  if (context.layered() && known != rules.mechanisms.end()) {
    for (const TomlValue* item : reader.tables("trait")) read_trait(*item, file, context, *known);
    return reader.finish();
  }
  mechanism.name = reader.text("name");
  mechanism.summary = reader.text("summary");
  mechanism.man = reader.text("man");
  const std::string complexity = reader.one_of("complexity", {"low", "medium", "high"});
  mechanism.complexity = complexity == "high" ? 2 : complexity == "medium" ? 1 : 0;
  mechanism.complexity_source = reader.text("complexity-source");
  mechanism.kernel_records = reader.flag_or("kernel-records", false);
  mechanism.debug = reader.texts("debug");
  mechanism.cost = reader.text("cost");
  mechanism.platforms = reader.texts("platforms");
  mechanism.pitfalls = reader.texts("pitfalls");
  for (const TomlValue* item : reader.tables("trait")) read_trait(*item, file, context, mechanism);
  reader.finish();
  rules.mechanisms.push_back(std::move(mechanism));
}

void load_layers(const TomlValue& root, const std::string& file, LoadContext& context, Rules& rules) {
  TableReader top(root, file, context);
  for (const TomlValue* item : top.tables("layer")) {
    TableReader reader(*item, file, context);
    LayerRule layer;
    layer.place = reader.place();
    layer.kind = reader.one_of("kind", {"framing", "protocol", "control", "data", "bridge", "ring", "access", "fallback", "remote", "handles"});
    layer.value = reader.text("value");
    layer.platform = reader.text_or("platform", "");
    layer.when = reader.condition("when").value_or(Condition{});
    layer.because = reader.text("because");
    layer.source = reader.text("source");
    reader.finish();
    rules.layers.push_back(std::move(layer));
  }
  top.finish();
}

}  // namespace ipc_advisor::rules
