// Trials of memory and of links, put before memory that is not shared and links that are wrong or slow: they must see that.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probe/harness.hpp"
#include "probe/limits.hpp"
#include "probe/outcome.hpp"

using namespace ipc_advisor;
using namespace ipc_advisor::probe;

namespace {

Verdict seen(const std::function<Trial(const Place&)>& run, double seconds = 30) { return tests::outcome_of(run, seconds).verdict; }

Result<Mapping> unshared(std::size_t bytes) {
  void* address = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED) return fail_errno("mmap", errno);
  return Mapping(address, bytes);
}

Result<Mapping> shared(std::size_t bytes) {
  void* address = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED) return fail_errno("mmap", errno);
  return Mapping(address, bytes);
}

// Passes everything on; what is planted overrides one way.
class PassingEnd : public End {
 public:
  explicit PassingEnd(std::unique_ptr<End> end) : end_(std::move(end)) {}
  Result<void> send(std::span<const std::byte> bytes) override { return end_->send(bytes); }
  Result<void> receive(std::span<std::byte> bytes) override { return end_->receive(bytes); }
  Result<std::size_t> receive_some(std::span<std::byte> bytes, std::size_t message) override { return end_->receive_some(bytes, message); }

 private:
  std::unique_ptr<End> end_;
};

// Takes its time over every write.
class SlowEnd : public PassingEnd {
 public:
  using PassingEnd::PassingEnd;
  Result<void> send(std::span<const std::byte> bytes) override {
    usleep(5000);
    return PassingEnd::send(bytes);
  }
};

// Turns one bit over in everything that it hands out.
class WrongEnd : public PassingEnd {
 public:
  using PassingEnd::PassingEnd;
  Result<void> receive(std::span<std::byte> bytes) override {
    auto got = PassingEnd::receive(bytes);
    bytes.back() ^= std::byte{1};
    return got;
  }
};

// Looks for the first bytes when all the others are there too.
class LateEnd : public PassingEnd {
 public:
  using PassingEnd::PassingEnd;
  Result<std::size_t> receive_some(std::span<std::byte> bytes, std::size_t message) override {
    usleep(400'000);
    return PassingEnd::receive_some(bytes, message);
  }
};

// Pipes whose client's end is that one, and perhaps the server's end another.
template <typename ClientEnd, typename ServerEnd = void>
class PlantedLink : public Link {
 public:
  explicit PlantedLink(std::unique_ptr<Link> link) : link_(std::move(link)) {}
  Result<std::unique_ptr<End>> open(Side side) override {
    auto end = link_->open(side);
    if (!end) return end;
    if (side == Side::client) return std::make_unique<ClientEnd>(std::move(*end));
    if constexpr (std::is_void_v<ServerEnd>) return end;
    else return std::make_unique<ServerEnd>(std::move(*end));
  }

 private:
  std::unique_ptr<Link> link_;
};

template <typename ClientEnd, typename ServerEnd = void>
Probe probe_with() {
  Probe probe;
  probe.id = "planted";
  probe.prepare = [](const Place& place) -> Result<std::unique_ptr<Link>> {
    auto link = pipe_link(false, place);
    if (!link) return link;
    return std::make_unique<PlantedLink<ClientEnd, ServerEnd>>(std::move(*link));
  };
  return probe;
}
const Probe wrong = probe_with<WrongEnd>(), slow = probe_with<SlowEnd>(), slow_and_late = probe_with<SlowEnd, LateEnd>();

}  // namespace

TEST_SUITE("probe") {
  TEST_CASE("planted: a link that turns a bit over is refuted, and no round trip comes of it") {
    CHECK(seen([](const Place& place) { return try_payload(wrong, place); }) == Verdict::refuted);
    CHECK(seen([](const Place& place) { return try_ring("two-way", "", wrong, place); }) == Verdict::inconclusive);
  }

  TEST_CASE("planted: a receiver that finds everything waiting does not make a flow faster than it was sent") {
    const auto outcome = tests::outcome_of([](const Place& place) {
      const auto flow = time_flow(slow_and_late, place, choose_placement(), 64, 0.1);
      if (!flow) return broken("flow", flow.error());
      // One write of 64 bytes every 5 ms at the most.
      return flow->bytes_per_s > 0 && flow->bytes_per_s < 2 * 64 / 0.005 ? confirmed("flow", "") : refuted("flow", std::to_string(flow->bytes_per_s));
    });
    CHECK_MESSAGE(outcome.verdict == Verdict::confirmed, outcome.because);
  }

  TEST_CASE("planted: memory that is not shared, not sealed, not guarded") {
    CHECK(seen([](const Place&) { return try_same_pages(unshared); }) == Verdict::refuted);
    CHECK(seen([](const Place&) { return try_torn_write(unshared); }) == Verdict::refuted);
    CHECK(seen([](const Place&) { return try_every_reader(unshared); }, 0.5) == Verdict::inconclusive);
    CHECK(seen([](const Place& place) {
            return try_late_reader(place.folder + "/past", [](int, std::size_t bytes) { return unshared(bytes); });
          }) == Verdict::refuted);
    CHECK(seen([](const Place&) { return try_sealed_memory(0); }) == Verdict::refuted);
    CHECK(seen([](const Place&) { return try_sealed_memory(F_SEAL_GROW); }) == Verdict::refuted);
    CHECK(seen([](const Place&) { return try_robust_mutex(PTHREAD_MUTEX_STALLED); }) == Verdict::refuted);
    const Verdict roomy = seen([](const Place& place) { return try_small_memory(place, "16m"); });
    CHECK((roomy == Verdict::refuted || roomy == Verdict::not_run));
    CHECK(seen([](const Place& place) { return try_memory_bound(shared, slow, place); }) != Verdict::confirmed);
  }
}
