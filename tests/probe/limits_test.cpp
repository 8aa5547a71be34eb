// Each trial with a fault planted: it must not confirm.
#include "probe/limits.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/os.hpp"
#include "probe/outcome.hpp"
#include "probe/reach.hpp"

using namespace ipc_advisor;
using namespace ipc_advisor::probe;
using ipc_advisor::tests::Outcome;
using ipc_advisor::tests::outcome_of;

namespace {

Result<Pipe> record_pipe(const Place&) {
  auto pair = bare_pair(SOCK_SEQPACKET)({});
  if (!pair) return tl::unexpected(pair.error());
  return Pipe{std::move(pair->second), std::move(pair->first)};
}

// The first is an ordinary pipe, by which the trial learns the capacity; the others hold far more.
OpenPipe growing_pipes() {
  auto count = std::make_shared<int>(0);
  return [count](const Place&) -> Result<Pipe> {
    auto pipe = make_pipe();
    if (pipe && ++*count > 1) fcntl(pipe->write_end.get(), F_SETPIPE_SZ, 1 << 20);
    return pipe;
  };
}

Result<Mapping> unshared(std::size_t bytes) {
  void* address = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED) return fail_errno("mmap", errno);
  return Mapping(address, bytes);
}

}  // namespace

TEST_SUITE("probe") {
  TEST_CASE("limits: a stream has no largest record") {
    const Outcome outcome = outcome_of([](const Place& place) { return try_largest_record(bare_pair(SOCK_STREAM), place); });
    CHECK(outcome.verdict == Verdict::refuted);
  }

  TEST_CASE("limits: a queue that loses instead of filling is no full queue") {
    const Outcome outcome = outcome_of([](const Place& place) { return try_full_queue(pair_of(udp_kind()), place); });
    CHECK(outcome.verdict == Verdict::refuted);
  }

  TEST_CASE("limits: where records are kept nothing is torn") {
    const Outcome outcome = outcome_of([](const Place& place) { return try_torn_records(record_pipe, place); });
    CHECK(outcome.verdict == Verdict::inconclusive);
    CHECK(outcome.because.find("whole") != std::string::npos);
  }

  TEST_CASE("limits: pipes that hold more do not jam at one byte more") {
    const Outcome outcome = outcome_of([](const Place& place) { return try_two_way_deadlock(growing_pipes(), place); });
    CHECK(outcome.verdict == Verdict::refuted);
    CHECK(outcome.because.find("got through") != std::string::npos);
  }

  TEST_CASE("limits: what goes with its owner is not left behind, and an owner that lives proves nothing") {
    const auto nothing = [] { return std::string(); };
    const auto remove = [] {};
    CHECK(outcome_of([&](const Place&) { return try_left_behind({[] { return true; }, nothing, remove}); }).verdict == Verdict::refuted);
    CHECK(outcome_of([&](const Place&) { return try_left_behind({[] { return false; }, nothing, remove}); }).verdict == Verdict::inconclusive);
    CHECK(outcome_of([&](const Place&) { return try_left_behind({[] { return true; }, [] { return std::string("a file"); }, remove, false}); }).verdict == Verdict::refuted);
    CHECK(outcome_of([&](const Place&) { return try_left_behind({[] { return true; }, nothing, remove, false}); }).verdict == Verdict::confirmed);
  }

  TEST_CASE("limits: a loopback port has no mode, no credentials, and no way from another network") {
    if (geteuid() == 0) {
      CHECK(outcome_of([](const Place& place) { return try_modes(tcp_kind(), place); }).verdict == Verdict::refuted);
    } else {
      CHECK(outcome_of([](const Place& place) { return try_modes(tcp_kind(), place); }).verdict == Verdict::not_run);
    }
    CHECK(outcome_of([](const Place& place) { return try_from_other_network("path-crosses-networks", tcp_kind(), place, true); }).verdict != Verdict::confirmed);
    CHECK(outcome_of([](const Place& place) { return try_credentials_across(tcp_kind(), place); }).verdict != Verdict::confirmed);
  }

  TEST_CASE("limits: memory that is not shared shows no torn record") {
    CHECK(outcome_of([](const Place&) { return try_sequence_lock(unshared); }).verdict == Verdict::inconclusive);
  }
}
