// Two Unix datagram sockets bound to paths and connected to each other: one write, one record.
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/addresses.hpp"
#include "probe/limits.hpp"
#include "probe/socket_rights.hpp"
#include "probe/sockets.hpp"

namespace ipc_advisor::probe {
namespace {

Result<Fd> bound(const std::string& path) {
  Fd out(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!out.valid()) return fail_errno("socket", errno);
  unlink(path.c_str());
  const sockaddr_un name = path_address(path);
  if (bind(out.get(), general(name), sizeof name) != 0) return fail_errno("bind " + path, errno);
  chmod(path.c_str(), 0600);
  return out;
}

int connect_to(int socket, const std::string& path) {
  const sockaddr_un name = path_address(path);
  return connect(socket, general(name), sizeof name);
}

class DatagramLink : public Link {
 public:
  DatagramLink(std::string folder, Fd server, Fd client) : folder_(std::move(folder)), server_(std::move(server)), client_(std::move(client)) {}

  Result<std::unique_ptr<End>> open(Side side) override {
    Fd mine = std::move(side == Side::server ? server_ : client_);
    server_.reset();
    client_.reset();
    return record_end(std::move(mine));
  }

  void unlink_names() override {
    unlink((folder_ + "/server").c_str());
    unlink((folder_ + "/client").c_str());
  }

 private:
  std::string folder_;
  Fd server_, client_;
};

struct Ends {
  Fd server, client;
};

Result<Ends> make_ends(const Place& place) {
  auto server = bound(place.folder + "/server");
  if (!server) return tl::unexpected(server.error());
  auto client = bound(place.folder + "/client");
  if (!client) return tl::unexpected(client.error());
  if (connect_to(client->get(), place.folder + "/server") != 0 || connect_to(server->get(), place.folder + "/client") != 0)
    return fail_errno("connect", errno);
  return Ends{std::move(*server), std::move(*client)};
}

Result<std::unique_ptr<Link>> prepare(const Place& place) {
  auto ends = make_ends(place);
  if (!ends) return tl::unexpected(ends.error());
  return std::make_unique<DatagramLink>(place.folder, std::move(ends->server), std::move(ends->client));
}

Trial try_records(const Place& place) {
  constexpr std::string_view id = "boundaries";
  const auto ends = make_ends(place);
  if (!ends) return broken(id, ends.error());
  char buffer[64];
  const bool sent = write(ends->client.get(), "first", 5) == 5 && write(ends->client.get(), "second", 6) == 6;
  const ssize_t first = sent ? read(ends->server.get(), buffer, sizeof buffer) : -1, second = sent ? read(ends->server.get(), buffer, sizeof buffer) : -1;
  if (first == 5 && second == 6) return confirmed(id, "two writes of 5 and 6 bytes were read as records of 5 and 6");
  return refuted(id, fmt::format("two writes of 5 and 6 bytes were read as {} and {}", first, second));
}

Trial try_answer(const Place& place) {
  constexpr std::string_view id = "two-way";
  const auto ends = make_ends(place);
  if (!ends) return broken(id, ends.error());
  char byte = 'q';
  const bool went = write(ends->client.get(), &byte, 1) == 1 && read(ends->server.get(), &byte, 1) == 1 && write(ends->server.get(), &byte, 1) == 1 &&
                    read(ends->client.get(), &byte, 1) == 1;
  return went ? confirmed(id, "a datagram was answered to the address it came from") : refuted(id, "the answer did not come back");
}

// Many senders to one receiver: each datagram arrives whole and is counted.
Trial try_senders(const Place& place) {
  constexpr std::string_view id = "clients-at-once";
  const auto server = bound(place.folder + "/server");
  if (!server) return broken(id, server.error());
  std::vector<Fd> clients;
  int answered = 0;
  for (int i = 0; i < place.clients; ++i) {
    Fd client(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!client.valid() || connect_to(client.get(), place.folder + "/server") != 0) break;
    int number = i, seen = -1;
    if (write(client.get(), &number, sizeof number) == sizeof number && read(server->get(), &seen, sizeof seen) == sizeof seen && seen == number) ++answered;
    clients.push_back(std::move(client));
  }
  unlink((place.folder + "/server").c_str());
  const std::string text = fmt::format("{} of {} senders open at once, each one's datagram received", answered, place.clients);
  Trial trial = answered == place.clients ? confirmed(id, text) : refuted(id, text);
  trial.figure = answered;
  trial.unit = "clients";
  return trial;
}

// A datagram socket has no one peer: the kernel names the sender of each message (SCM_CREDENTIALS, unix(7)).
Trial try_sender_credentials(const Place& place) {
  constexpr std::string_view id = "peer-credentials";
  const auto ends = make_ends(place);
  if (!ends) return broken(id, ends.error());
  const int on = 1;
  if (setsockopt(ends->server.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0) return broken(id, system_error("SO_PASSCRED", errno));
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(ucred))] = {};
  char byte = 'x';
  iovec data{&byte, 1};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (write(ends->client.get(), &byte, 1) != 1 || recvmsg(ends->server.get(), &message, 0) != 1) return broken(id, system_error("recvmsg", errno));
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_CREDENTIALS) return refuted(id, "the message came without its sender's credentials");
  ucred sender{};
  std::memcpy(&sender, CMSG_DATA(header), sizeof sender);
  if (sender.pid == getpid() && sender.uid == geteuid()) return confirmed(id, fmt::format("the kernel names the sender of each message: process, user {} and group {}", sender.uid, sender.gid));
  return refuted(id, fmt::format("the kernel names process {} of user {}, which is not the sender", sender.pid, sender.uid));
}

Trial try_other_user_send(const Place& place) {
  constexpr std::string_view id = "other-user-refused";
  const auto server = bound(place.folder + "/server");
  if (!server) return broken(id, server.error());
  const auto outcome = as_other_user([&] {
    const int client = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return client >= 0 && connect_to(client, place.folder + "/server") == 0 ? 0 : errno;
  });
  unlink((place.folder + "/server").c_str());
  return judge_other_user(id, outcome, true, "connect");
}

}  // namespace

extern const Probe unix_dgram_probe;
const Probe unix_dgram_probe{
    .id = "unix-dgram",
    .largest_message = 65536,  // within the default send buffer (unix(7))
    .polls = true,
    .prepare = prepare,
    .trials = {{"two-way", try_answer},
               {"boundaries", try_records},
               {"clients-at-once", try_senders},
               {"descriptors-passed", [](const Place& place) { return try_descriptors(bare_pair(SOCK_DGRAM), place); }},
               {"peer-credentials", try_sender_credentials},
               {"taken-before-blocking", [](const Place& place) { return try_filling_up(bare_pair(SOCK_DGRAM), place); }},
               {"other-user-refused", try_other_user_send},
               {"largest-message", [](const Place& place) { return try_largest_record(bare_pair(SOCK_DGRAM), place); }},
               {"queue-full", [](const Place& place) { return try_full_queue(bare_pair(SOCK_DGRAM), place); }}},
};

}  // namespace ipc_advisor::probe
