// Forks the peer, runs one side in each process, and takes the times.
#include "probe/harness.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <functional>
#include <sstream>
#include <sys/resource.h>
#include <unistd.h>

#include "base/os.hpp"
#include "probe/control.hpp"

namespace ipc_advisor::probe {
namespace {

constexpr int warm_up = 100;
constexpr std::size_t most_samples = 20000;

// A payload that no two messages share: position and sequence number both change every byte.
void fill(std::span<std::byte> bytes, std::uint64_t sequence) {
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>((i * 131 + (i >> 8) * 7 + sequence * 29) & 0xFF);
}

// In timed loops only the ends are renewed, so that filling does not crowd out the transfer.
void stamp(std::span<std::byte> bytes, std::uint64_t sequence) {
  const std::size_t length = std::min(bytes.size(), sizeof sequence);
  std::memcpy(bytes.data(), &sequence, length);
  std::memcpy(bytes.data() + bytes.size() - length, &sequence, length);
}

// The peer process of one slice; killed at the latest when this goes.
class Peer {
 public:
  explicit Peer(int pid) : pid_(pid) {}
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer() { kill_and_reap(pid_); }

 private:
  int pid_;
};

struct Session {
  std::unique_ptr<Link> link;
  std::unique_ptr<Peer> peer;
  std::unique_ptr<End> end;
  Fd news;  // from the peer: its result, or why it could not go on
};

// A peer says "+" on the news pipe when its end is open. One that fails says "!" and why, and leaves; the client then sees
// the end of its link.
[[noreturn]] void run_peer(Link& link, int cpu, Fd news, const std::function<Result<std::string>(End&)>& work) {
  pin_to(cpu);
  if (link.serves_itself()) {
    link.serve();
    _exit(0);
  }
  auto end = link.open(Side::server);
  std::string text;
  if (!end) {
    text = "!" + end.error().message;
  } else {
    const std::byte up{'+'};
    (void)write_exactly(news.get(), std::span(&up, 1));
    const auto result = work(**end);
    text = result ? *result : "!" + result.error().message;
  }
  (void)write_exactly(news.get(), std::as_bytes(std::span(text)));
  _exit(0);
}

std::string read_news(int fd) {
  std::string text;
  char buffer[256];
  for (;;) {
    const ssize_t got = read(fd, buffer, sizeof buffer);
    if (got <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
  }
}

// Time that is measured begins when both ends are there: in a short slice a peer's start would be most of it, and where
// messages get lost all of them would be.
Result<void> wait_for_peer(int news) {
  std::byte first{};
  if (auto told = read_exactly(news, std::span(&first, 1)); !told) return fail(ErrorKind::disconnected, "the peer left without a word");
  if (first == std::byte{'+'}) return {};
  return fail(ErrorKind::io, read_news(news));
}

Result<Session> open_session(const Probe& probe, const Place& place, const Placement& placement, const std::function<Result<std::string>(End&)>& work) {
  auto link = probe.prepare(place);
  if (!link) return tl::unexpected(link.error());
  auto news = make_pipe();
  if (!news) return tl::unexpected(news.error());
  const auto pid = fork_bound();
  if (!pid) return tl::unexpected(pid.error());
  if (*pid == 0) {
    news->read_end.reset();
    run_peer(**link, placement.server_cpu, std::move(news->write_end), work);
  }
  Session session;
  session.link = std::move(*link);
  session.peer = std::make_unique<Peer>(*pid);
  session.news = std::move(news->read_end);
  pin_to(placement.client_cpu);
  auto end = session.link->open(Side::client);
  session.link->unlink_names();
  if (!end) return tl::unexpected(end.error());
  session.end = std::move(*end);
  if (!session.link->serves_itself())
    if (auto up = wait_for_peer(session.news.get()); !up) return tl::unexpected(up.error());
  return session;
}

Result<void> echo_once(End& end, std::span<std::byte> out, std::span<std::byte> back) {
  if (auto sent = end.send(out); !sent) return sent;
  if (auto got = end.receive(back); !got) return got;
  if (!std::equal(out.begin(), out.end(), back.begin())) return fail(ErrorKind::broken, "the echo differs from what was sent");
  return {};
}

Result<std::string> echo_for_ever(End& end, std::uint64_t bytes) {
  std::vector<std::byte> buffer(bytes);
  for (;;) {
    if (auto got = end.receive(buffer); !got) return tl::unexpected(got.error());
    if (auto sent = end.send(buffer); !sent) return tl::unexpected(sent.error());
  }
}

// The numbers of a flow's first messages and of its last; those between count from 1.
constexpr std::uint64_t warm_up_message = 0, last_message = UINT64_MAX;

// The messages of a flow in a buffer that holds many, so that a byte stream is drained in large reads as any fast
// receiver would.
class Drain {
 public:
  Drain(End& end, std::size_t bytes) : end_(end), bytes_(bytes), buffer_(std::max<std::size_t>(bytes, 256 * 1024)) {}

  // "BYTES NANOSECONDS": what came between the last message of the warm-up and that of the flow, and in what time. Where
  // messages get lost the flow's may come much later than those that count.
  Result<std::string> run() {
    for (;;) {
      const auto got = end_.receive_some(std::span(buffer_).subspan(held_), bytes_);
      if (!got) return tl::unexpected(got.error());
      now_ = now_ns();
      held_ += *got;
      if (ends_here()) return fmt::format("{} {}", start_ == 0 ? 0 : total_, end_of_flow_ - start_);
    }
  }

 private:
  // Goes through what came, of which only the number at each message's beginning is looked at; a number in two pieces is put
  // together at the front. Nothing else is moved: that would be time in which nothing is received.
  bool ends_here() {
    const std::size_t number_bytes = std::min(sizeof number_, bytes_);
    std::size_t at = 0;
    for (;;) {
      const std::size_t part = std::min(left_, held_ - at);
      at += part;
      left_ -= part;
      if (left_ > 0) break;
      if (part > 0 && arrived()) return true;
      if (held_ - at < number_bytes) break;
      std::memcpy(&number_, buffer_.data() + at, number_bytes);
      left_ = bytes_;
    }
    std::memmove(buffer_.data(), buffer_.data() + at, held_ - at);
    held_ -= at;
    return false;
  }

  // A message is there to its last byte; true for the flow's last.
  bool arrived() {
    if (number_ == last_message) return true;
    const bool counts = number_ != warm_up_message;
    total_ = counts ? total_ + bytes_ : 0;
    (counts ? end_of_flow_ : start_) = now_;
    return false;
  }

  End& end_;
  std::size_t bytes_, held_ = 0, left_ = 0;  // held in the buffer; left of the message that is coming in
  std::uint64_t number_ = 0;                  // of that message
  std::vector<std::byte> buffer_;
  std::int64_t now_ = 0, start_ = 0, end_of_flow_ = 0;
  std::uint64_t total_ = 0;
};

}  // namespace

std::string Placement::words() const {
  return client_cpu == server_cpu ? fmt::format("both ends on CPU {}", client_cpu) : fmt::format("ends on CPUs {} and {}", client_cpu, server_cpu);
}

Placement choose_placement() {
  // As it was before this process pinned itself for the first time.
  static const std::vector<int> cpus = usable_cpus();
  return {cpus.front(), cpus.size() > 1 ? cpus[1] : cpus.front()};
}

namespace {

// What one end does before it starts in a mode.
Result<void> enter_mode(End& end, const Place& place) {
  if (place.mode == "busy-polled" && !end.poll_busily()) return fail(ErrorKind::unsupported, "this end cannot poll");
  return {};
}

long voluntary_switches() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_nvcsw;
}

// One round trip after another over an open session.
class Timer {
 public:
  Timer(Session& session, std::uint64_t bytes) : session_(session), out_(bytes), back_(bytes) { fill(out_, bytes); }

