#include "engine/claims.hpp"

#include <algorithm>

#include "rules_for_tests.hpp"

using namespace ipc_advisor;

namespace {

ClaimVerdict verdict_of_claim(const std::string& id, const std::vector<ProbeResult>& probes) {
  const auto all = engine::settle_claims(tests::embedded_rules(), probes);
  const auto found = std::find_if(all.begin(), all.end(), [&](const ClaimVerdict& claim) { return claim.id == id; });
  REQUIRE(found != all.end());
  return *found;
}

ProbeResult tcp_at(double low_us, double median_us, double high_us) {
  ProbeResult probe;
  probe.mechanism = "tcp";
  probe.end = ProbeEnd::measured;
  RoundTrip round;
  round.bytes = 64;
  round.low_ns = low_us * 1e3;
  round.median_ns = median_us * 1e3;
  round.high_ns = high_us * 1e3;
  round.samples = 1000;
  probe.round_trip = {round};
  return probe;
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("claims: the ledger has all 89, and nothing is confirmed without a probe") {
    const auto all = engine::settle_claims(tests::embedded_rules(), {});
    CHECK(all.size() == 89);
    for (const ClaimVerdict& claim : all) CHECK(claim.verdict != "confirmed");
  }

  TEST_CASE("claims: a figure is held against the guide's range") {
    CHECK(verdict_of_claim("glance.tcp.latency", {tcp_at(18, 20, 22)}).verdict == "confirmed");
    CHECK(verdict_of_claim("glance.tcp.latency", {tcp_at(28, 32, 35)}).verdict == "inconclusive");
    CHECK(verdict_of_claim("glance.tcp.latency", {tcp_at(60, 70, 80)}).verdict == "refuted");
    CHECK(verdict_of_claim("glance.tcp.latency", {tcp_at(5, 6, 7)}).verdict == "refuted");
  }

  TEST_CASE("claims: a busy host refutes no figure that it may have slowed down, and still one that is too fast") {
    ProbeResult slow = tcp_at(60, 70, 80), fast = tcp_at(5, 6, 7);
    slow.waited = fast.waited = 0.3;
    const ClaimVerdict excused = verdict_of_claim("glance.tcp.latency", {slow});
    CHECK(excused.verdict == "inconclusive");
    CHECK(excused.because.find("other programs had the CPU in 30 %") != std::string::npos);
    CHECK(verdict_of_claim("glance.tcp.latency", {fast}).verdict == "refuted");
  }

  TEST_CASE("claims: a ratio is taken round by round where there are enough, since those met the same host") {
    ProbeResult tcp = tcp_at(20, 60, 120), unix_stream = tcp_at(10, 20, 50);
    unix_stream.mechanism = "unix-stream";
    const ClaimVerdict wide = verdict_of_claim("tcp.loopback-3x", {tcp, unix_stream});
    CHECK(wide.low == doctest::Approx(0.4));
    CHECK(wide.high == doctest::Approx(12));
    CHECK(wide.verdict == "inconclusive");
    tcp.round_trip[0].rounds_ns = {40, 80, 160, 50, 90, 1};
    unix_stream.round_trip[0].rounds_ns = {20, 40, 70, 20, 40};
    const ClaimVerdict paired = verdict_of_claim("tcp.loopback-3x", {tcp, unix_stream});
    CHECK(paired.low == doctest::Approx(2));
    CHECK(paired.measured == doctest::Approx(2.25));
    CHECK(paired.high == doctest::Approx(2.5));
    CHECK(paired.verdict == "confirmed");
  }

  TEST_CASE("claims: a handful of samples settles nothing, and says so") {
    ProbeResult slow = tcp_at(60, 70, 80), good = tcp_at(18, 20, 22);
    slow.round_trip[0].samples = good.round_trip[0].samples = 5;
    CHECK(verdict_of_claim("glance.tcp.latency", {slow}).because.find("only 5 samples") != std::string::npos);
    CHECK(verdict_of_claim("glance.tcp.latency", {slow}).verdict == "inconclusive");
    CHECK(verdict_of_claim("glance.tcp.latency", {good}).verdict == "inconclusive");
  }

  TEST_CASE("claims: knowledge is never reported as confirmed") {
    CHECK(verdict_of_claim("glance.tcp.cross-os", {tcp_at(18, 20, 22)}).verdict == "knowledge");
    CHECK(verdict_of_claim("unix.default", {tcp_at(18, 20, 22)}).verdict == "rule");
  }

  TEST_CASE("claims: a probe that ended badly leaves its claims open, with the reason") {
    ProbeResult probe = tcp_at(18, 20, 22);
    probe.end = ProbeEnd::unsupported;
    probe.because = "socket: Operation not permitted";
    const ClaimVerdict claim = verdict_of_claim("glance.tcp.latency", {probe});
    CHECK(claim.verdict == "not-run");
    CHECK(claim.because.find("not permitted") != std::string::npos);
  }
}
