#include "engine/checks.hpp"

#include <algorithm>

#include "rules_for_tests.hpp"

using namespace ipc_advisor;

namespace {

ProbeResult measured() {
  ProbeResult probe;
  probe.mechanism = "unix-stream";
  probe.end = ProbeEnd::measured;
  RoundTrip round;
  round.bytes = 64;
  round.median_ns = 20e3;
  round.low_ns = 19e3;
  round.high_ns = 21e3;
  round.p99_ns = 70e3;
  round.p99_low_ns = 60e3;
  round.p99_high_ns = 80e3;
  round.samples = 5000;
  RoundTrip large = round;
  large.bytes = 65536;
  large.p99_ns = large.p99_low_ns = large.p99_high_ns = 900e3;
  RoundTrip paced = round;
  paced.mode = "paced";
  paced.p99_ns = paced.p99_low_ns = paced.p99_high_ns = 300e3;
  probe.round_trip = {round, large, paced};
  probe.throughput = {{65536, 9e9, 9e9, 9e9, "expert", {}}, {65536, 2e9, 1.8e9, 2.2e9, "", {}}};
  probe.trials = {{"link", Verdict::confirmed, "planted", std::nullopt, ""}, {"clients-at-once", Verdict::confirmed, "planted", 64.0, "clients"}};
  return probe;
}

Check check_of(const std::string& body, const std::string& need, const ProbeResult& probe) {
  const auto checks = engine::checks_of(tests::embedded_rules(), tests::channel_of(body), "unix-stream", &probe);
  const auto found = std::find_if(checks.begin(), checks.end(), [&](const Check& check) { return check.need == need; });
  REQUIRE(found != checks.end());
  return *found;
}

const std::string daemon = "reach = \"same-host\"\nclients = \"many\"\n";

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("checks: a figure is taken at the channel's own size, and paced where it was paced") {
    ProbeResult probe = measured();
    CHECK(check_of(daemon + "latency = \"400 us\"", "latency", probe).median == doctest::Approx(300e-6));
    probe.round_trip.pop_back();
    CHECK(check_of(daemon + "latency = \"400 us\"", "latency", probe).median == doctest::Approx(70e-6));
    const Check large = check_of(daemon + "latency = \"400 us\"\nmessage-size = \"64 KiB\"", "latency", probe);
    CHECK(large.median == doctest::Approx(900e-6));
    CHECK(large.verdict == Verdict::refuted);
  }

  TEST_CASE("checks: throughput is what users get, with the buffers that the system gives") {
    const Check check = check_of(daemon + "throughput = \"2.5 GB/s\"", "throughput", measured());
    CHECK(check.median == doctest::Approx(2e9));
    CHECK(check.verdict == Verdict::refuted);
    CHECK(check_of(daemon + "throughput = \"2 GB/s\"", "throughput", measured()).verdict == Verdict::inconclusive);
  }

  TEST_CASE("checks: a trial that the probe does not have is not-run, and says which") {
    const Check check = check_of(daemon + "access = \"same-user\"", "access", measured());
    CHECK(check.verdict == Verdict::not_run);
    CHECK(check.because.find("other-user-refused") != std::string::npos);
  }

  TEST_CASE("checks: what is only assumed is not held against the host") {
    const auto checks = engine::checks_of(tests::embedded_rules(), tests::channel_of(daemon), "unix-stream", nullptr);
    CHECK(std::none_of(checks.begin(), checks.end(), [](const Check& check) { return check.need == "latency" || check.need == "access"; }));
    for (const Check& check : checks) CHECK(check.because == "not probed");
  }

  TEST_CASE("checks: only the trials that a channel's needs call for are asked for, the payload always") {
    const auto plain = engine::trials_for(tests::embedded_rules(), tests::channel_of("reach = \"same-host\""));
    REQUIRE(!plain.empty());
    CHECK(plain.front() == "link");
    CHECK(std::find(plain.begin(), plain.end(), "other-user-refused") == plain.end());
    const auto guarded = engine::trials_for(tests::embedded_rules(), tests::channel_of(daemon + "access = \"same-user\""));
    CHECK(std::count(guarded.begin(), guarded.end(), "other-user-refused") == 1);
  }
}
