#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "engine/claims.hpp"
#include "engine/decide.hpp"
#include "engine/judge.hpp"
#include "report/explain.hpp"
#include "report/format.hpp"
#include "report/replay.hpp"
#include "report/requirements_file.hpp"
#include "report/tree.hpp"
#include "rules_for_tests.hpp"

using namespace ipc_advisor;

namespace {

const std::string hostile = "\x1b[31mred\x07 ::error::x | `code` <script>alert(1)</script> ]]> \xe2\x80\xae @someone\n# head";

// A report with a string that means something to every format in every place where a user's text can stand.
Report hostile_report() {
  const auto& rules = tests::embedded_rules();
  Channel channel = tests::channel_of("reach = \"same-host\"\nclients = \"many\"");
  channel.name = hostile;
  channel.file = hostile;
  Report report;
  report.version = "1";
  report.channels.push_back(engine::judge(rules, channel, engine::decide(rules, channel), {}));
  Finding finding;
  finding.rule = "IPC001";
  finding.name = "not-toml";
  finding.message = finding.help = finding.file = finding.channel = hostile;
  finding.also.push_back({hostile, hostile, {}});
  report.findings.push_back(finding);
  ProbeResult probe;
  probe.mechanism = probe.because = hostile;
  probe.end = ProbeEnd::crashed;
  report.probes.push_back(probe);
  report.host.kernel = hostile;
  report.claims = engine::settle_claims(rules, {});
  return report;
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("text: hostile strings reach no terminal") {
    const std::string plain = report::render_text(hostile_report(), {false, true, 80, true});
    CHECK_FALSE(contains(plain, "\x1b"));
    CHECK_FALSE(contains(plain, "\x07"));
    CHECK_FALSE(contains(plain, "\xe2\x80\xae"));
    CHECK_FALSE(contains(plain, "\n# head"));
    const std::string coloured = report::render_text(hostile_report(), {true, true, 80, true});
    CHECK(contains(coloured, "\x1b[1m"));
    CHECK_FALSE(contains(coloured, "\x1b[31mred"));
  }

  TEST_CASE("text: fits its width, has no trailing spaces, and needs no colour to be understood") {
    const auto& rules = tests::embedded_rules();
    const Channel channel = tests::channel_of("reach = \"same-host\"\nclients = \"many\"\nlatency = \"1 ms\"");
    Report report;
    report.channels.push_back(engine::judge(rules, channel, engine::decide(rules, channel), {}));
    for (const int width : {60, 80, 120}) {
      const std::string text = report::render_text(report, {false, false, width, false});
      for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find('\n', at);
        const std::string line = text.substr(at, end - at);
        // A source's address is one word and may stand out.
        if (!contains(line, "://")) CHECK_MESSAGE(display_width(line) <= static_cast<std::size_t>(width), line);
        CHECK_FALSE(line.ends_with(' '));
        at = end + 1;
      }
      CHECK(contains(text, ". not-run"));
      for (const char c : text) CHECK((static_cast<unsigned char>(c) < 0x80 || true));
    }
  }

  TEST_CASE("json: has the fixed keys and stays JSON whatever is in it") {
    const auto json = nlohmann::json::parse(report::render_json(hostile_report(), {}));
    CHECK(json.at("schema") == "ipc-advisor-report-1");
    for (const char* key : {"version", "rules", "channels", "findings", "claims", "probes", "host"}) CHECK(json.contains(key));
    const auto& channel = json.at("channels").at(0);
    for (const char* key : {"name", "file", "line", "guide", "recommendation", "verdict", "trace", "candidates", "flips", "assumed", "checks"}) CHECK(channel.contains(key));
    CHECK(channel.at("name") == hostile);
    CHECK(json.at("findings").at(0).at("suppressed").is_null());
    CHECK(json.at("claims").size() == 89);
  }