  Result<std::int64_t> once() {
    stamp(out_, ++sequence_);
    const std::int64_t start = now_ns();
    if (auto sent = session_.end->send(out_); !sent) return tl::unexpected(sent.error());
    if (auto got = session_.end->receive(back_); !got) return tl::unexpected(got.error());
    const std::int64_t taken = now_ns() - start;
    if (out_ != back_) return fail(ErrorKind::broken, fmt::format("the echo of message {} differs from what was sent", sequence_));
    return taken;
  }

 private:
  Session& session_;
  std::vector<std::byte> out_, back_;
  std::uint64_t sequence_ = 0;
};

}  // namespace

namespace {

// Takes the clock's own cost off what was measured with it. Its readings come in steps, which a hand-over of 100 ns is only
// ten of on some hosts: they are spread evenly over their step, by the golden ratio, so that percentiles fall between steps too.
void correct(std::vector<double>& ns, const ClockError& clock) {
  double place = 0.5;
  for (double& one : ns) {
    place = std::fmod(place + 0.618034, 1.0);
    one = std::max(one - clock.cost + (place - 0.5) * clock.step, 1.0);
  }
}

}  // namespace

Result<Slice> time_round_trips(const Probe& probe, const Place& place, const Placement& placement, std::uint64_t bytes, double seconds, double rate) {
  auto session = open_session(probe, place, placement, [&](End& end) -> Result<std::string> {
    if (auto entered = enter_mode(end, place); !entered) return tl::unexpected(entered.error());
    return echo_for_ever(end, bytes);
  });
  if (!session) return tl::unexpected(session.error());
  if (auto entered = enter_mode(*session->end, place); !entered) return tl::unexpected(entered.error());
  Timer timer(*session, bytes);
  Slice slice{bytes, place.mode, {}, 0, {}};
  slice.ns.reserve(4096);
  const std::int64_t begin = now_ns();
  const auto budget = static_cast<std::int64_t>(seconds * 1e9);
  for (int i = 0; i < warm_up && now_ns() - begin < budget / 3; ++i)
    if (auto taken = timer.once(); !taken) return tl::unexpected(taken.error());
  const ClockError clock = time_clock();
  const auto gap = rate > 0 ? static_cast<std::int64_t>(1e9 / rate) : 0;
  const long switches = voluntary_switches();
  std::int64_t due = now_ns();
  // At least one: on a crowded host the warm-up alone may have used the budget up.
  do {
    if (gap > 0) slice.late_ns.push_back(sleep_until(due += gap));
    const auto taken = timer.once();
    if (!taken) return tl::unexpected(taken.error());
    slice.ns.push_back(static_cast<double>(*taken));
  } while (now_ns() - begin < budget && slice.ns.size() < most_samples);
  const auto own = static_cast<double>(voluntary_switches() - switches) - (gap > 0 ? static_cast<double>(slice.ns.size()) : 0);
  correct(slice.ns, clock);
  slice.switches = std::max(own, 0.0) / static_cast<double>(slice.ns.size());
  return slice;
}

Result<Flow> time_flow(const Probe& probe, const Place& place, const Placement& placement, std::uint64_t bytes, double seconds) {
  auto session = open_session(probe, place, placement, [&](End& end) {
    // An expert's receiver has a CPU to itself and does not sleep, which spares the sender waking it.
    if (place.mode == "expert" && !place.one_cpu) end.poll_busily();
    return Drain(end, bytes).run();
  });
  if (!session) return tl::unexpected(session.error());
  std::vector<std::byte> out(bytes);
  fill(out, bytes);
  const std::int64_t start = now_ns(), warm = start + static_cast<std::int64_t>(seconds * 0.2e9), until = start + static_cast<std::int64_t>(seconds * 1e9);
  std::uint64_t sequence = warm_up_message;
  std::int64_t now = start, counted_from = start;
  // A host that gives this process no time in its short while still gets a figure.
  constexpr std::uint64_t fewest = 3;
  for (; now < until || sequence <= fewest; now = now_ns()) {
    stamp(out, sequence);
    if (auto sent = session->end->send(out); !sent) return tl::unexpected(sent.error());
    if (now < warm) continue;
    if (sequence == warm_up_message) counted_from = now;
    ++sequence;
  }
  stamp(out, last_message);
  // Where messages get lost the last one may be among them: it is said again until the receiver has its result.
  do {
    if (auto sent = session->end->send(out); !sent && !probe.lossy) return tl::unexpected(sent.error());
  } while (probe.lossy && !readable_within(session->news.get(), 2) && !deadline_passed());
  const std::string text = read_news(session->news.get());
  if (text.empty() || text.front() == '!') return fail(ErrorKind::io, text.empty() ? "the receiver left without a word" : text.substr(1));
  std::istringstream result(text);
  double total = 0, took = 0;
  result >> total >> took;
  // A receiver that comes late finds bytes that wait; they were not faster than the sender.
  return Flow{bytes, total * 1e9 / std::max(took, static_cast<double>(now - counted_from)), place.mode, place.buffer};
}

Trial try_payload(const Probe& probe, const Place& place) {
  std::size_t tried = 0;
  for (const std::size_t bytes : {1ul, 4095ul, 4096ul, 4097ul, 65537ul, (1ul << 20) + 1}) {
    if (probe.largest_message != 0 && bytes > probe.largest_message) continue;
    auto session = open_session(probe, place, choose_placement(), [&](End& end) { return echo_for_ever(end, bytes); });
    if (!session) return broken("link", session.error());
    std::vector<std::byte> out(bytes), back(bytes);
    for (std::uint64_t sequence = 0; sequence < 3; ++sequence) {
      fill(out, sequence);
      if (const auto echoed = echo_once(*session->end, out, back); !echoed) {
        if (echoed.error().kind == ErrorKind::broken) return refuted("link", fmt::format("{} bytes: {}", bytes, echoed.error().message));
        return broken("link", {echoed.error().kind, fmt::format("{} bytes: {}", bytes, echoed.error().message)});
      }
    }
    ++tried;
  }
  return confirmed("link", fmt::format("every byte came back at {} sizes from 1 byte on", tried));
}

}  // namespace ipc_advisor::probe
