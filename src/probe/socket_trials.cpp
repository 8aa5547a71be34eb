// Experiments that every connection-oriented socket can be put to.
#include <cerrno>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/sockets.hpp"

namespace ipc_advisor::probe {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

Result<void> answer_once(int client, int server, std::uint32_t number) {
  std::uint32_t seen = 0, back = 0;
  if (auto done = write_exactly(client, std::as_bytes(std::span(&number, 1))); !done) return done;
  if (auto done = read_exactly(server, std::as_writable_bytes(std::span(&seen, 1))); !done) return done;
  seen = ~seen;
  if (auto done = write_exactly(server, std::as_bytes(std::span(&seen, 1))); !done) return done;
  if (auto done = read_exactly(client, std::as_writable_bytes(std::span(&back, 1))); !done) return done;
  if (back != ~number) return fail(ErrorKind::broken, fmt::format("client {} got another client's answer", number));
  return {};
}

// Two datagram sockets connected to each other; the second has heard where the first one is.
Result<ConnectedPair> datagram_pair(Fd server, Fd client) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  auto* general = reinterpret_cast<sockaddr*>(&address);
  if (getsockname(client.get(), general, &length) != 0) return fail_errno("getsockname", errno);
  if (connect(server.get(), general, length) != 0) return fail_errno("connect", errno);
  return ConnectedPair{std::move(client), std::move(server)};
}

}  // namespace

MakePair pair_of(const SocketKind& kind) {
  return [kind](const Place& place) -> Result<ConnectedPair> {
    std::string address;
    auto listener = kind.listen(place, address);
    if (!listener) return tl::unexpected(listener.error());
    auto client = kind.connect(address);
    remove_name(address);
    if (!client) return tl::unexpected(client.error());
    if (kind.type == SOCK_DGRAM) return datagram_pair(std::move(*listener), std::move(*client));
    Fd server(accept4(listener->get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!server.valid()) return fail_errno("accept", errno);
    return ConnectedPair{std::move(*client), std::move(server)};
  };
}

MakePair bare_pair(int type) {
  return [type](const Place&) -> Result<ConnectedPair> {
    int ends[2];
    if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) != 0) return fail_errno("socketpair", errno);
    return ConnectedPair{Fd(ends[0]), Fd(ends[1])};
  };
}

Trial try_clients_at_once(const SocketKind& kind, const Place& place) {
  constexpr std::string_view id = "clients-at-once";
  const auto wanted = static_cast<std::size_t>(place.clients);
  std::string address;
  auto listener = kind.listen(place, address);
  if (!listener) return broken(id, listener.error());
  std::vector<Fd> clients, servers;
  std::string stopped;
  while (clients.size() < wanted && stopped.empty()) {
    auto client = kind.connect(address);
    Fd server(client ? accept4(listener->get(), nullptr, nullptr, SOCK_CLOEXEC) : -1);
    if (!client) stopped = client.error().message;
    else if (!server.valid()) stopped = system_error("accept", errno).message;
    else {
      clients.push_back(std::move(*client));
      servers.push_back(std::move(server));
    }
  }
  remove_name(address);
  for (std::size_t i = 0; i < clients.size(); ++i)
    if (const auto answered = answer_once(clients[i].get(), servers[i].get(), static_cast<std::uint32_t>(i)); !answered)
      return refuted(id, fmt::format("client {} of {}: {}", i + 1, clients.size(), answered.error().message));
  Trial trial = stopped.empty() ? confirmed(id, fmt::format("{} clients open at once, each answered", wanted))
                                : refuted(id, fmt::format("stopped at {} of {} clients: {}", clients.size(), wanted, stopped));
  trial.figure = static_cast<double>(clients.size());
  trial.unit = "clients";
  return trial;
}

Trial try_peer_death(const SocketKind& kind, const Place& place) {
  constexpr std::string_view id = "peer-death-seen";
  std::string address;
  auto listener = kind.listen(place, address);
  if (!listener) return broken(id, listener.error());
  const auto pid = fork_bound();
  if (!pid) return broken(id, pid.error());
  if (*pid == 0) {
    const auto client = kind.connect(address);
    if (client) pause();
    _exit(1);
  }
  const Fd server(readable_within(listener->get(), 1000) ? accept4(listener->get(), nullptr, nullptr, SOCK_CLOEXEC) : -1);
  remove_name(address);
  if (!server.valid()) {
    kill_and_reap(*pid);
    return broken(id, {ErrorKind::io, "the peer never connected"});
  }
  const std::int64_t killed = now_ns();
  kill(*pid, SIGKILL);
  const bool woken = readable_within(server.get(), 1000);
  const double seconds = static_cast<double>(now_ns() - killed) * 1e-9;
  char byte = 0;
  const ssize_t got = woken ? read(server.get(), &byte, 1) : -1;
  const int number = errno;
  kill_and_reap(*pid);
  if (!woken) return refuted(id, "nothing was seen for a second after the peer was killed");
  Trial trial = got == 0 ? confirmed(id, "the peer was killed: end of file")
                         : number == ECONNRESET ? confirmed(id, "the peer was killed: connection reset") : refuted(id, "the peer was killed, yet something could be read");
  trial.figure = seconds;
  trial.unit = "s";
  return trial;
}

