// Who gets at a channel: from another host or network namespace, as another user, across a user namespace.
#include "probe/reach.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/addresses.hpp"
#include "probe/namespaces.hpp"

namespace ipc_advisor::probe {
namespace {

constexpr std::uint16_t far_port = 4242;

sockaddr_in far_address(const char* host) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(far_port);
  inet_pton(AF_INET, host, &address.sin_addr);
  return address;
}


// Answers one byte on one connection.
int serve_far(const char* own, int ready) {
  const Fd listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = far_address(own);
  if (bind(listener.get(), general(address), sizeof address) != 0 || listen(listener.get(), 1) != 0) return errno;
  char byte = 1;
  if (write(ready, &byte, 1) != 1) return errno;
  const Fd peer(accept(listener.get(), nullptr, nullptr));
  if (read(peer.get(), &byte, 1) != 1) return EIO;
  byte = static_cast<char>(byte + 1);
  if (write(peer.get(), &byte, 1) != 1) return EIO;
  // The connection must not end before the answer is there.
  pause();
  return 0;
}

int ask_far(const char* other) {
  const Fd client(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = far_address(other);
  const timeval patience{2, 0};
  setsockopt(client.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(client.get(), general(address), sizeof address) != 0) return errno;
  char byte = 41;
  if (write(client.get(), &byte, 1) != 1 || read(client.get(), &byte, 1) != 1) return EIO;
  return byte == 42 ? 0 : EIO;
}

}  // namespace

Trial try_other_host_reached(const FarServer& serve) {
  constexpr std::string_view id = "other-namespace-reached";
  const auto status = on_two_hosts(serve ? serve : serve_far, ask_far);
  if (!status) return not_run(id, status.error().message);
  if (*status == 0) return confirmed(id, "a request and its answer between two network namespaces joined by a pair of virtual interfaces");
  return refuted(id, system_error("the other network namespace was not reached", *status).message);
}

Trial try_out_of_reach(std::string_view what, const char* hidden_folder, const std::function<bool()>& reach) {
  constexpr std::string_view id = "other-namespace-refused";
  // It is there for a neighbour on this host, or the refusal would show nothing.
  if (!reach()) return broken(id, {ErrorKind::io, fmt::format("{} could not be reached from this host either", what)});
  const auto status = on_other_host(hidden_folder, [&] { return reach() ? 1 : 0; });
  if (!status) return not_run(id, status.error().message);
  if (*status == 0) return confirmed(id, fmt::format("from where network, files and System V objects are others, as on another host, {} could not be reached", what));
  return refuted(id, fmt::format("from where network, files and System V objects are others {} was reached all the same", what));
}

Trial try_other_host_refused(const SocketKind& kind, const Place& place) {
  std::string address;
  const auto listener = kind.listen(place, address);
  if (!listener) return broken("other-namespace-refused", listener.error());
  Trial trial = try_out_of_reach("its address", place.folder.c_str(), [&] { return kind.connect(address).has_value(); });
  remove_name(address);
  return trial;
}

Trial try_from_other_network(std::string_view id, const SocketKind& kind, const Place& place, bool expect_reached) {
  std::string address;
  const auto listener = kind.listen(place, address);
  if (!listener) return broken(id, listener.error());
  const bool here = kind.connect(address).has_value();
  const auto status = on_other_host(nullptr, [&] { return kind.connect(address).has_value() ? 0 : errno; });
  remove_name(address);
  if (!here) return broken(id, {ErrorKind::io, "it could not be reached from this network namespace either"});
  if (!status) return not_run(id, status.error().message);
  constexpr std::string_view from = "from another network namespace that shares all files it was";
  const std::string text = *status == 0 ? fmt::format("{} reached", from) : system_error(fmt::format("{} not reached", from), *status).message;
  return (*status == 0) == expect_reached ? confirmed(id, text) : refuted(id, text);
}

Trial try_abstract_name(const SocketKind& kind, const Place& place) {
  constexpr std::string_view id = "abstract-name";
  std::string address;
  const auto listener = kind.listen(place, address);
  if (!listener) return broken(id, listener.error());
  const auto client = kind.connect(address);
  sockaddr_un name{};
  socklen_t length = sizeof name;
  const bool named = getsockname(listener->get(), reinterpret_cast<sockaddr*>(&name), &length) == 0;
  remove_name(address);
  if (!client) return refuted(id, "the abstract name could not be reached: " + client.error().message);
  // The kernel's own account: a name that begins with a zero byte, which no path does (unix(7)).
  const bool abstract = named && name.sun_family == AF_UNIX && length > offsetof(sockaddr_un, sun_path) && name.sun_path[0] == '\0';
  return abstract ? confirmed(id, "a client connected to an address that is no file") : refuted(id, "the address to which a client connected is a file's or a port's");
}

Trial try_modes(const SocketKind& kind, const Place& place) {
  constexpr std::string_view id = "mode-and-folder";
  std::string path;
  const auto listener = kind.listen(place, path);
  if (!listener) return broken(id, listener.error());
  struct Case {
    mode_t folder, socket;
    bool admitted;
  };
  // A socket needs write permission on itself and search permission on its folder (unix(7)).
  constexpr Case cases[] = {{0700, 0777, false}, {0711, 0600, false}, {0711, 0666, true}};
  std::string wrong;
  Result<int> outcome = 0;
  for (const Case& one : cases) {
    chmod(place.folder.c_str(), one.folder);
    chmod(path.c_str(), one.socket);
    outcome = as_other_user([&] {
      errno = 0;
      return kind.connect(path).has_value() ? 0 : errno;
    });
    if (!outcome) break;
    if ((*outcome == 0) != one.admitted) wrong = fmt::format("with mode {:04o} in a folder of mode {:04o} user 65534 was {}", one.socket, one.folder, *outcome == 0 ? "let in" : "kept out");
  }
  chmod(place.folder.c_str(), 0700);
  remove_name(path);
  if (!outcome) return not_run(id, outcome.error().message);
  if (!wrong.empty()) return refuted(id, wrong);
  return confirmed(id, "user 65534 was kept out by the folder's mode 0700, by the socket's 0600, and let in with 0711 and 0666");
}

Trial try_credentials_across(const SocketKind& kind, const Place& place) {
  constexpr std::string_view id = "credentials-across-user-namespaces";
  constexpr int no_namespace = 100, overflow = 65534;
  std::string path;
  const auto listener = kind.listen(place, path);
  if (!listener) return broken(id, listener.error());
  auto news = make_pipe();
  if (!news) return broken(id, news.error());
  const auto uid_of_peer = [](int socket) {
    ucred peer{};
    socklen_t length = sizeof peer;
    return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 ? static_cast<int>(peer.uid) : -1;
  };
  const auto pid = fork_bound();
  if (!pid) return broken(id, pid.error());
  if (*pid == 0) {
    int seen = no_namespace;
    if (unshare(CLONE_NEWUSER) == 0) {
      const auto client = kind.connect(path);
      seen = client ? uid_of_peer(client->get()) : -1;
    }
    (void)write_exactly(news->write_end.get(), std::as_bytes(std::span(&seen, 1)));
    // The connection must be there when the other side looks at it.
    for (;;) pause();
  }
  int inside = -1;
  const auto told = read_exactly(news->read_end.get(), std::as_writable_bytes(std::span(&inside, 1)));
  const bool made = told && inside != no_namespace;
  const Fd peer(made && inside >= 0 ? accept4(listener->get(), nullptr, nullptr, SOCK_CLOEXEC) : -1);
  const int outside = peer.valid() ? uid_of_peer(peer.get()) : -1;
  kill_and_reap(*pid);
  remove_name(path);
  if (!told) return broken(id, told.error());
  if (!made) return not_run(id, "this process may make no user namespace");
  const std::string text = fmt::format("a client in a user namespace without a mapping is user {} to the server, and the server is user {} to it", outside, inside);
  return outside == static_cast<int>(geteuid()) && inside == overflow ? confirmed(id, text) : refuted(id, text);
}

}  // namespace ipc_advisor::probe
