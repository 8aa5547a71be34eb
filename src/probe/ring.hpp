// Two rings in one shared mapping, one for each direction: the link of every memory mechanism.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "probe/probe.hpp"

namespace ipc_advisor::probe {

/// A cell holds at most this much of a message; a larger one goes in several, so that both sides copy at the same time.
inline constexpr std::size_t cell_bytes = 16 * 1024;
inline constexpr std::size_t cells_per_ring = 16;

/// How an end waits: it burns its CPU, it sleeps on a futex at once, or it spins a little and then sleeps.
enum class Waiting { spin, sleep, spin_then_sleep };
Waiting waiting_of(std::string_view mode, bool one_cpu);

/// A number and a small message on neighbouring cache lines, so that it takes no further line with it; larger ones lie apart,
/// where a copy is aligned. The number is that of the last part that was written here, the ring's first being 1: only the
/// writer stores into a cell (128 bytes, since neighbours are fetched in pairs). The cells do not all fall into one set of a cache.
struct Cell {
  alignas(128) std::atomic<std::uint64_t> number;
  std::uint64_t length;  ///< bytes in use, in `small` where they fit
  std::byte small[112];
  std::byte large[cell_bytes];
};

/// One direction: one writer and one reader, who go round the cells in order. The writer looks at what has been read only
/// where the ring seems full.
struct Ring {
  alignas(128) std::atomic<std::uint32_t> data_signal;
  std::atomic<std::uint32_t> data_waiters;
  alignas(128) std::atomic<std::uint64_t> read;  ///< cells, in all
  std::atomic<std::uint32_t> space_signal;
  std::atomic<std::uint32_t> space_waiters;
  Cell cells[cells_per_ring];
};

/// What lies in the mapping. All zero is a valid, empty state.
struct Rings {
  Ring to_server, to_client;
};

/// A mapping of the given size, shared with children; unmapped at the end, or let go of as `release` does it.
class Mapping {
 public:
  using Release = void (*)(void* address, std::size_t bytes);
  Mapping(void* address, std::size_t bytes, Release release = unmap) : address_(address), bytes_(bytes), release_(release) {}
  Mapping(Mapping&& other) noexcept : address_(other.address_), bytes_(other.bytes_), release_(other.release_) { other.address_ = nullptr; }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  Mapping& operator=(Mapping&&) = delete;
  ~Mapping();
  void* address() const { return address_; }

 private:
  static void unmap(void* address, std::size_t bytes);
  void* address_;
  std::size_t bytes_;
  Release release_;
};

/// Maps a descriptor's first bytes; allocates them first, so that a full file system is an error and not a SIGBUS.
Result<Mapping> map_shared(int fd, std::size_t bytes);

/// One side's end over rings that outlive it.
std::unique_ptr<End> ring_end(Rings& rings, Side side, Waiting waiting);

/// A link over a zeroed mapping of sizeof(Rings).
std::unique_ptr<Link> ring_link(Mapping mapping, Waiting waiting);

/// Trials for any memory; `make` maps a fresh zeroed region of at least that many bytes.
using MakeMapping = std::function<Result<Mapping>(std::size_t bytes)>;
Trial try_torn_write(const MakeMapping& make);
Trial try_same_pages(const MakeMapping& make);
/// One writer and four readers: whether each reader sees every message, in order; the figure is messages a second.
Trial try_every_reader(const MakeMapping& make);
/// The ring's throughput beside that of bare copies from one CPU's cache to the other's in the same run.
Trial try_memory_bound(const MakeMapping& make, const Probe& probe, const Place& place);
/// A writer maps the file at that path, stores and ends; whether a reader that opens it later finds what was stored.
Trial try_late_reader(const std::string& path, const std::function<Result<Mapping>(int fd, std::size_t bytes)>& map);
Trial try_ring(std::string_view id, std::string_view mode, const Probe& probe, const Place& place);

}  // namespace ipc_advisor::probe
