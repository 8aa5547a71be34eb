#include "engine/compare.hpp"

#include <doctest/doctest.h>

using namespace ipc_advisor;

namespace {

Host host_here() {
  Host host;
  host.kernel = "Linux 6.1.0 x86_64";
  host.cpu_model = "A CPU";
  host.usable_cpus = 2;
  return host;
}

ProbeResult probed(const std::string& mechanism, double median_us, Parameters parameters = {64, 64, 0, false}) {
  ProbeResult probe;
  probe.mechanism = mechanism;
  probe.end = ProbeEnd::measured;
  RoundTrip row;
  row.bytes = 64;
  row.low_ns = median_us * 900;
  row.median_ns = median_us * 1000;
  row.high_ns = median_us * 1100;
  probe.round_trip = {row};
  probe.throughput = {{65536, 1e9 / median_us, 0.9e9 / median_us, 1.1e9 / median_us, "", {}}};
  probe.trials = {{"link", Verdict::confirmed, "", {}, ""}};
  probe.parameters = parameters;
  return probe;
}

ChannelReport channel(const std::string& name, const std::string& mechanism, Verdict verdict = Verdict::confirmed) {
  ChannelReport out;
  out.name = name;
  out.file = "ipc.toml";
  out.decision.mechanism = mechanism;
  out.decision.trace = {{"guide", "clients", "clients", "many", "", OriginKind::file, 0}};
  out.verdict = verdict;
  out.parameters = Parameters{64, 64, 0, false};
  return out;
}

Report report_of(std::vector<ChannelReport> channels, std::vector<ProbeResult> probes) {
  Report out;
  out.rules_version = "1";
  out.rules_digest = "abc";
  out.channels = std::move(channels);
  out.probes = std::move(probes);
  out.host = host_here();
  return out;
}

using Change = FigureChange::Change;

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("compare: a figure changed only where the intervals do not overlap, which is where the ratio's leaves out one") {
    const auto same = engine::change_of({9, 10, 11}, {10.9, 12, 13});
    REQUIRE(same);
    CHECK(same->change == Change::none);
    CHECK(same->ratio == doctest::Approx(1.2));
    CHECK(same->ratio_low <= 1);
    CHECK(same->ratio_high >= 1);
    const auto higher = engine::change_of({9, 10, 11}, {11.1, 12, 13});
    REQUIRE(higher);
    CHECK(higher->change == Change::higher);
    CHECK(higher->ratio_low > 1);
    CHECK(engine::change_of({9, 10, 11}, {5, 6, 8.9})->change == Change::lower);
    // Touching intervals share a value.
    CHECK(engine::change_of({9, 10, 11}, {11, 12, 13})->change == Change::none);
    CHECK(engine::change_of({9, 10, 11}, {40, 44, 48}, 2)->change == Change::none);
    CHECK(engine::change_of({9, 10, 11}, {45, 50, 55}, 2)->change == Change::higher);
    CHECK(engine::change_of({45, 50, 55}, {9, 10, 11}, 2)->change == Change::lower);
    CHECK_FALSE(engine::change_of({0, 10, 11}, {9, 10, 11}));
    CHECK_FALSE(engine::change_of({9, 10, 11}, {12, 10, 11}));
  }

  TEST_CASE("compare: what makes hosts incomparable is named; load and limits are not") {
    Host other = host_here();
    other.load_1min = 5;
    other.limits = {{"open files", "1024"}};
    CHECK(engine::differences(host_here(), other).empty());
    other.kernel = "Linux 6.12.0 x86_64";
    other.cpu_quota = 1.5;
    other.container = "docker";
    const auto differences = engine::differences(host_here(), other);
    REQUIRE(differences.size() == 3);
    CHECK(differences[0] == "kernel: Linux 6.1.0 x86_64 then, Linux 6.12.0 x86_64 now");
    CHECK(differences[1] == "CPU quota: none then, 1.5 CPUs now");
    CHECK(differences[2] == "container: none then, docker now");
  }

  TEST_CASE("compare: another host refuses verdicts and figures, and the decision is told all the same") {
    Report then = report_of({channel("a", "tcp", Verdict::refuted)}, {probed("tcp", 20)});
    Report now = report_of({channel("a", "unix-stream")}, {probed("tcp", 90)});
    now.host.cpu_model = "Another";
    const Comparison refused = engine::compare(then, now, "base.json");
    CHECK(refused.refused == std::vector<std::string>{"CPU model: A CPU then, Another now"});
    CHECK(refused.figures.empty());
    REQUIRE(refused.channels.size() == 1);
    CHECK(refused.channels[0].mechanism.then == "tcp");
    CHECK(refused.channels[0].mechanism.now == "unix-stream");
    CHECK(refused.channels[0].verdict.now.empty());
    now.host = then.host;
    const Comparison compared = engine::compare(then, now, "base.json");
    CHECK(compared.refused.empty());
    CHECK(compared.figures_changed() == 2);
    CHECK(compared.channels[0].verdict.then == "refuted");
    CHECK(compared.channels[0].verdict.now == "confirmed");
  }

