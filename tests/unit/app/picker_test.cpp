#include "app/picker.hpp"

#include "rules_for_tests.hpp"

using namespace ipc_advisor;
using Kind = app::Reply::Kind;

namespace {

const rules::NeedDef& need(const char* id) {
  const auto& rules = tests::embedded_rules();
  return rules.vocabulary[*rules.vocabulary.find(id)];
}

engine::Question question_of(const rules::NeedDef& def) {
  engine::Question question;
  for (const rules::Choice& choice : def.choices) {
    const Value value = def.type == rules::NeedType::list ? Value{std::vector{choice.id}} : Value{choice.id};
    question.options.push_back({value, choice.id, choice.says, {}, {}, "", ""});
  }
  return question;
}

std::optional<app::Reply> press(app::Picker& picker, const std::string& bytes) {
  KeyDecoder decoder;
  std::optional<app::Reply> last;
  for (const Key& key : decoder.feed(bytes)) last = picker.press(key);
  for (const Key& key : decoder.flush()) last = picker.press(key);
  return last;
}

std::string drawn(const app::Picker& picker, std::size_t width = 80) {
  std::size_t focus = 0;
  std::string out;
  for (const auto& line : picker.lines(width, focus)) out += line.text + "\n";
  return out;
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("picker: arrows, letters and ends move over what can be chosen only") {
    const rules::NeedDef& def = need("reach");
    engine::Question question = question_of(def);
    question.options[0].ruled_out = "because";
    question.options[2].ruled_out = "because";
    app::Picker picker(def, question, [](const Value&) { return std::string(); });
    CHECK(drawn(picker).find("> 2 same-host-for-now") != std::string::npos);
    CHECK(drawn(picker, 120).find("(ruled out: because)") != std::string::npos);
    press(picker, "\x1b[A");
    CHECK(drawn(picker).find("> 2") != std::string::npos);
    press(picker, "j");
    CHECK(drawn(picker).find("> 4 cross-host") != std::string::npos);
    press(picker, "\x1b[H");
    CHECK(drawn(picker).find("> 2") != std::string::npos);
    press(picker, "\x1b[F");
    const auto reply = press(picker, "\r");
    REQUIRE(reply);
    CHECK(reply->answer == Value{std::string("cross-host")});
    CHECK_FALSE(press(picker, "1\r"));
    CHECK(drawn(picker).find("! ruled out: because") != std::string::npos);
  }

  TEST_CASE("picker: typed words work as they do line by line") {
    const rules::NeedDef& def = need("reach");
    const engine::Question question = question_of(def);
    app::Picker picker(def, question, [](const Value&) { return std::string(); });
    CHECK(press(picker, "unknown\r")->kind == Kind::unknown);
    CHECK(press(picker, "back 2\r")->steps == 2);
    CHECK(press(picker, "quit\r")->kind == Kind::quit);
    CHECK(press(picker, "3\r")->answer == Value{std::string("both")});
    CHECK(press(picker, "?")->kind == Kind::explain);
    CHECK(press(picker, "\x1b")->kind == Kind::back);
    CHECK(press(picker, "\x1b[D")->kind == Kind::back);
    CHECK(press(picker, "\x03")->kind == Kind::quit);
    CHECK(press(picker, "\x04")->kind == Kind::quit);
    // Escape takes back what was typed first.
    CHECK_FALSE(press(picker, "xy\x1b"));
    CHECK(press(picker, "xy\x7f\x7f" "both\r")->answer == Value{std::string("both")});
    CHECK_FALSE(press(picker, "nonsense\r"));
    CHECK(drawn(picker).find("expected one of") != std::string::npos);
  }

  TEST_CASE("picker: a list is ticked, and an empty one is no answer") {
    const rules::NeedDef& def = need("platforms");
    const engine::Question question = question_of(def);
    app::Picker picker(def, question, [](const Value&) { return std::string(); });
    CHECK_FALSE(press(picker, "\r"));
    CHECK(drawn(picker).find("tick at least one") != std::string::npos);
    press(picker, " jj ");
    CHECK(drawn(picker).find("> 3 [x] freebsd") != std::string::npos);
    CHECK(press(picker, "\r")->answer == Value{std::vector<std::string>{"linux", "freebsd"}});
    press(picker, " ");
    CHECK(press(picker, "\r")->answer == Value{std::vector<std::string>{"linux"}});
  }

  TEST_CASE("picker: a number is checked while it is typed, and refused with the reason") {
    const rules::NeedDef& def = need("latency");
    const engine::Question question;
    app::Picker picker(def, question, [](const Value& value) { return value == Value{1e-6} ? std::string("too fast") : std::string(); });
    CHECK_FALSE(press(picker, "1 mss"));
    CHECK(drawn(picker).find("    ^ nearest: 1 ms") != std::string::npos);
    press(picker, "\x7f");
    CHECK(drawn(picker).find("= 1 ms") != std::string::npos);
    CHECK(press(picker, "\r")->answer == Value{1e-3});
    CHECK_FALSE(press(picker, "1 us\r"));
    CHECK(drawn(picker).find("ruled out: too fast") != std::string::npos);
    press(picker, std::string(5000, '9'));
    CHECK(drawn(picker).size() < 2000);
  }

  TEST_CASE("picker: no line is wider than the terminal") {
    for (const char* id : {"reach", "platforms", "latency"}) {
      const rules::NeedDef& def = need(id);
      engine::Question question = question_of(def);
      if (!question.options.empty()) question.options[0].ruled_out = "a long reason in which there are many words, so that it needs more than one line";
      app::Picker picker(def, question, [](const Value&) { return std::string(); });
      press(picker, "12 \xe6\xbc\xa2");
      std::size_t focus = 0;
      for (const std::size_t width : {std::size_t{39}, std::size_t{79}})
        for (const auto& line : picker.lines(width, focus)) CHECK(line.text.size() <= width + 3);
    }
  }
}