namespace {

// The lengths of the first two reads after writes of 5 and 6 bytes; -1 where nothing was there to be read.
Result<std::pair<ssize_t, ssize_t>> read_two_writes(const MakePair& make, const Place& place) {
  const auto pair = make(place);
  if (!pair) return tl::unexpected(pair.error());
  for (const std::string_view part : {"first", "second"})
    if (auto sent = write_exactly(pair->first.get(), bytes_of(part)); !sent) return tl::unexpected(sent.error());
  const int server = pair->second.get();
  // Both writes must have arrived, or one read of both would prove nothing.
  char buffer[64];
  for (int i = 0; i < 100 && recv(server, buffer, sizeof buffer, MSG_PEEK | MSG_DONTWAIT) < 11; ++i) usleep(i < 20 ? 50 : 1000);
  const ssize_t one = readable_within(server, 500) ? recv(server, buffer, sizeof buffer, 0) : -1;
  const ssize_t two = recv(server, buffer, sizeof buffer, MSG_DONTWAIT);
  return std::pair{one, two};
}

}  // namespace

Trial try_merging(const MakePair& make, const Place& place) {
  constexpr std::string_view id = "stream-merges";
  const auto got = read_two_writes(make, place);
  if (!got) return broken(id, got.error());
  if (got->first == 11) return confirmed(id, "two writes of 5 and 6 bytes were read as one of 11");
  return refuted(id, fmt::format("two writes of 5 and 6 bytes: the first read gave {}", got->first));
}

Trial try_boundaries(const MakePair& make, const Place& place) {
  constexpr std::string_view id = "boundaries";
  const auto got = read_two_writes(make, place);
  if (!got) return broken(id, got.error());
  if (got->first == 5 && got->second == 6) return confirmed(id, "two writes of 5 and 6 bytes were read as records of 5 and 6");
  return refuted(id, fmt::format("two writes of 5 and 6 bytes were read as {} and {}", got->first, got->second));
}

Trial try_two_way(const MakePair& make, const Place& place) {
  constexpr std::string_view id = "two-way";
  const auto pair = make(place);
  if (!pair) return broken(id, pair.error());
  const auto answered = answer_once(pair->first.get(), pair->second.get(), 42);
  return answered ? confirmed(id, "a request and its answer over one connection") : broken(id, answered.error());
}

Trial try_socket_api(const MakePair& make, const Place& place) {
  Trial trial = try_two_way(make, place);
  trial.id = "socket-api";
  if (trial.verdict == Verdict::confirmed) trial.because = "the calls that TCP's programs make, with a path for an address, and an answer came back";
  return trial;
}

Result<int> as_other_user(const std::function<int()>& attempt) {
  if (geteuid() != 0) return fail(ErrorKind::forbidden, "needs root, to become another user");
  const auto pid = fork_bound();
  if (!pid) return tl::unexpected(pid.error());
  constexpr int cannot_change = 200;
  if (*pid == 0) {
    if (!become_nobody()) _exit(cannot_change);
    _exit(attempt() & 0x7F);
  }
  int status = 0;
  while (waitpid(*pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status)) return fail(ErrorKind::io, "the other user's process was killed");
  if (WEXITSTATUS(status) == cannot_change) return fail(ErrorKind::forbidden, "this process may not become another user");
  return WEXITSTATUS(status);
}

Trial judge_other_user(std::string_view id, const Result<int>& outcome, bool expect_refused, std::string_view what) {
  if (!outcome) return not_run(id, outcome.error().message);
  if (*outcome == 0) {
    const std::string text = fmt::format("user 65534 could {}", what);
    return expect_refused ? refuted(id, text) : confirmed(id, text);
  }
  const Error error = system_error(fmt::format("user 65534 could not {}", what), *outcome);
  if (!expect_refused) return refuted(id, error.message);
  // Only a refusal for want of permission shows that permissions guard it.
  return error.kind == ErrorKind::forbidden ? confirmed(id, error.message) : broken(id, {ErrorKind::io, error.message});
}

Trial try_other_user(std::string_view id, const SocketKind& kind, const Place& place, bool expect_refused) {
  std::string address;
  auto listener = kind.listen(place, address);
  if (!listener) return broken(id, listener.error());
  const Result<int> outcome = as_other_user([&] {
    errno = 0;
    const auto client = kind.connect(address);
    return client ? 0 : errno;
  });
  remove_name(address);
  return judge_other_user(id, outcome, expect_refused, "connect");
}

Trial try_control_socket(const MakePair& make, const Place& place, std::string_view beside) {
  constexpr std::string_view id = "peer-death-seen";
  auto pair = make(place);
  if (!pair) return broken(id, pair.error());
  Fd mine = std::move(pair->first), theirs = std::move(pair->second);
  const auto pid = fork_bound();
  if (!pid) return broken(id, pid.error());
  if (*pid == 0) {
    mine.reset();
    for (;;) pause();
  }
  theirs.reset();
  const std::int64_t killed = now_ns();
  kill(*pid, SIGKILL);
  const bool woken = readable_within(mine.get(), 1000);
  const double seconds = static_cast<double>(now_ns() - killed) * 1e-9;
  kill_and_reap(*pid);
  if (!woken) return refuted(id, "the socket said nothing for a second after the peer was killed");
  Trial trial = confirmed(id, fmt::format("the peer was killed: {} gave end of file", beside));
  trial.figure = seconds;
  trial.unit = "s";
  return trial;
}

}  // namespace ipc_advisor::probe