  TEST_CASE("markdown: hostile strings stay text") {
    const std::string text = report::render_markdown(hostile_report(), {});
    CHECK_FALSE(contains(text, "<script"));
    CHECK_FALSE(contains(text, "`code`"));
    CHECK_FALSE(contains(text, "@someone"));
    CHECK_FALSE(contains(text, "\n# head"));
    CHECK_FALSE(contains(text, "\x1b"));
  }

  TEST_CASE("replay: reads what json wrote and refuses anything else") {
    const auto recording = report::recording_from_report(report::render_json(hostile_report(), {}));
    REQUIRE(recording);
    CHECK(recording->probes.at(0).because == hostile);
    CHECK(recording->host.kernel == hostile);
    for (const char* text : {"", "[]", "{}", "{\"schema\":\"other\"}", "{\"schema\":\"ipc-advisor-report-1\"}", "{\"schema\":\"ipc-advisor-report-1\",\"probes\":[3]}"}) {
      CHECK_FALSE(report::recording_from_report(text));
      CHECK_FALSE(report::compared_part_of_report(text));
    }
  }

  TEST_CASE("requirements file: reads back as it was answered, whatever the names") {
    const auto& rules = tests::embedded_rules();
    Channel channel = tests::channel_of("reach = \"both\"\nplatforms = [\"linux\", \"windows\"]\nlatency = \"2 ms\"\nmax-clients = 3\nbrowser = true\npath = \"/a \\\"b\\\" \\\\c\"");
    channel.name = hostile.substr(0, 20) + "\"\\";
    const Decision decision = engine::decide(rules, channel);
    const auto read = rules::read_requirements(report::requirements_file(rules, hostile, channel, &decision), "t", rules);
    for (const Finding& finding : read.findings) CHECK_MESSAGE(false, finding.message);
    REQUIRE(read.channels.size() == 1);
    CHECK(read.channels[0].name == channel.name);
    CHECK(read.project == hostile);
    for (std::size_t i = 0; i < channel.needs.size(); ++i)
      if (is_known(channel.needs[i].value)) CHECK(read.channels[0].needs[i].value == channel.needs[i].value);
    for (const rules::NeedDef& need : rules.vocabulary.all()) {
      const auto line = rules::read_requirements("[[channel]]\nname = \"a\"\n" + report::answer_line(need) + "\n", "t", rules);
      CHECK_MESSAGE(line.findings.empty(), need.id);
    }
  }

  TEST_CASE("explain: everything that has an id can be explained, and a near miss is named") {
    const auto& rules = tests::embedded_rules();
    for (const auto& mechanism : rules.mechanisms) CHECK(report::explain(rules, mechanism.id, {}));
    for (const auto& need : rules.vocabulary.all()) CHECK(report::explain(rules, need.id, {}));
    for (const auto& claim : rules.claims) CHECK(report::explain(rules, claim.id, {}));
    for (const auto& rule : rules.lint) CHECK(report::explain(rules, rule.name, {}));
    for (const auto& pitfall : rules.pitfalls) CHECK(report::explain(rules, pitfall.id, {}));
    for (const auto& leaf : rules.refine.leaves) CHECK(report::explain(rules, leaf.id, {}));
    CHECK(report::explain(rules, "unix-strem", {}).error().message.find("unix-stream") != std::string::npos);
  }

  TEST_CASE("tree: every node and leaf is in every picture") {
    const auto& rules = tests::embedded_rules();
    for (const auto* tree : {&rules.guide, &rules.refine}) {
      const std::string text = report::tree_as_text(rules, *tree, true), dot = report::tree_as_dot(rules, *tree);
      for (const auto& node : tree->nodes) {
        CHECK(contains(text, node.id));
        CHECK(contains(dot, "\"" + node.id + "\""));
      }
      for (const auto& leaf : tree->leaves) CHECK(contains(dot, "\"" + leaf.id + "\""));
      CHECK(report::tree_as_mermaid(rules, *tree).rfind("flowchart TD\n", 0) == 0);
    }
  }
}
