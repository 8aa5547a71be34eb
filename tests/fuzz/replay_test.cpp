// Everything that reads input, fed with a corpus and with systematic damage to it. Built for libFuzzer, the same
// function is the fuzz target (see CONTRIBUTING in the README).
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "app/picker.hpp"
#include "base/keys.hpp"
#include "engine/decide.hpp"
#include "engine/lint.hpp"
#include "probe/raw.hpp"
#include "report/format.hpp"
#include "report/replay.hpp"
#include "rules/cases.hpp"
#include "rules_for_tests.hpp"

using namespace ipc_advisor;

namespace {

// As keys at a question of each type, and as a line in answer to it.
void type(const std::string& input) {
  const auto& rules = tests::embedded_rules();
  for (const char* id : {"reach", "platforms", "latency", "browser"}) {
    const rules::NeedDef& need = rules.vocabulary[*rules.vocabulary.find(id)];
    engine::Question question;
    for (const rules::Choice& choice : need.choices) question.options.push_back({choice.id, choice.id, choice.says, {}, {}, "", ""});
    app::Picker picker(need, question, [](const Value&) { return std::string(); });
    KeyDecoder decoder;
    for (const Key& key : decoder.feed(input)) (void)picker.press(key);
    for (const Key& key : decoder.flush()) (void)picker.press(key);
    std::size_t focus = 0;
    (void)picker.lines(40, focus);
    (void)app::read_reply(need, question, input);
  }
}

// Every reader in turn. Nothing is asserted but that they return: sanitizers and the assertions inside do the rest.
void feed(const std::string& input) {
  const auto& rules = tests::embedded_rules();
  const auto requirements = rules::read_requirements(input, "fuzz.toml", rules);
  Report report;
  report.findings = engine::lint(rules, requirements);
  (void)report::render_text(report, {true, true, 40, true});
  (void)report::render_json(report, {});
  for (const report::Format& format : report::all_formats()) (void)format.render(report, {});
  if (requirements.readable())
    for (const Channel& channel : requirements.channels) (void)engine::decide(rules, channel);
  (void)rules::load_cases(input, "fuzz.toml", rules);
  auto layered = rules::embedded_rule_files();
  layered.push_back({"layer.toml", "name = \"x\"\nversion = \"1\"\n", "x", 1});
  layered.push_back({"refine-tree.toml", input, "x", 1});
  if (input.size() < 400) (void)rules::load_rules(layered);
  (void)rules::Condition::parse(input, rules.vocabulary, rules.mechanism_ids());
  (void)probe::raw_from_json(input);
  (void)probe::plan_from_json(input);
  if (input.size() < 4000) type(input);
  (void)report::recording_from_report(input);
  (void)report::compared_part_of_report(input);
}

std::vector<std::string> corpus() {
  std::vector<std::string> out;
  for (const char* folder : {"/man/examples", "/tests/fuzz/corpus", "/tests/conformance/layered/acme"})
    for (const auto& entry : std::filesystem::directory_iterator(std::string(SOURCE_FOLDER) + folder)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      out.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
  return out;
}

}  // namespace

TEST_SUITE("fuzz") {
  TEST_CASE("fuzz: the corpus, cut off, damaged and doubled") {
    const auto inputs = corpus();
    REQUIRE(inputs.size() >= 12);
    std::size_t fed = 0;
    for (const std::string& input : inputs) {
      feed(input);
      feed(input + input);
      for (std::size_t at = 0; at < input.size(); at += 97) {
        feed(input.substr(0, at));
        std::string damaged = input;
        damaged[at] = static_cast<char>(damaged[at] ^ (at % 2 == 0 ? 0x80 : 0x01));
        feed(damaged);
        fed += 2;
      }
    }
    CHECK(fed > 100);
  }
}
