// Single-producer single-consumer rings with three ways of waiting.
#include "probe/ring.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/os.hpp"

namespace ipc_advisor::probe {
namespace {

constexpr int spins_before_sleep = 4000;

void relax() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Not FUTEX_PRIVATE: the word is shared between processes (futex(2)).
long futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value, const timespec* timeout) {
  return syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word), operation, value, timeout, nullptr, 0);
}

// Waits until ready() holds. The waiter announces itself before it looks again, and the other side looks for waiters
// after it has published: one of the two always sees the other.
template <typename Ready>
Result<void> wait_for(Ready ready, Waiting waiting, std::atomic<std::uint32_t>& signal, std::atomic<std::uint32_t>& waiters) {
  const int spins = waiting == Waiting::sleep ? 0 : spins_before_sleep;
  for (;;) {
    for (int i = 0; i < spins; ++i) {
      if (ready()) return {};
      relax();
    }
    if (deadline_passed()) return fail(ErrorKind::timed_out, "the ring's other end did nothing before the deadline");
    if (waiting == Waiting::spin) continue;
    const std::uint32_t seen = signal.load();
    waiters.fetch_add(1);
    const timespec timeout{0, 50'000'000};
    if (!ready()) futex(signal, FUTEX_WAIT, seen, &timeout);
    waiters.fetch_sub(1);
    if (ready()) return {};
  }
}

void publish(std::atomic<std::uint32_t>& signal, std::atomic<std::uint32_t>& waiters) {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (waiters.load(std::memory_order_relaxed) == 0) return;
  signal.fetch_add(1);
  futex(signal, FUTEX_WAKE, 1, nullptr);
}

// For few bytes the call of memcpy(3) takes longer than the bytes do.
void copy_few(std::byte* to, const std::byte* from, std::size_t count) {
  for (; count >= 16; count -= 16, to += 16, from += 16) std::memcpy(to, from, 16);
  for (; count > 0; --count) *to++ = *from++;
}

// Branches and no choice of an address: a CPU then asks for a small message's second line before the first has come.
void put(Cell& cell, const std::byte* from, std::size_t count) {
  cell.length = count;
  if (count <= sizeof cell.small) copy_few(cell.small, from, count);
  else std::memcpy(cell.large, from, count);
}

void get(const Cell& cell, std::size_t at, std::byte* to, std::size_t count) {
  if (cell.length <= sizeof cell.small) copy_few(to, cell.small + at, count);
  else std::memcpy(to, cell.large + at, count);
}

class RingEnd : public End {
 public:
  RingEnd(Ring& out, Ring& in, Waiting waiting) : out_(out), in_(in), waiting_(waiting) {}

  Result<void> send(std::span<const std::byte> bytes) override {
    while (!bytes.empty()) {
      Cell& cell = out_.cells[written_ % cells_per_ring];
      const auto room = [&] { return written_ - (peer_read_ = out_.read.load(std::memory_order_acquire)) < cells_per_ring; };
      if (written_ - peer_read_ >= cells_per_ring && !room())
        if (auto waited = wait_for(room, waiting_, out_.space_signal, out_.space_waiters); !waited) return waited;
      const std::size_t part = std::min(bytes.size(), cell_bytes);
      put(cell, bytes.data(), part);
      cell.number.store(++written_, std::memory_order_release);
      if (waiting_ != Waiting::spin) publish(out_.data_signal, out_.data_waiters);
      bytes = bytes.subspan(part);
    }
    return {};
  }

  Result<void> receive(std::span<std::byte> bytes) override {
    while (!bytes.empty()) {
      Cell& cell = in_.cells[read_ % cells_per_ring];
      const auto data = [&] { return cell.number.load(std::memory_order_acquire) == read_ + 1; };
      if (!data())
        if (auto waited = wait_for(data, waiting_, in_.data_signal, in_.data_waiters); !waited) return waited;
      const std::size_t part = std::min<std::size_t>(bytes.size(), cell.length - taken_);
      get(cell, taken_, bytes.data(), part);
      taken_ += part;
      bytes = bytes.subspan(part);
      if (taken_ < cell.length) continue;
      taken_ = 0;
      in_.read.store(++read_, std::memory_order_release);
      if (waiting_ != Waiting::spin) publish(in_.space_signal, in_.space_waiters);
    }
    return {};
  }

 private:
  Ring& out_;
  Ring& in_;
  Waiting waiting_;
  std::uint64_t written_ = 0, read_ = 0;  // cells
  std::uint64_t peer_read_ = 0;           // of those written, as last seen
  std::size_t taken_ = 0;                 // of the cell that is being read
};

class RingLink : public Link {
 public:
  RingLink(Mapping mapping, Waiting waiting) : mapping_(std::move(mapping)), waiting_(waiting) {}

  Result<std::unique_ptr<End>> open(Side side) override { return ring_end(*static_cast<Rings*>(mapping_.address()), side, waiting_); }

 private:
  Mapping mapping_;
  Waiting waiting_;
};

}  // namespace

Waiting waiting_of(std::string_view mode, bool one_cpu) {
  if (mode == "spinning") return Waiting::spin;
  return mode == "sleeping" || one_cpu ? Waiting::sleep : Waiting::spin_then_sleep;
}

std::unique_ptr<End> ring_end(Rings& rings, Side side, Waiting waiting) {
  const bool server = side == Side::server;
  return std::make_unique<RingEnd>(server ? rings.to_client : rings.to_server, server ? rings.to_server : rings.to_client, waiting);
}

Mapping::~Mapping() {
  if (address_ != nullptr) release_(address_, bytes_);
}

void Mapping::unmap(void* address, std::size_t bytes) { munmap(address, bytes); }

Result<Mapping> map_shared(int fd, std::size_t bytes) {
  int number = 0;
  do number = posix_fallocate(fd, 0, static_cast<off_t>(bytes));
  while (number == EINTR && !deadline_passed());
  if (number != 0) return fail_errno("posix_fallocate", number);
  void* address = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (address == MAP_FAILED) return fail_errno("mmap", errno);
  return Mapping(address, bytes);
}

std::unique_ptr<Link> ring_link(Mapping mapping, Waiting waiting) { return std::make_unique<RingLink>(std::move(mapping), waiting); }

}  // namespace ipc_advisor::probe
