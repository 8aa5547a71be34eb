#include "engine/judge.hpp"

#include <algorithm>

#include "engine/decide.hpp"
#include "rules_for_tests.hpp"

using namespace ipc_advisor;

namespace {

Trial trial(const std::string& id, Verdict verdict) { return {id, verdict, "planted", std::nullopt, ""}; }

// A probe that measured: p99 in the given interval, everything else well.
ProbeResult probe_with_p99(const std::string& mechanism, double low_us, double p99_us, double high_us) {
  ProbeResult probe;
  probe.mechanism = mechanism;
  probe.end = ProbeEnd::measured;
  RoundTrip round;
  round.bytes = 64;
  round.median_ns = 20e3;
  round.low_ns = 19e3;
  round.high_ns = 21e3;
  round.p99_ns = p99_us * 1e3;
  round.p99_low_ns = low_us * 1e3;
  round.p99_high_ns = high_us * 1e3;
  round.samples = 5000;
  probe.round_trip = {round};
  probe.throughput = {{65536, 2e9, 1.8e9, 2.2e9, "", {}}};
  for (const char* id : {"link", "two-way", "clients-at-once", "other-user-refused", "peer-death-seen"}) probe.trials.push_back(trial(id, Verdict::confirmed));
  return probe;
}

ChannelReport judged(const std::string& body, const std::vector<ProbeResult>& probes) {
  const Channel channel = tests::channel_of(body);
  return engine::judge(tests::embedded_rules(), channel, engine::decide(tests::embedded_rules(), channel), probes);
}

const std::string daemon = "reach = \"same-host\"\nclients = \"many\"\nlatency = \"100 us\"\n";

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("judge: an interval on the good side confirms, on the bad side refutes, across is inconclusive") {
    CHECK(judged(daemon, {probe_with_p99("unix-stream", 60, 70, 80)}).verdict == Verdict::confirmed);
    CHECK(judged(daemon, {probe_with_p99("unix-stream", 90, 100, 110)}).verdict == Verdict::inconclusive);
    CHECK(judged(daemon, {probe_with_p99("unix-stream", 150, 160, 170)}).verdict == Verdict::refuted);
  }

  TEST_CASE("judge: a busy host or late bare sleeps refute no mechanism, and say so") {
    ProbeResult probe = probe_with_p99("unix-stream", 150, 160, 170);
    probe.waited = 0.3;
    const ChannelReport busy = judged(daemon, {probe});
    CHECK(busy.verdict == Verdict::inconclusive);
    CHECK(std::any_of(busy.checks.begin(), busy.checks.end(), [](const Check& check) { return check.because.find("other programs had the CPU in 30 %") != std::string::npos; }));
    probe.waited = 0.05;
    probe.late_p99_ns = 51e3;
    CHECK(judged(daemon, {probe}).verdict == Verdict::inconclusive);
    probe.late_p99_ns = 49e3;
    CHECK(judged(daemon, {probe}).verdict == Verdict::refuted);
    // Nor is it an excuse for what the usual round trip misses already.
    probe.late_p99_ns = 51e3;
    probe.round_trip[0].median_ns = 101e3;
    CHECK(judged(daemon, {probe}).verdict == Verdict::refuted);
    const std::string needs_flow = "reach = \"same-host\"\nclients = \"many\"\nthroughput = ";
    ProbeResult slow = probe_with_p99("unix-stream", 60, 70, 80);
    slow.throughput = {{65536, 2e7, 1.8e7, 2.2e7, "", {}}};
    slow.waited = 0.5;
    CHECK(judged(needs_flow + "\"80 MB/s\"\n", {slow}).verdict == Verdict::inconclusive);
    CHECK(judged(needs_flow + "\"90 MB/s\"\n", {slow}).verdict == Verdict::refuted);
    // What holds even so, holds.
    ProbeResult good = probe_with_p99("unix-stream", 60, 70, 80);
    good.waited = 0.9;
    CHECK(judged(daemon, {good}).verdict == Verdict::confirmed);
  }

  TEST_CASE("judge: the guide's figures for the pick that this host refutes are said") {
    ProbeResult slow = probe_with_p99("unix-stream", 60, 70, 80);
    slow.round_trip[0].low_ns = 50e3;
    slow.round_trip[0].median_ns = 55e3;
    slow.round_trip[0].high_ns = 60e3;
    const auto refutes = [](const ChannelReport& report, std::string_view id) {
      return std::any_of(report.refuted.begin(), report.refuted.end(), [&](const ClaimVerdict& claim) { return claim.id == id; });
    };
    CHECK(refutes(judged(daemon, {slow}), "glance.unix.latency"));
    ProbeResult other = slow;
    other.mechanism = "fifo";
    CHECK(judged(daemon, {other}).refuted.empty());
    slow.round_trip[0].low_ns = slow.round_trip[0].median_ns = slow.round_trip[0].high_ns = 7e3;
    const ChannelReport fast = judged(daemon, {slow});
    CHECK_FALSE(refutes(fast, "glance.unix.latency"));
    CHECK(std::any_of(fast.upheld.begin(), fast.upheld.end(), [](const ClaimVerdict& claim) { return claim.id == "glance.unix.latency"; }));
  }

