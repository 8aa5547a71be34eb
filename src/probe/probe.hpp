// What a probe file gives: a way to open a link between two processes, and trials for its mechanism's traits.
// The harness owns processes, warm-up, payload checks, timing and rounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "model.hpp"

namespace ipc_advisor::probe {

/// The two ends of a link. The server is the echoing end and the receiving one of a one-way flow.
enum class Side { server, client };

/// One open end, in one process.
class End {
 public:
  virtual ~End() = default;
  /// Sends all of it, as one write where the mechanism keeps records.
  virtual Result<void> send(std::span<const std::byte> bytes) = 0;
  /// Receives exactly that many bytes; ErrorKind::disconnected where the peer is gone.
  virtual Result<void> receive(std::span<std::byte> bytes) = 0;
  /// Receives what is there, at least one byte and at most all of `bytes`, waiting for the first; an end that keeps
  /// records, or has nothing better, receives one message of that length. Returns how much.
  virtual Result<std::size_t> receive_some(std::span<std::byte> bytes, std::size_t message) {
    if (auto got = receive(bytes.first(message)); !got) return tl::unexpected(got.error());
    return message;
  }
  /// From now on waits by asking again and again instead of sleeping. False where it cannot.
  virtual bool poll_busily() { return false; }
};

/// A link, prepared by one process (listener, pipe, mapping) before it forks; each process then opens its side once.
class Link {
 public:
  virtual ~Link() = default;
  virtual Result<std::unique_ptr<End>> open(Side side) = 0;
  /// True where the server's side answers by itself and must be run by serve() instead of the harness's echo.
  virtual bool serves_itself() const { return false; }
  virtual void serve() {}
  /// Removes every name, once both ends are open. Called again at the end; must bear it.
  virtual void unlink_names() {}
};

/// Where a probe may put its files, and what it is to try.
struct Place {
  std::string folder;      ///< private, mode 0700
  std::string mode;        ///< one of the probe's modes, or "busy-polled", "paced", "one-cpu" or "expert"
  bool one_cpu = false;    ///< spinning would starve the peer
  std::uint64_t buffer = 0;  ///< bytes to ask the kernel for where it buffers; 0: what programs get unasked
  bool gather = false;     ///< small writes may wait for each other: TCP leaves Nagle's algorithm on
  int clients = 64;        ///< to be held open at once
};

/// One experiment on a trait. Returns within the process's deadline; its verdict can be anything but not-applicable.
struct TrialSpec {
  std::string_view id;
  std::function<Trial(const Place&)> run;
};

struct SocketKind;

/// The descriptor that each file of probes/ ends in.
struct Probe {
  std::string_view id;
  std::vector<std::string_view> modes = {""};  ///< "" is the headline; others are measured beside it at 64 bytes
  std::size_t largest_message = 0;             ///< bytes; 0: any size goes through
  bool flows = true;                           ///< one-way throughput can be measured
  bool polls = false;                          ///< its ends can poll busily
  bool tunable = false;                        ///< has buffers that an expert would set: prepare() looks at the place's buffer
  bool lossy = false;                          ///< messages may get lost on the way; a flow counts what arrives
  std::function<Result<std::unique_ptr<Link>>(const Place&)> prepare;
  std::function<SocketKind()> crowd = {};  ///< where one server can have many clients: the socket to measure them over
  std::vector<TrialSpec> trials;
};

/// All of them, in the order of their file names, those that must be loaded last. Generated.
std::span<const Probe* const> all_probes();

/// The probe of that mechanism, or nullptr.
const Probe* find_probe(std::string_view id);

/// The probe in the module ID.so, which stays loaded; where that cannot be, one that is not-run and says why.
const Probe* load_probe(std::string_view id);

/// Trials in one expression each.
Trial confirmed(std::string_view id, std::string because);
Trial refuted(std::string_view id, std::string because);
Trial not_run(std::string_view id, std::string because);
/// A trial that could not come to its question: inconclusive, or not-run where the host forbids it.
Trial broken(std::string_view id, const Error& error);

}  // namespace ipc_advisor::probe
