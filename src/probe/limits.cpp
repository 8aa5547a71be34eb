// Each trial plants the situation that it asks about and looks at what the kernel makes of it.
#include "probe/limits.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/units.hpp"
#include "probe/namespaces.hpp"

namespace ipc_advisor::probe {
namespace {

std::string bytes_text(std::size_t bytes) { return format_quantity(static_cast<double>(bytes), Quantity::size); }

Trial with_figure(Trial trial, std::size_t figure, std::string unit) {
  trial.figure = static_cast<double>(figure);
  trial.unit = std::move(unit);
  return trial;
}

// 0 or the errno of one send that does not wait; EAGAIN also where only a part was taken.
int send_one(int socket, const std::vector<char>& data, std::size_t bytes) {
  const ssize_t put = send(socket, data.data(), bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (put < 0) return errno;
  return put == static_cast<ssize_t>(bytes) ? 0 : EAGAIN;
}

}  // namespace

Trial try_largest_record(const MakePair& make, const Place& place) {
  constexpr std::string_view id = "largest-message";
  constexpr std::size_t most_tried = 4u << 20;
  const std::vector<char> data(most_tried);
  std::size_t fits = 0, too_large = most_tried;
  while (too_large - fits > 1) {
    // A fresh pair each time, so that nothing waits in its buffers.
    const auto pair = make(place);
    if (!pair) return broken(id, pair.error());
    const std::size_t middle = fits + (too_large - fits) / 2;
    const int number = send_one(pair->first.get(), data, middle);
    if (number != 0 && number != EMSGSIZE) return refuted(id, system_error(fmt::format("a record of {} was not refused as too large", bytes_text(middle)), number).message);
    (number == 0 ? fits : too_large) = middle;
  }
  if (too_large == most_tried) return refuted(id, fmt::format("records of {} are taken: nothing is too large", bytes_text(fits)));
  return with_figure(confirmed(id, fmt::format("records of up to {} bytes are taken, one of {} is EMSGSIZE", fits, too_large)), fits, "bytes");
}

Trial try_full_queue(const MakePair& make, const Place& place) {
  constexpr std::string_view id = "queue-full";
  const auto pair = make(place);
  if (!pair) return broken(id, pair.error());
  constexpr std::size_t most = 1u << 20;
  const std::vector<char> byte(1);
  std::size_t waiting = 0;
  int number = 0;
  while (waiting < most && (number = send_one(pair->first.get(), byte, 1)) == 0) ++waiting;
  if (number == 0) return refuted(id, "a million records that nobody read were all taken");
  if (number != EAGAIN) return broken(id, system_error("send", number));
  return with_figure(confirmed(id, fmt::format("{} records of one byte wait for a receiver; the next sender would block", waiting)), waiting, "messages");
}

namespace {

// Two children write records of their own letter; returns how many of them arrived mixed.
Result<int> mixed_records(const OpenPipe& open, const Place& place, std::size_t bytes) {
  constexpr int records = 40;
  auto pipe = open(place);
  if (!pipe) return tl::unexpected(pipe.error());
  int pids[2] = {-1, -1};
  for (int i = 0; i < 2; ++i) {
    const auto pid = fork_bound();
    if (!pid) return tl::unexpected(pid.error());
    if (*pid == 0) {
      pipe->read_end.reset();
      const std::vector<char> record(bytes, static_cast<char>('a' + i));
      for (int n = 0; n < records; ++n)
        if (write(pipe->write_end.get(), record.data(), bytes) != static_cast<ssize_t>(bytes)) _exit(1);
      _exit(0);
    }
    pids[i] = *pid;
  }
  pipe->write_end.reset();
  int mixed = 0;
  std::vector<char> record(bytes);
  Result<void> got;
  for (int n = 0; n < 2 * records && got; ++n) {
    // The writers meet at a full pipe before anything is taken from it.
    if (n % 8 == 0) usleep(500);
    got = read_exactly(pipe->read_end.get(), std::as_writable_bytes(std::span(record)));
    if (got && std::count(record.begin(), record.end(), record.front()) != static_cast<std::ptrdiff_t>(bytes)) ++mixed;
  }
  for (const int pid : pids) kill_and_reap(pid);
  if (!got) return tl::unexpected(got.error());
  return mixed;
}

}  // namespace

Trial try_torn_records(const OpenPipe& open, const Place& place) {
  constexpr std::string_view id = "torn-records";
  constexpr std::size_t larger = 5 * PIPE_BUF + 1000;
  const auto small = mixed_records(open, place, PIPE_BUF);
  if (!small) return broken(id, small.error());
  if (*small > 0) return refuted(id, fmt::format("of 80 records of {} by two writers, {} were mixed", bytes_text(PIPE_BUF), *small));
  int mixed = 0;
  for (int round = 0; round < 5 && mixed == 0; ++round) {
    const auto torn = mixed_records(open, place, larger);
    if (!torn) return broken(id, torn.error());
    mixed = *torn;
  }
  if (mixed == 0) return broken(id, {ErrorKind::io, fmt::format("records of {} came whole too: the writers never met", bytes_text(larger))});
  return with_figure(confirmed(id, fmt::format("two writers' records of {} came whole; of 80 records of {}, {} came mixed", bytes_text(PIPE_BUF), bytes_text(larger), mixed)), PIPE_BUF, "bytes");
}

namespace {

int held_by(const Fd& pipe) {
  int bytes = 0;
  return ioctl(pipe.get(), FIONREAD, &bytes) == 0 ? bytes : -1;
}

// Both processes write that much and then read; true where both ended. Neither reads while its writing waits, so that two
// full pipes and two living writers never change again.
Result<bool> both_get_through(const OpenPipe& open, const Place& place, std::size_t bytes, std::size_t capacity) {
  auto there = open(place), back = open(place);
  if (!there) return tl::unexpected(there.error());
  if (!back) return tl::unexpected(back.error());
  int pids[2] = {-1, -1};
  for (int i = 0; i < 2; ++i) {
    const auto pid = fork_bound();
    if (!pid) return tl::unexpected(pid.error());
    if (*pid == 0) {
      std::vector<std::byte> data(bytes);
      const int out = (i == 0 ? there : back)->write_end.get(), in = (i == 0 ? back : there)->read_end.get();
      _exit(write_exactly(out, data) && read_exactly(in, data) ? 0 : 1);
    }
    pids[i] = *pid;
  }
  bool ended[2] = {false, false}, jammed = false;
  while (!jammed && !(ended[0] && ended[1]) && !deadline_passed()) {
    for (int i = 0; i < 2; ++i) ended[i] = ended[i] || waitpid(pids[i], nullptr, WNOHANG) == pids[i];
    jammed = bytes > capacity && held_by(there->read_end) == static_cast<int>(capacity) && held_by(back->read_end) == static_cast<int>(capacity);
    usleep(200);
  }
  for (int i = 0; i < 2; ++i)
    if (!ended[i]) kill_and_reap(pids[i]);
  if (!jammed && !(ended[0] && ended[1])) return fail(ErrorKind::timed_out, "neither ended nor jammed before the deadline");
  return !jammed;
}

}  // namespace

Trial try_two_way_deadlock(const OpenPipe& open, const Place& place) {
  constexpr std::string_view id = "two-way-deadlock";
  const auto pipe = open(place);
  if (!pipe) return broken(id, pipe.error());
  const int capacity = fcntl(pipe->write_end.get(), F_GETPIPE_SZ);
  if (capacity <= 0) return broken(id, system_error("F_GETPIPE_SZ", errno));
  const auto size = static_cast<std::size_t>(capacity);
  const auto fits = both_get_through(open, place, size, size);
  if (!fits) return broken(id, fits.error());
  const auto more = both_get_through(open, place, size + 1, size);
  if (!more) return broken(id, more.error());
  if (!*fits) return refuted(id, fmt::format("messages of {} jammed already", bytes_text(size)));
  if (*more) return refuted(id, fmt::format("messages of {} bytes got through", size + 1));
  return with_figure(confirmed(id, fmt::format("two processes that write {} each before they read get through; with one byte more both wait for ever", bytes_text(size))), size + 1, "bytes");
}

Trial try_small_memory(const Place& place, const char* size) {
  constexpr std::string_view id = "full-memory";
  constexpr off_t wanted = 1 << 20;
  const std::string path = place.folder + "/memory";
  // The small file system is mounted on the folder, in a namespace that goes with the child.
  const auto seen = on_other_host(place.folder.c_str(), [&] {
    const Fd file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file.valid() || ftruncate(file.get(), wanted) != 0) return 1;
    if (posix_fallocate(file.get(), 0, wanted) != ENOSPC || ftruncate(file.get(), wanted) != 0) return 2;
    const auto pid = fork_bound();
    if (!pid) return 3;
    if (*pid == 0) {
      auto* bytes = static_cast<volatile char*>(mmap(nullptr, wanted, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0));
      // The sanitizers' handler would turn the signal into an exit.
      std::signal(SIGBUS, SIG_DFL);
      for (off_t at = 0; at < wanted; at += 4096) bytes[at] = 1;
      _exit(0);
    }
    int status = 0;
    while (waitpid(*pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS ? 0 : 4;
  }, size);
  if (!seen) return not_run(id, seen.error().message);
  switch (*seen) {
    case 0: return confirmed(id, "on 64 KiB of space ftruncate took 1 MiB, posix_fallocate said ENOSPC, and storing there was a SIGBUS");
    case 2: return refuted(id, fmt::format("on {} of space posix_fallocate of 1 MiB gave no ENOSPC", size));
    case 4: return refuted(id, fmt::format("on {} of space storing 1 MiB was no SIGBUS", size));
    default: return broken(id, {ErrorKind::io, "the small file system could not be used"});
  }
}

Trial try_sequence_lock(const MakeMapping& make) {
  constexpr std::string_view id = "torn-write-detected";
  constexpr std::size_t words = 512;
  struct Record {
    std::atomic<std::uint64_t> sequence;
    volatile std::uint64_t words[512];
  };
  const auto mapping = make(sizeof(Record));
  if (!mapping) return broken(id, mapping.error());
  auto& record = *static_cast<Record*>(mapping->address());
  // One update that ends, then one whose writer is killed in the middle.
  for (const bool killed : {false, true}) {
    const auto pid = fork_bound();
    if (!pid) return broken(id, pid.error());
    if (*pid == 0) {
      record.sequence.fetch_add(1);
      for (std::size_t i = 0; i < words; ++i) {
        if (killed && i == words / 2) raise(SIGKILL);
        record.words[i] = killed ? 2 : 1;
      }
      record.sequence.fetch_add(1);
      _exit(0);
    }
    while (waitpid(*pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    const bool torn = record.words[0] != record.words[words - 1], odd = record.sequence.load() % 2 == 1;
    if (torn != killed) return broken(id, {ErrorKind::io, "the writer was not killed in mid-update"});
    if (odd != torn) return refuted(id, torn ? "a torn record had an even sequence number" : "a whole record had an odd sequence number");
  }
  return confirmed(id, "a whole record had an even sequence number, and one whose writer was killed in mid-update an odd one");
}

}  // namespace ipc_advisor::probe
