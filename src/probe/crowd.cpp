// The clients share one process: what is measured is the mechanism and its server, not the cost of a thousand schedulings.
#include "probe/crowd.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/os.hpp"

namespace ipc_advisor::probe {
namespace {

constexpr int most_events = 64;

Result<Fd> watch_all(const std::vector<Fd>& sockets) {
  Fd poll(epoll_create1(EPOLL_CLOEXEC));
  if (!poll.valid()) return fail_errno("epoll_create1", errno);
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    if (epoll_ctl(poll.get(), EPOLL_CTL_ADD, sockets[i].get(), &event) != 0) return fail_errno("epoll_ctl", errno);
  }
  return poll;
}

// Calls the work with the number of each socket that has something to read; -1 where nothing came before the deadline.
template <typename Work>
Result<void> serve_ready(const Fd& poll, Work work) {
  epoll_event events[most_events];
  const int count = epoll_wait(poll.get(), events, most_events, 1000);
  if (count < 0 && errno != EINTR) return fail_errno("epoll_wait", errno);
  if (count <= 0 && deadline_passed()) return fail(ErrorKind::timed_out, "no client or server had anything before the deadline");
  for (int i = 0; i < count; ++i)
    if (auto done = work(static_cast<std::size_t>(events[i].data.u64)); !done) return done;
  return {};
}

Result<void> echo_crowd(const Fd& listener, int clients, std::uint64_t bytes) {
  std::vector<Fd> peers;
  while (peers.size() < static_cast<std::size_t>(clients)) {
    Fd peer(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!peer.valid() && errno != EINTR) return fail_errno("accept", errno);
    if (peer.valid()) peers.push_back(std::move(peer));
  }
  const auto poll = watch_all(peers);
  if (!poll) return tl::unexpected(poll.error());
  std::vector<std::byte> buffer(bytes);
  for (;;) {
    auto done = serve_ready(*poll, [&](std::size_t i) -> Result<void> {
      if (auto got = read_exactly(peers[i].get(), buffer); !got) return got;
      return write_exactly(peers[i].get(), buffer);
    });
    if (!done) return done;
  }
}

// The clients' side: who sent what, and when.
class Callers {
 public:
  Callers(const SocketKind& kind, std::uint64_t bytes) : kind_(kind), out_(bytes), back_(bytes) {}

  Result<void> connect(const std::string& address, int count) {
    for (int i = 0; i < count; ++i) {
      auto socket = kind_.connect(address);
      if (!socket) return tl::unexpected(socket.error());
      sockets_.push_back(std::move(*socket));
    }
    sent_.resize(sockets_.size());
    numbers_.resize(sockets_.size());
    return {};
  }

  Result<void> run(double seconds, Crowd& out) {
    const auto poll = watch_all(sockets_);
    if (!poll) return tl::unexpected(poll.error());
    for (std::size_t i = 0; i < sockets_.size(); ++i)
      if (auto sent = send(i); !sent) return sent;
    const std::int64_t begin = now_ns(), until = begin + static_cast<std::int64_t>(seconds * 1e9);
    // At least one answer each, however crowded the host.
    while (now_ns() < until || out.slice.ns.size() < sockets_.size()) {
      auto done = serve_ready(*poll, [&](std::size_t i) -> Result<void> {
        if (auto got = receive(i, out.slice); !got) return got;
        return send(i);
      });
      if (!done) return done;
    }
    out.flow.bytes_per_s = static_cast<double>(out.slice.ns.size() * out_.size()) * 1e9 / static_cast<double>(now_ns() - begin);
    return {};
  }

 private:
  Result<void> send(std::size_t i) {
    numbers_[i] = ++sequence_;
    stamp(numbers_[i]);
    sent_[i] = now_ns();
    return write_exactly(sockets_[i].get(), out_);
  }

  Result<void> receive(std::size_t i, Slice& slice) {
    if (auto got = read_exactly(sockets_[i].get(), back_); !got) return got;
    slice.ns.push_back(static_cast<double>(now_ns() - sent_[i]));
    stamp(numbers_[i]);
    if (out_ != back_) return fail(ErrorKind::broken, fmt::format("client {} got an answer that is not its own", i));
    return {};
  }

  void stamp(std::uint64_t number) { std::memcpy(out_.data(), &number, std::min(out_.size(), sizeof number)); }

  const SocketKind& kind_;
  std::vector<std::byte> out_, back_;
  std::vector<Fd> sockets_;
  std::vector<std::int64_t> sent_;
  std::vector<std::uint64_t> numbers_;
  std::uint64_t sequence_ = 0;
};

Result<void> make_room_for(int descriptors) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const auto wanted = static_cast<rlim_t>(descriptors) + 32;
  if (limit.rlim_cur >= wanted) return {};
  if (limit.rlim_max < wanted) return fail(ErrorKind::exhausted, fmt::format("{} descriptors are allowed, {} clients need more", limit.rlim_max, descriptors));
  limit.rlim_cur = wanted;
  return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? Result<void>{} : fail_errno("setrlimit", errno);
}

}  // namespace

Result<Crowd> time_crowd(const SocketKind& kind, const Place& place, const Placement& placement, int clients, std::uint64_t bytes, double seconds) {
  if (auto room = make_room_for(clients); !room) return tl::unexpected(room.error());
  std::string address;
  auto listener = kind.listen(place, address);
  if (!listener) return tl::unexpected(listener.error());
  const auto pid = fork_bound();
  if (!pid) return tl::unexpected(pid.error());
  if (*pid == 0) {
    pin_to(placement.server_cpu);
    (void)echo_crowd(*listener, clients, bytes);
    _exit(0);
  }
  listener->reset();
  pin_to(placement.client_cpu);
  const std::string mode = fmt::format("{} client{}", clients, clients == 1 ? "" : "s");
  Crowd out{{bytes, mode, {}, 0, {}}, {bytes, 0, mode}};
  Callers callers(kind, bytes);
  Result<void> done = callers.connect(address, clients);
  if (done) done = callers.run(seconds, out);
  kill_and_reap(*pid);
  if (address.front() == '/') unlink(address.c_str());
  if (!done) return tl::unexpected(done.error());
  return out;
}

}  // namespace ipc_advisor::probe