  TEST_CASE("compare: without measurements only decisions are compared, on whatever host") {
    Report then = report_of({channel("a", "tcp")}, {probed("tcp", 20)});
    Report now = report_of({channel("a", "tcp", Verdict::not_run)}, {});
    now.host = {};
    const Comparison compared = engine::compare(then, now, "");
    CHECK(compared.refused.empty());
    CHECK(compared.unmeasured == "nothing was measured now");
    CHECK_FALSE(compared.channels.at(0).decided_otherwise());
    CHECK(compared.channels.at(0).verdict.now.empty());
  }

  TEST_CASE("compare: a mechanism of other parameters is left out with a word; where none is left it is refused") {
    const Parameters larger{4096, 64, 0, false}, together{64, 64, 0, true};
    const Report then = report_of({}, {probed("tcp", 20), probed("fifo", 10)});
    const Comparison part = engine::compare(then, report_of({}, {probed("tcp", 20), probed("fifo", 10, larger)}), "");
    CHECK(part.refused.empty());
    CHECK(part.left_out == std::vector<std::string>{"fifo: message size: 64 B then, 4 KiB now"});
    for (const FigureChange& one : part.figures) CHECK(one.mechanism == "tcp");
    const Comparison none = engine::compare(then, report_of({}, {probed("tcp", 20, together), probed("fifo", 10, together)}), "");
    CHECK(none.refused == std::vector<std::string>{"CPUs of the two ends: two then, one now"});
    CHECK(engine::compare(then, report_of({}, {probed("vsock", 10)}), "").refused == std::vector<std::string>{"no mechanism was tried both times"});
  }

  TEST_CASE("compare: another pace is another figure") {
    Report then = report_of({}, {probed("tcp", 20, {64, 64, 2000, false})}), now = report_of({}, {probed("tcp", 20, {64, 64, 2000, false})});
    for (Report* report : {&then, &now}) {
      report->probes[0].round_trip.push_back(report->probes[0].round_trip[0]);
      report->probes[0].round_trip[1].mode = "paced";
    }
    CHECK(engine::compare(then, now, "").figures.size() == 3);
    now.probes[0].parameters->rate = 4000;
    CHECK(engine::compare(then, now, "").figures.size() == 2);
  }

  TEST_CASE("compare: channels that came and went, answers, verdicts of needs and how probes ended") {
    Report then = report_of({channel("a", "unix-stream"), channel("gone", "fifo")}, {probed("tcp", 20)});
    Report now = report_of({channel("a", "unix-stream", Verdict::refuted), channel("new", "tcp")}, {probed("tcp", 20)});
    then.channels[0].decision.trace[0].answer = "two";
    Check check;
    check.need = "latency";
    check.mechanism = "unix-stream";
    check.wanted = "1 ms";
    check.wanted_number = 1e-3;
    check.unit = "s";
    check.low = 9e-6;
    check.median = 10e-6;
    check.high = 11e-6;
    check.verdict = Verdict::confirmed;
    then.channels[0].checks = {check};
    check.wanted = "5 us";
    check.wanted_number = 5e-6;
    check.verdict = Verdict::refuted;
    now.channels[0].checks = {check};
    now.probes[0].end = ProbeEnd::crashed;
    now.probes[0].trials[0].verdict = Verdict::refuted;
    const Comparison compared = engine::compare(then, now, "");
    REQUIRE(compared.channels.size() == 3);
    const ChannelChange& a = compared.channels[0];
    CHECK_FALSE(a.decided_otherwise());
    REQUIRE(a.answers.size() == 2);
    CHECK(a.answers[0].word.then == "two");
    CHECK(a.answers[1].word.now == "5 us");
    REQUIRE(a.needs.size() == 1);
    CHECK(a.needs[0].word.now == "refuted");
    REQUIRE(a.figures.size() == 1);
    CHECK(a.figures[0].change == Change::none);
    CHECK(compared.channels[1].added);
    CHECK(compared.channels[2].removed);
    REQUIRE(compared.trials.size() == 2);
    CHECK(compared.trials[0].word.now == "crashed");
    CHECK(compared.trials[1].what == "link");
    // Under another name of the file it is still the same channel, unless it has a namesake.
    now.channels[0].file = "./ipc.toml";
    CHECK_FALSE(engine::compare(then, now, "").channels[0].added);
    then.channels.push_back(then.channels[0]);
    CHECK(engine::compare(then, now, "").channels[0].added);
  }

  TEST_CASE("compare: reports of different verbs are refused") {
    const Report decided = report_of({channel("a", "tcp")}, {probed("tcp", 20)}), measured = report_of({}, {probed("tcp", 20)}), linted = report_of({}, {});
    for (const auto& [then, now] : {std::pair{&decided, &measured}, {&measured, &decided}, {&linted, &decided}, {&linted, &measured}}) {
      const Comparison compared = engine::compare(*then, *now, "");
      CHECK(compared.refused.size() == 1);
      CHECK(compared.channels.empty());
    }
  }
}