  TEST_CASE("judge: what was stated is told with its line, in the file's order, and nothing that was assumed") {
    const ChannelReport report = judged("latency = \"1 ms\"\nreach = \"same-host\"\n", {});
    REQUIRE(report.needs.size() == 2);
    CHECK(report.needs[0].need == "latency");
    CHECK(report.needs[0].value == "1 ms");
    CHECK(report.needs[1].line == report.needs[0].line + 1);
  }

  TEST_CASE("judge: too few samples for a percentile never confirm a deadline") {
    ProbeResult probe = probe_with_p99("unix-stream", 60, 70, 80);
    probe.round_trip[0].p99_ns.reset();
    CHECK(judged(daemon, {probe}).verdict == Verdict::inconclusive);
  }

  TEST_CASE("judge: only a probe that measured can confirm") {
    CHECK(judged(daemon, {}).verdict == Verdict::not_run);
    ProbeResult probe = probe_with_p99("unix-stream", 60, 70, 80);
    for (const ProbeEnd end : {ProbeEnd::failed, ProbeEnd::crashed, ProbeEnd::timed_out}) {
      probe.end = end;
      CHECK(judged(daemon, {probe}).verdict == Verdict::inconclusive);
    }
    probe.end = ProbeEnd::unsupported;
    CHECK(judged(daemon, {probe}).verdict == Verdict::refuted);
  }

  TEST_CASE("judge: a broken payload refutes, whatever the figures") {
    ProbeResult probe = probe_with_p99("unix-stream", 60, 70, 80);
    probe.trials[0].verdict = Verdict::refuted;
    CHECK(judged(daemon, {probe}).verdict == Verdict::refuted);
  }

  TEST_CASE("judge: a check that could not run is named beside the confirmed ones") {
    ProbeResult probe = probe_with_p99("unix-stream", 60, 70, 80);
    for (Trial& other : probe.trials)
      if (other.id == "other-user-refused") other.verdict = Verdict::not_run;
    const ChannelReport report = judged(daemon + "access = \"same-user\"", {probe});
    CHECK(report.verdict == Verdict::confirmed);
    CHECK(report.because.find("could not be tried: access") != std::string::npos);
  }

  TEST_CASE("judge: a refuted leader falls where the next one is confirmed") {
    const std::string body = "reach = \"same-host\"\nclients = \"many\"\ndelivery = \"messages\"\nplatforms = [\"linux\"]\nlatency = \"100 us\"";
    const ChannelReport report = judged(body, {probe_with_p99("unix-seqpacket", 150, 160, 170), probe_with_p99("unix-stream", 60, 70, 80)});
    CHECK(report.decision.mechanism == "unix-stream");
    CHECK(report.verdict == Verdict::confirmed);
    const auto& candidates = report.decision.candidates;
    CHECK(candidates.front().mechanism == "unix-stream");
    const auto old = std::find_if(candidates.begin(), candidates.end(), [](const Candidate& c) { return c.mechanism == "unix-seqpacket"; });
    CHECK(old->standing == Standing::fallen);
    CHECK(old->because.find("latency") != std::string::npos);
  }

  TEST_CASE("judge: without a confirmed successor the leader stays, refuted") {
    const ChannelReport report = judged(daemon, {probe_with_p99("unix-stream", 150, 160, 170)});
    CHECK(report.decision.mechanism == "unix-stream");
    CHECK(report.verdict == Verdict::refuted);
  }

  TEST_CASE("judge: capabilities gate, timings only when asked") {
    const ChannelReport slow = judged(daemon, {probe_with_p99("unix-stream", 150, 160, 170)});
    CHECK(engine::passes_gate(slow, false));
    CHECK_FALSE(engine::passes_gate(slow, true));
    ProbeResult open = probe_with_p99("unix-stream", 60, 70, 80);
    for (Trial& other : open.trials)
      if (other.id == "other-user-refused") other.verdict = Verdict::refuted;
    CHECK_FALSE(engine::passes_gate(judged(daemon + "access = \"same-user\"", {open}), false));
    ProbeResult missing;
    missing.mechanism = "unix-stream";
    missing.end = ProbeEnd::unsupported;
    CHECK_FALSE(engine::passes_gate(judged(daemon, {missing}), false));
  }
}
