// Real systems and real questions: whether we recommend what they chose or were advised, and how often.
#include <fmt/format.h>
#include <iostream>
#include <set>

#include "conformance/cases.hpp"
#include "engine/decide.hpp"
#include "engine/lint.hpp"

using namespace ipc_advisor;

namespace {

struct Expected {
  std::string id, answer, differs, source;
  std::vector<std::string> mechanisms, layers;
  std::string channel;  ///< its needs as a requirements file, where no file of its own has them
};

std::vector<std::string> words(const rules::TomlValue& table, const std::string& key) {
  std::vector<std::string> out;
  if (const rules::TomlEntry* entry = table.find(key))
    for (const rules::TomlValue& item : entry->value.items) out.push_back(item.string);
  return out;
}

std::string word(const rules::TomlValue& table, const std::string& key) {
  const rules::TomlEntry* entry = table.find(key);
  return entry == nullptr ? "" : entry->value.string;
}

std::vector<Expected> expected_in(const std::string& file) {
  const auto parsed = rules::parse_toml(tests::text_in(file));
  REQUIRE(parsed);
  std::vector<Expected> out;
  for (const rules::TomlValue& item : parsed->find("case")->value.items) {
    out.push_back({word(item, "id"), word(item, "answer"), word(item, "differs"), word(item, "source"), words(item, "expect"), words(item, "layers"), ""});
    const std::vector<std::string> needs = words(item, "needs");
    if (!needs.empty()) out.back().channel = fmt::format("[[channel]]\nname = \"{}\"\n{}\n", out.back().id, fmt::join(needs, "\n"));
  }
  return out;
}

Decision decision_for(const std::string& text, const std::string& file) {
  const auto read = rules::read_requirements(text, file, tests::embedded_rules());
  // What real systems need is never a contradiction.
  for (const Finding& finding : engine::lint(tests::embedded_rules(), read))
    if (finding.level != Level::info) FAIL_CHECK(file << ": " << finding.rule << " " << finding.message);
  REQUIRE(read.channels.size() == 1);
  return engine::decide(tests::embedded_rules(), read.channels.front());
}

struct Score {
  int same = 0, same_mechanism = 0, defensible = 0, wrong = 0;
};

// `name`: a folder with expected.toml and a file for each case, or a file whose cases have their needs with them.
Score score_of(const std::string& name) {
  const std::string path = tests::conformance_folder() + name;
  const bool whole = std::filesystem::is_directory(path);
  Score score;
  std::set<std::string> ids;
  for (const Expected& one : expected_in(whole ? path + "/expected.toml" : path)) {
    CAPTURE(one.id);
    CHECK(ids.insert(one.id).second);
    const std::string file = whole ? path + "/" + one.id + ".toml" : path;
    const Decision decision = decision_for(whole ? tests::text_in(file) : one.channel, file);
    const bool right = std::find(one.mechanisms.begin(), one.mechanisms.end(), decision.mechanism) != one.mechanisms.end();
    std::vector<std::string> missing = one.layers;
    for (const Layer& layer : decision.layers) std::erase(missing, layer.kind + "=" + layer.value);
    if (!right) ++score.wrong;
    else if (!one.differs.empty()) ++score.defensible;
    else if (!missing.empty()) ++score.same_mechanism;
    else ++score.same;
    if (!right) std::cout << fmt::format("  wrong: {} has {}, we say {}\n", one.id, one.answer, decision.mechanism);
    else if (!one.differs.empty()) std::cout << fmt::format("  defensible: {} has {}, we say {}: {}\n", one.id, one.answer, decision.mechanism, one.differs);
    else if (!missing.empty()) std::cout << fmt::format("  same mechanism: {} lacks {}\n", one.id, fmt::join(missing, ", "));
  }
  const auto listed = [](const std::filesystem::path& file) { return file.stem() != "expected" && file.stem() != "more"; };
  for (const auto& file : whole ? std::filesystem::directory_iterator(path) : std::filesystem::directory_iterator())
    if (listed(file.path())) CHECK_MESSAGE(ids.count(file.path().stem()) == 1, file.path() << " is expected nowhere");
  std::cout << fmt::format("{}: {} in all: same {}, same mechanism {}, defensible {}, wrong {}\n", name, ids.size(), score.same, score.same_mechanism, score.defensible, score.wrong);
  return score;
}

}  // namespace

TEST_SUITE("conformance") {
  TEST_CASE("systems: of 108 real ones at most 5 are recommended wrongly") {
    const Score score = score_of("systems");
    CHECK(score.same + score.same_mechanism + score.defensible + score.wrong == 108);
    CHECK(score.wrong <= 5);
    CHECK(score.same >= 85);
  }

  TEST_CASE("more systems: of 92 that the rules were not made from at most 2 are recommended wrongly") {
    const Score score = score_of("systems/more.toml");
    CHECK(score.same + score.same_mechanism + score.defensible + score.wrong == 92);
    CHECK(score.wrong <= 2);
    CHECK(score.same >= 80);
    for (const Expected& one : expected_in(tests::conformance_folder() + "systems/more.toml")) CHECK_MESSAGE(!one.source.empty(), one.id << " has no source");
  }

  TEST_CASE("questions: of those that can be decided at most 8 are answered wrongly") {
    const Score score = score_of("questions");
    CHECK(score.same + score.same_mechanism + score.defensible + score.wrong == 84);
    CHECK(score.wrong <= 8);
    CHECK(score.same >= 76);
  }

  TEST_CASE("more questions: of 30 with few needs at most 1 is answered wrongly") {
    const Score score = score_of("questions/more.toml");
    CHECK(score.same + score.same_mechanism + score.defensible + score.wrong == 30);
    CHECK(score.wrong <= 1);
    CHECK(score.same >= 29);
  }
}
