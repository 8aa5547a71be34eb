// Two UDP sockets on 127.0.0.1, connected to each other: one write, one datagram, and no word when one is lost.
#include <arpa/inet.h>
#include <cerrno>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/addresses.hpp"
#include "probe/sockets.hpp"

namespace ipc_advisor::probe {
namespace {

using Address = sockaddr_in;

// A socket on a port of the kernel's choice, and that port's address.
Result<Fd> bound(Address& address) {
  Fd out(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!out.valid()) return fail_errno("socket", errno);
  address = loopback_address(0);
  socklen_t length = sizeof address;
  if (bind(out.get(), general(address), sizeof address) != 0) return fail_errno("bind 127.0.0.1", errno);
  if (getsockname(out.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0) return fail_errno("getsockname", errno);
  return out;
}

struct Ends {
  Fd server, client;
};

Result<Ends> make_ends() {
  Address server_address, client_address;
  auto server = bound(server_address);
  if (!server) return tl::unexpected(server.error());
  auto client = bound(client_address);
  if (!client) return tl::unexpected(client.error());
  if (connect(client->get(), general(server_address), sizeof server_address) != 0 || connect(server->get(), general(client_address), sizeof client_address) != 0)
    return fail_errno("connect", errno);
  return Ends{std::move(*server), std::move(*client)};
}

class DatagramLink : public Link {
 public:
  explicit DatagramLink(Ends ends) : ends_(std::move(ends)) {}

  Result<std::unique_ptr<End>> open(Side side) override {
    Fd mine = std::move(side == Side::server ? ends_.server : ends_.client);
    ends_.server.reset();
    ends_.client.reset();
    return record_end(std::move(mine));
  }

 private:
  Ends ends_;
};

Result<std::unique_ptr<Link>> prepare(const Place&) {
  auto ends = make_ends();
  if (!ends) return tl::unexpected(ends.error());
  return std::make_unique<DatagramLink>(std::move(*ends));
}

bool readable(int fd) {
  pollfd wait{fd, POLLIN, 0};
  return poll(&wait, 1, 500) == 1;
}

Trial try_records(const Place&) {
  constexpr std::string_view id = "boundaries";
  const auto ends = make_ends();
  if (!ends) return broken(id, ends.error());
  char buffer[64];
  const bool sent = write(ends->client.get(), "first", 5) == 5 && write(ends->client.get(), "second", 6) == 6;
  const ssize_t first = sent && readable(ends->server.get()) ? read(ends->server.get(), buffer, sizeof buffer) : -1;
  const ssize_t second = sent && readable(ends->server.get()) ? read(ends->server.get(), buffer, sizeof buffer) : -1;
  if (first == 5 && second == 6) return confirmed(id, "two writes of 5 and 6 bytes were read as datagrams of 5 and 6");
  return refuted(id, fmt::format("two writes of 5 and 6 bytes were read as {} and {}", first, second));
}

Trial try_answer(const Place&) {
  constexpr std::string_view id = "two-way";
  const auto ends = make_ends();
  if (!ends) return broken(id, ends.error());
  char byte = 'q';
  const bool went = write(ends->client.get(), &byte, 1) == 1 && readable(ends->server.get()) && read(ends->server.get(), &byte, 1) == 1 &&
                    write(ends->server.get(), &byte, 1) == 1 && readable(ends->client.get()) && read(ends->client.get(), &byte, 1) == 1;
  return went ? confirmed(id, "a datagram was answered to the port it came from") : refuted(id, "the answer did not come back");
}

Trial try_senders(const Place& place) {
  constexpr std::string_view id = "clients-at-once";
  Address address;
  const auto server = bound(address);
  if (!server) return broken(id, server.error());
  std::vector<Fd> clients;
  int answered = 0;
  for (int i = 0; i < place.clients; ++i) {
    Fd client(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!client.valid() || connect(client.get(), general(address), sizeof address) != 0) break;
    int number = i, seen = -1;
    if (write(client.get(), &number, sizeof number) == sizeof number && readable(server->get()) && read(server->get(), &seen, sizeof seen) == sizeof seen && seen == number) ++answered;
    clients.push_back(std::move(client));
  }
  const std::string text = fmt::format("{} of {} senders open at once, each one's datagram received", answered, place.clients);
  Trial trial = answered == place.clients ? confirmed(id, text) : refuted(id, text);
  trial.figure = answered;
  trial.unit = "clients";
  return trial;
}

// Nobody reads: every send succeeds all the same, and most of it is gone.
Trial try_loss(const Place&) {
  constexpr std::string_view id = "lost-when-full";
  constexpr int sent = 4000;
  const auto ends = make_ends();
  if (!ends) return broken(id, ends.error());
  char datagram[1024] = {};
  for (int i = 0; i < sent; ++i)
    if (write(ends->client.get(), datagram, sizeof datagram) != sizeof datagram) return refuted(id, fmt::format("send {} of {} was refused: {}", i + 1, sent, system_error("send", errno).message));
  int got = 0;
  while (recv(ends->server.get(), datagram, sizeof datagram, MSG_DONTWAIT) > 0) ++got;
  Trial trial = got < sent ? confirmed(id, fmt::format("{} datagrams were sent without an error, {} were kept, the rest is lost", sent, got)) : refuted(id, "every datagram was kept");
  trial.figure = got;
  trial.unit = "datagrams";
  return trial;
}

Trial try_other_user_sends(std::string_view id, bool expect_refused) {
  Address address;
  const auto server = bound(address);
  if (!server) return broken(id, server.error());
  const auto outcome = as_other_user([&] {
    const Fd client(socket(AF_INET, SOCK_DGRAM, 0));
    return client.valid() && connect(client.get(), general(address), sizeof address) == 0 && write(client.get(), "x", 1) == 1 ? 0 : errno;
  });
  if (outcome && *outcome == 0 && !readable(server->get())) return broken(id, {ErrorKind::io, "the other user's datagram never came"});
  return judge_other_user(id, outcome, expect_refused, "send");
}

}  // namespace

extern const Probe udp_probe;
const Probe udp_probe{
    .id = "udp",
    .largest_message = 65507,  // udp(7): 64 KiB less the headers
    .polls = true,
    .lossy = true,
    .prepare = prepare,
    .trials = {{"two-way", try_answer},
               {"boundaries", try_records},
               {"clients-at-once", try_senders},
               {"lost-when-full", try_loss},
               {"other-user-connects", [](const Place&) { return try_other_user_sends("other-user-connects", false); }},
               {"other-user-refused", [](const Place&) { return try_other_user_sends("other-user-refused", true); }}},
};

}  // namespace ipc_advisor::probe
