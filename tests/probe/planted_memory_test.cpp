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

// Takes its time over every write.
class SlowEnd : public End {
 public:
  explicit SlowEnd(std::unique_ptr<End> end) : end_(std::move(end)) {}
  Result<void> send(std::span<const std::byte> bytes) override {
    usleep(5000);
    return end_->send(bytes);
  }
  Result<void> receive(std::span<std::byte> bytes) override { return end_->receive(bytes); }

 private:
  std::unique_ptr<End> end_;
};

// Turns one bit over in everything that it hands out.
class WrongEnd : public End {
 public:
  explicit WrongEnd(std::unique_ptr<End> end) : end_(std::move(end)) {}
  Result<void> send(std::span<const std::byte> bytes) override { return end_->send(bytes); }
  Result<void> receive(std::span<std::byte> bytes) override {
    auto got = end_->receive(bytes);
    bytes.back() ^= std::byte{1};
    return got;
  }

 private:
  std::unique_ptr<End> end_;
};

// Pipes whose client's end is that one.
template <typename ClientEnd>
class PlantedLink : public Link {
 public:
  explicit PlantedLink(std::unique_ptr<Link> link) : link_(std::move(link)) {}
  Result<std::unique_ptr<End>> open(Side side) override {
    auto end = link_->open(side);
    if (!end || side == Side::server) return end;
    return std::make_unique<ClientEnd>(std::move(*end));
  }

 private:
  std::unique_ptr<Link> link_;
};

template <typename ClientEnd>
Probe probe_with() {
  Probe probe;
  probe.id = "planted";
  probe.prepare = [](const Place& place) -> Result<std::unique_ptr<Link>> {
    auto link = pipe_link(false, place);
    if (!link) return link;
    return std::make_unique<PlantedLink<ClientEnd>>(std::move(*link));
  };
  return probe;
}
const Probe wrong = probe_with<WrongEnd>(), slow = probe_with<SlowEnd>();

}  // namespace

TEST_SUITE("probe") {
  TEST_CASE("planted: a link that turns a bit over is refuted, and no round trip comes of it") {
    CHECK(seen([](const Place& place) { return try_payload(wrong, place); }) == Verdict::refuted);
    CHECK(seen([](const Place& place) { return try_ring("two-way", "", wrong, place); }) == Verdict::inconclusive);
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
