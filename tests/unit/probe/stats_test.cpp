#include "probe/stats.hpp"

#include <doctest/doctest.h>
#include <numeric>

#include "probe/raw.hpp"
#include "probe/wire.hpp"

using namespace ipc_advisor;
using namespace ipc_advisor::probe;

namespace {

std::vector<double> one_to(int count) {
  std::vector<double> values(static_cast<std::size_t>(count));
  std::iota(values.begin(), values.end(), 1.0);
  return values;
}

RawResult round_of(std::vector<double> ns, double flow) {
  RawResult raw;
  raw.mechanism = "tcp";
  raw.end = ProbeEnd::measured;
  raw.slices = {{64, "", std::move(ns), 0, {}}};
  raw.flows = {{4096, flow, ""}};
  return raw;
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("stats: medians of odd and even counts") {
    CHECK(median({3, 1, 2}) == 2);
    CHECK(median({4, 1, 3, 2}) == 2.5);
  }

  TEST_CASE("stats: the interval's ranks are those of the binomial distribution") {
    // n = 100, q = 0.5: ranks 40 and 61 (Conover's table: 95.4 %).
    const auto half = quantile(one_to(100), 0.5);
    REQUIRE(half);
    CHECK(half->value == 50);
    CHECK(half->low == 40);
    CHECK(half->high == 61);
  }

  TEST_CASE("stats: a percentile without enough samples is not given") {
    CHECK_FALSE(quantile(one_to(100), 0.99));
    // The exact limits: 0.99 to the power of 367 and 0.5 to the power of 5 are above 2.5 %.
    CHECK_FALSE(quantile(one_to(367), 0.99));
    CHECK(quantile(one_to(368), 0.99));
    CHECK_FALSE(quantile(one_to(5), 0.5));
    CHECK(quantile(one_to(6), 0.5));
    CHECK(quantile(one_to(1000), 0.99));
    CHECK_FALSE(quantile({}, 0.5));
  }

  TEST_CASE("summary: the interval covers every round, and the first of three is left out") {
    const auto result = summarise({round_of({900, 900, 900}, 1e9), round_of({10, 11, 12}, 2e9), round_of({20, 21, 22}, 3e9)});
    CHECK(result.end == ProbeEnd::measured);
    REQUIRE(result.round_trip.size() == 1);
    CHECK(result.round_trip[0].median_ns == 16);
    CHECK(result.round_trip[0].low_ns <= 11);
    CHECK(result.round_trip[0].high_ns >= 21);
    CHECK(result.round_trip[0].samples == 6);
    CHECK_FALSE(result.round_trip[0].p99_ns);
    CHECK(result.round_trip[0].rounds_ns == std::vector<double>{11, 21});
    // Every round, and 12 % for what a host may differ by from one minute to the next.
    CHECK(result.round_trip[0].low_ns == doctest::Approx(8.8));
    CHECK(result.round_trip[0].high_ns == doctest::Approx(24.64));
    CHECK(result.throughput[0].low == doctest::Approx(1.76e9));
    CHECK(result.throughput[0].high == doctest::Approx(3.36e9));
    CHECK(result.throughput[0].rounds == std::vector<double>{2e9, 3e9});
  }

  TEST_CASE("summary: a percentile's own uncertainty and the host's add up as independent ones") {
    // 3 and 4 are the sides, 5 the whole: 100 ns from the value to the order statistic, 0.12 of the value.
    std::vector<double> samples(2000, 1000.0);
    const auto flat = summarise({round_of(samples, 1)}).round_trip[0];
    REQUIRE(flat.p99_high_ns);
    CHECK(*flat.p99_low_ns == doctest::Approx(880));
    CHECK(*flat.p99_high_ns == doctest::Approx(1120));
    // 15 of 2000 lie 160 ns higher: the 99th percentile is below them, the end of its interval among them.
    std::fill(samples.end() - 15, samples.end(), 1160.0);
    const auto tailed = summarise({round_of(samples, 1)}).round_trip[0];
    CHECK(*tailed.p99_ns == 1000);
    CHECK(*tailed.p99_low_ns == doctest::Approx(880));
    CHECK(*tailed.p99_high_ns == doctest::Approx(1200));
  }

  TEST_CASE("summary: outliers are counted beyond the outer fence, and kept") {
    std::vector<double> samples;
    for (int i = 0; i < 100; ++i) samples.push_back(100 + i);
    samples.push_back(176 + 3 * (176 - 125) + 1);
    samples.push_back(5000);
    const auto result = summarise({round_of(samples, 1)});
    CHECK(result.round_trip[0].outliers == 2);
    CHECK(result.round_trip[0].samples == 102);
    CHECK(summarise({round_of(std::vector<double>(50, 7.0), 1)}).round_trip[0].outliers == 0);
  }

  TEST_CASE("summary: two states of the host are said, not averaged away") {
    const auto in_state = [](double ns, double hop_ns) {
      RawResult raw = round_of({ns, ns, ns}, 1e9);
      raw.hop_ns = hop_ns;
      return raw;
    };
    const auto result = summarise({in_state(99, 200), in_state(20, 210), in_state(30, 700), in_state(22, 220), in_state(32, 720)});
    REQUIRE(result.round_trip[0].states.size() == 2);
    CHECK(result.round_trip[0].states[0].median_ns == 21);
    CHECK(result.round_trip[0].states[0].rounds == 2);
    CHECK(result.round_trip[0].states[1].median_ns == 31);
    CHECK(summarise({in_state(99, 200), in_state(20, 210), in_state(30, 220)}).round_trip[0].states.empty());
  }

  TEST_CASE("summary: a round with many samples does not outweigh the others in a percentile") {
    std::vector<double> many(4000, 5.0);
    const auto result = summarise({round_of({1}, 1), round_of(many, 1), round_of(std::vector<double>(400, 10.0), 1), round_of(std::vector<double>(400, 10.0), 1)});
    REQUIRE(result.round_trip[0].p99_ns);
    CHECK(*result.round_trip[0].p99_ns == 10);
    CHECK(result.round_trip[0].samples == 4800);
  }

  TEST_CASE("summary: steady is six rounds alike with a percentile, and nothing less") {
    const auto rounds = [](std::size_t count, double last) {
      std::vector<RawResult> list(count, round_of(std::vector<double>(100, 50.0), 1));
      list.back() = round_of(std::vector<double>(100, last), 1);
      return list;
    };
    CHECK(is_steady(rounds(6, 52)));
    CHECK_FALSE(is_steady(rounds(5, 50)));
    CHECK_FALSE(is_steady(rounds(6, 53)));
    std::vector<RawResult> few(6, round_of({50, 50}, 1));
    CHECK_FALSE(is_steady(few));
  }

  TEST_CASE("summary: the controls are those of the rounds that count") {
    std::vector<RawResult> rounds(3, round_of({10, 11}, 1));
    rounds[0].waited = 0.9;
    rounds[0].late_ns = {9e9};
    rounds[1].waited = 0.2;
    rounds[1].late_ns = one_to(50);
    rounds[2].waited = 0.4;
    rounds[2].slices[0].late_ns = {70, 60};
    const auto result = summarise(rounds);
    CHECK(result.waited == doctest::Approx(0.3));
    CHECK(result.late_p99_ns == 70);
    CHECK_FALSE(summarise({round_of({10}, 1)}).late_p99_ns);
  }

  TEST_CASE("summary: crowds come in the order of their size") {
    RawResult raw = round_of({10, 11}, 1);
    for (const char* mode : {"16 clients", "1 client", "8 clients"}) raw.slices.push_back({64, mode, {5}, 0, {}});
    std::vector<std::string> modes;
    for (const RoundTrip& round : summarise({raw}).round_trip) modes.push_back(round.mode);
    CHECK(modes == std::vector<std::string>{"", "1 client", "8 clients", "16 clients"});
  }

  TEST_CASE("summary: one bad round is the result, figures or not") {
    RawResult bad;
    bad.mechanism = "tcp";
    bad.end = ProbeEnd::crashed;
    bad.because = "SIGSEGV";
    const auto result = summarise({round_of({10, 11}, 1), bad});
    CHECK(result.end == ProbeEnd::crashed);
    CHECK(result.because == "SIGSEGV");
    CHECK(result.round_trip.empty());
  }

  TEST_CASE("wire: rounds, plans and results come back as they went") {
    RawResult raw = round_of({10, 11}, 5);
    raw.trials = {{"link", Verdict::confirmed, "\"quoted\" \n text", 3.0, "clients"}};
    const auto back = raw_from_json(to_json(raw));
    REQUIRE(back);
    CHECK(to_json(*back) == to_json(raw));
    Plan plan;
    plan.trials = {"link"};
    plan.clients = 7;
    CHECK(to_json(*plan_from_json(to_json(plan))) == to_json(plan));
    CHECK_FALSE(plan_from_json(to_json(plan))->buffer);
    plan.buffer = 0;  // the kernel's own were best: nothing is left to be found
    CHECK(plan_from_json(to_json(plan))->buffer == 0);
    const ProbeResult result = summarise({raw});
    const auto same = probe_result_from_json(to_json(result));
    REQUIRE(same);
    CHECK(to_json(*same) == to_json(result));
  }

  TEST_CASE("wire: what is not a result is an error, and an unknown end is not a measured one") {
    for (const char* text : {"", "{", "[]", "{}", "3", "{\"mechanism\": 3}", "{\"mechanism\":\"tcp\"}"}) CHECK_FALSE(raw_from_json(text));
    const auto odd = probe_result_from_json("{\"mechanism\":\"tcp\",\"end\":\"splendid\"}");
    REQUIRE(odd);
    CHECK(odd->end == ProbeEnd::failed);
  }
}
