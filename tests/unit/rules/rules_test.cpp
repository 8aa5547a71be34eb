#include "rules/rules.hpp"

#include "rules_for_tests.hpp"

using namespace ipc_advisor;

namespace {

// The embedded rules with one file's text changed.
std::string error_after(const std::string& path, const std::string& from, const std::string& to) {
  auto files = rules::embedded_rule_files();
  bool changed = false;
  for (auto& file : files) {
    if (file.path != path) continue;
    const auto at = file.text.find(from);
    REQUIRE(at != std::string::npos);
    file.text.replace(at, from.size(), to);
    changed = true;
  }
  REQUIRE(changed);
  const auto loaded = rules::load_rules(files);
  INFO(path << ": " << from << " → " << to);
  REQUIRE_FALSE(loaded);
  return rules::to_error(loaded.error()).message;
}

bool says(const std::string& message, const std::string& part) { return message.find(part) != std::string::npos; }

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("rules: the embedded set loads and is complete") {
    const auto& rules = tests::embedded_rules();
    CHECK(rules.mechanisms.size() == 15);
    CHECK(rules.claims.size() == 89);
    CHECK(rules.pitfalls.size() == 85);
    CHECK(rules.lint.size() >= 25);
    CHECK(rules.digest.size() == 16);
  }

  TEST_CASE("rules: an unknown key has its place and a suggestion") {
    const std::string message = error_after("guide-tree.toml", "source = \"tree.cross-machine\"\n[node.answers]", "surce = \"tree.cross-machine\"\n[node.answers]");
    CHECK(says(message, "unknown key \"surce\"; did you mean \"source\"?"));
    CHECK(says(message, "rules/guide-tree.toml:"));
  }

  TEST_CASE("rules: trees must be whole") {
    CHECK(says(error_after("guide-tree.toml", "many = \"browser-among-them\"\n", ""), "no branch for the answer \"many\""));
    CHECK(says(error_after("guide-tree.toml", "two  = \"simple-pipeline\"", "too  = \"simple-pipeline\""), "\"too\" is not an answer"));
    CHECK(says(error_after("guide-tree.toml", "false = \"use-unix-socket\"", "false = \"use-unix-sockt\""), "did you mean \"use-unix-socket\""));
    CHECK(says(error_after("guide-tree.toml", "false = \"use-unix-socket\"", "false = \"use-default\""), "\"use-unix-socket\" cannot be reached"));
    CHECK(says(error_after("guide-tree.toml", "two  = \"simple-pipeline\"", "two  = \"several-clients\""), "leads back to itself"));
    CHECK(says(error_after("guide-tree.toml", "mechanism = \"fifo\"", "mechanism = \"fifoo\""), "\"fifoo\" is not a mechanism"));
    CHECK(says(error_after("guide-tree.toml", "cuts   = [\"5 GB/s\"]\nto     = [\"pipeline-latency\", \"use-shared-memory\"]", "cuts = [\"5 GB/s\"]\nto = [\"pipeline-latency\"]"),
               "one more entry"));
  }

  TEST_CASE("rules: facts need sources, and sources must exist") {
    CHECK(says(error_after("mechanisms/fifo.toml", "\nsource", "\nsauce"), "\"source\" is missing"));
    CHECK(says(error_after("layers.toml", "source  = \"case.choice\"", "source  = \"case.choise\""), "did you mean \"case.choice\""));
    CHECK(says(error_after("mechanisms/fifo.toml", "\"F01\"", "\"F99\""), "not a pitfall"));
  }

  TEST_CASE("rules: an error in a condition has its column") {
    CHECK(says(error_after("lint/2-choice.toml", "when    = \"framing == records", "when    = \"framing === records"), "in the condition"));
    CHECK(says(error_after("layers.toml", "when    = \"content == handles", "when    = \"contents == handles"), "did you mean \"content\""));
  }

  TEST_CASE("rules: no file is missing, superfluous or broken") {
    auto files = rules::embedded_rule_files();
    files.push_back({"extra.toml", ""});
    CHECK_FALSE(rules::load_rules(files));
    files.pop_back();
    files.back().text = "a = = 1";
    CHECK_FALSE(rules::load_rules(files));
    CHECK_FALSE(rules::load_rules({}));
  }

  TEST_CASE("rules: the digest changes with any text") {
    auto files = rules::embedded_rule_files();
    files.front().text += "# more\n";
    const auto other = rules::load_rules(files);
    REQUIRE(other);
    CHECK(other->digest != tests::embedded_rules().digest);
  }

  TEST_CASE("rules: every claim of the guide that is a rule shapes something") {
    const auto& rules = tests::embedded_rules();
    for (const rules::Claim& claim : rules.claims) {
      if (claim.settled_by != "rule") continue;
      bool used = false;
      for (const auto& mechanism : rules.mechanisms) {
        used = used || mechanism.complexity_source == claim.id;
        for (const auto& trait : mechanism.traits) used = used || trait.source == claim.id;
      }
      for (const auto* tree : {&rules.guide, &rules.refine}) {
        for (const auto& node : tree->nodes) used = used || node.source == claim.id;
        for (const auto& leaf : tree->leaves) used = used || leaf.source == claim.id;
      }
      for (const auto& layer : rules.layers) used = used || layer.source == claim.id;
      for (const auto& rule : rules.lint) used = used || rule.source == claim.id;
      // The case study is held by a conformance case of its own.
      used = used || claim.id.rfind("case.", 0) == 0;
      CHECK_MESSAGE(used, claim.id);
    }
  }
}
