#include "app/reply.hpp"

#include "rules_for_tests.hpp"

using namespace ipc_advisor;
using Kind = app::Reply::Kind;

namespace {

app::Reply read(const char* need, const std::string& line) {
  const auto& rules = tests::embedded_rules();
  const rules::NeedDef& def = rules.vocabulary[*rules.vocabulary.find(need)];
  engine::Question question;
  for (const rules::Choice& choice : def.choices) question.options.push_back({choice.id, choice.id, choice.says, {}, {}, "", ""});
  if (def.type == rules::NeedType::boolean) question.options = {{true, "yes", "", {}, {}, "", ""}, {false, "no", "", {}, {}, "", ""}};
  return app::read_reply(def, question, line);
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("reply: words of the interview") {
    CHECK(read("reach", " ? ").kind == Kind::explain);
    CHECK(read("reach", "unknown\r").kind == Kind::unknown);
    CHECK(read("latency", "done").kind == Kind::done);
    CHECK(read("platforms", "quit").kind == Kind::quit);
    CHECK(read("reach", "back").steps == 1);
    CHECK(read("reach", "back 3").steps == 3);
    CHECK(read("reach", "back 0").kind == Kind::mistake);
    CHECK(read("reach", "").kind == Kind::mistake);
  }

  TEST_CASE("reply: numbers, words, lists and quantities") {
    CHECK(read("reach", "4").answer == Value{std::string("cross-host")});
    CHECK(read("browser", "2").answer == Value{false});
    CHECK(read("browser", "y").answer == Value{true});
    CHECK(read("platforms", "3, 1").answer == Value{std::vector<std::string>{"linux", "freebsd"}});
    CHECK(read("platforms", "macos linux macos").answer == Value{std::vector<std::string>{"linux", "macos"}});
    CHECK(read("latency", "5 ms").answer == Value{5 * 1e-3});
    CHECK(read("reach", "5").kind == Kind::mistake);
  }

  TEST_CASE("reply: a mistake names its place and the nearest form") {
    const auto unit = read("message-size", " 4 Kib");
    CHECK(unit.kind == Kind::mistake);
    CHECK(unit.at == 2);
    CHECK(unit.nearest == "4 KiB");
    CHECK(read("message-rate", "300").nearest == "300/s");
    CHECK(read("latency", "fast").nearest == "1 ms");
    CHECK(read("max-clients", "3 GB").nearest == "3");
    const auto word = read("platforms", "linux, mcos");
    CHECK(word.at == 7);
    CHECK(word.nearest == "linux, macos");
  }
}
