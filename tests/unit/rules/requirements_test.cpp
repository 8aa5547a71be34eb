#include "rules/requirements.hpp"

#include "rules_for_tests.hpp"

using namespace ipc_advisor;

namespace {

std::vector<Finding> findings_in(const std::string& text) { return rules::read_requirements(text, "t.toml", tests::embedded_rules()).findings; }

// The only finding of a channel body.
Finding finding_in(const std::string& body) {
  const auto found = findings_in("[[channel]]\nname = \"t\"\n" + body);
  REQUIRE(found.size() == 1);
  return found.front();
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("requirements: every answer keeps its value and its place") {
    const Channel channel = tests::channel_of("reach = \"both\"\nmax-clients = 32\nlatency = \"1 ms\"\nplatforms = [\"linux\", \"macos\"]\nbrowser = false");
    const auto& vocabulary = tests::embedded_rules().vocabulary;
    const auto need = [&](const char* id) { return channel.needs[*vocabulary.find(id)]; };
    CHECK(need("reach").value == Value{std::string("both")});
    CHECK(need("reach").origin.value == Span{{3, 9}, {3, 15}});
    CHECK(need("max-clients").value == Value{32.0});
    CHECK(need("latency").value == Value{0.001});
    CHECK(need("platforms").value == Value{std::vector<std::string>{"linux", "macos"}});
    CHECK(need("browser").value == Value{false});
    CHECK_FALSE(is_known(need("shell").value));
  }

  TEST_CASE("requirements: each mistake is one finding with its span") {
    CHECK(finding_in("reech = \"same-host\"").rule == "IPC002");
    CHECK(finding_in("reech = \"same-host\"").message.find("did you mean \"reach\"") != std::string::npos);
    CHECK(finding_in("reech = \"same-host\"").span == Span{{3, 1}, {3, 6}});
    CHECK(finding_in("browser = \"no\"").rule == "IPC003");
    CHECK(finding_in("message-size = 4096").rule == "IPC003");
    CHECK(finding_in("reach = \"samehost\"").rule == "IPC004");
    CHECK(finding_in("reach = \"samehost\"").span == Span{{3, 9}, {3, 19}});
    CHECK(finding_in("latency = \"1 mz\"").rule == "IPC005");
    CHECK(finding_in("max-clients = 0").rule == "IPC009");
    CHECK(finding_in("port = 70000").rule == "IPC009");
    CHECK(finding_in("throughput = \"0 B/s\"").rule == "IPC009");
    CHECK(finding_in("platforms = []").rule == "IPC010");
    CHECK(finding_in("platforms = [\"linux\", \"linux\"]").rule == "IPC010");
    CHECK(finding_in("uses = \"unix-sream\"").rule == "IPC011");
    CHECK(finding_in("uses = \"unix-sream\"").message.find("unix-stream") != std::string::npos);
  }

  TEST_CASE("requirements: the file as a whole") {
    CHECK(findings_in("").front().rule == "IPC008");
    CHECK(findings_in("channel = 3").front().rule == "IPC003");
    CHECK(findings_in("channel = []").front().rule == "IPC008");
    CHECK(findings_in("[[channel]]\n").front().rule == "IPC007");
    CHECK(findings_in("[[chanel]]\nname = \"a\"").front().message.find("channel") != std::string::npos);
    CHECK(findings_in("a = = 1").front().rule == "IPC001");
    const auto twins = findings_in("[[channel]]\nname = \"a\"\n[[channel]]\nname = \"a\"\n");
    REQUIRE(twins.size() == 1);
    CHECK(twins.front().rule == "IPC006");
    CHECK(twins.front().span.begin == Position{4, 8});
    CHECK(twins.front().also.front().span.begin == Position{2, 8});
  }

  TEST_CASE("requirements: unknown can be said outright") {
    const Channel channel = tests::channel_of("reach = \"unknown\"\nlatency = \"unknown\"");
    CHECK_FALSE(is_known(channel.needs[*tests::embedded_rules().vocabulary.find("reach")].value));
  }
}
