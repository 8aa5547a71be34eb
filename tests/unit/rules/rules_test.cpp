#include "rules/rules.hpp"

#include "engine/complete.hpp"
#include "engine/decide.hpp"
#include "rules/inventory.hpp"
#include "rules_for_tests.hpp"

using namespace ipc_advisor;

namespace {

// The embedded rules with one file's text changed.
std::string error_after(const std::string& path, const std::string& from, const std::string& to) {
  auto files = tests::rule_texts();
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

constexpr const char* layer_toml = "name = \"x\"\nversion = \"1\"\n";

using Layered = tl::expected<rules::Rules, std::vector<rules::RulesError>>;

Layered layered(const std::vector<std::pair<std::string, std::string>>& files, bool with_name = true) {
  auto all = rules::embedded_rule_files();
  if (with_name) all.push_back({"layer.toml", layer_toml, "x", 1});
  for (const auto& [path, text] : files) all.push_back({path, text, "x", 1});
  return rules::load_rules(all);
}

std::string errors_of(const Layered& loaded) {
  REQUIRE_FALSE(loaded);
  return rules::to_error(loaded.error()).message;
}

std::string trait(const std::string& id, const std::string& extra = "") {
  return "id = \"tcp\"\n[[trait]]\nid = \"" + id + "\"\nsays = \"s\"\nsource = \"our rule 1\"\ncontradicts = \"always\"\nstrength = \"cannot\"\nbecause = \"no\"\n" + extra;
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
    auto files = tests::rule_texts();
    files.push_back({"extra.toml", ""});
    CHECK_FALSE(rules::load_rules(files));
    files.pop_back();
    files.back().text = "a = = 1";
    CHECK_FALSE(rules::load_rules(files));
    CHECK_FALSE(rules::load_rules({}));
  }

  TEST_CASE("rules: the digest changes with any text") {
    auto files = tests::rule_texts();
    const auto same = rules::load_rules(files);
    REQUIRE(same);
    CHECK(same->digest == tests::embedded_rules().digest);
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

  TEST_CASE("layering: a veto fells a mechanism, and version and digest tell of it") {
    const auto loaded = layered({{"mechanisms/tcp.toml", trait("veto")}});
    REQUIRE(loaded);
    CHECK(loaded->version == tests::embedded_rules().version + " + x 1");
    CHECK(loaded->digest != tests::embedded_rules().digest);
    CHECK(loaded->top_layer == 1);
    const auto needs = engine::complete(*loaded, rules::empty_channel(*loaded, "a").needs);
    CHECK(engine::falls_by(*loaded->mechanism("tcp"), needs) != nullptr);
    const auto entries = rules::difference(rules::inventory(tests::embedded_rules()), rules::inventory(*loaded));
    REQUIRE(entries.added.size() == 1);
    CHECK(entries.added[0].id == "tcp/veto");
    CHECK(entries.added[0].place.file == "x/mechanisms/tcp.toml");
    CHECK((entries.removed.empty() && entries.changed.empty()));
  }

  TEST_CASE("layering: nothing is replaced silently") {
    const std::string existing = tests::embedded_rules().mechanism("tcp")->traits.front().id;
    CHECK(says(errors_of(layered({{"mechanisms/tcp.toml", trait(existing)}})), "stands already in rules/mechanisms/tcp.toml:"));
    const auto replaced = layered({{"mechanisms/tcp.toml", trait(existing, "replaces = true\n")}});
    REQUIRE(replaced);
    CHECK(replaced->mechanism("tcp")->traits.size() == tests::embedded_rules().mechanism("tcp")->traits.size());
    CHECK(replaced->mechanism("tcp")->traits.front().place.layer == 1);
    CHECK(says(errors_of(layered({{"mechanisms/tcp.toml", trait("brand-new", "replaces = true\n")}})), "nothing below has the trait \"brand-new\" of tcp"));
  }

  TEST_CASE("layering: what a layer may not do is an error with its place") {
    struct Wrong {
      const char *path, *text, *found;
    };
    const Wrong wrongs[] = {
        {"guide-tree.toml", "root = \"x\"\n", "x/guide-tree.toml:1:1: the guide's tree is the guide's"},
        {"claims.toml", "", "the guide's claims are the guide's"},
        {"mechanisms/tcp.toml", "id = \"tcp\"\nname = \"other\"\n", "\"name\""},
        {"mechanisms/new.toml", "id = \"other\"\n", "must be named after it"},
        {"needs.toml", "[[need]]\nid = \"reach\"\ntype = \"bool\"\ngroup = \"g\"\nquestion = \"q\"\nwhy = \"w\"\nsample = \"true\"\nreplaces = true\n", "is a choice and stays one"},
        {"refine-tree.toml", "[[turn]]\nnode = \"where\"\nanswer = \"same-host\"\nfrom = \"keep\"\nto = \"keep\"\n", "leads to \"what-lies-between\", not to \"keep\""},
        {"refine-tree.toml", "[[turn]]\nnode = \"wher\"\nanswer = \"same-host\"\nfrom = \"keep\"\nto = \"keep\"\n", "did you mean \"where\""},
        {"refine-tree.toml", "[[turn]]\nnode = \"where\"\nanswer = \"same-host\"\nfrom = \"what-lies-between\"\nto = \"where\"\n", "leads back to itself"},
        {"refine-tree.toml", "[[turn]]\nnode = \"lossy-network\"\nanswer = \"true\"\nfrom = \"use-udp\"\nto = \"keep\"\n", "the leaf \"use-udp\" cannot be reached"},
        {"notes.toml", "", "no rule file has this name"},
    };
    for (const Wrong& wrong : wrongs) {
      const std::string message = errors_of(layered({{wrong.path, wrong.text}}));
      CHECK_MESSAGE(says(message, wrong.found), std::string(wrong.found) << " not in: " << message);
    }
    CHECK(says(errors_of(layered({{"mechanisms/tcp.toml", trait("veto")}}, false)), "x/layer.toml: this file is missing"));
  }
}
