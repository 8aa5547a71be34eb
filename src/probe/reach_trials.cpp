// Who gets at a socket: from another network namespace, as another user, across a user namespace.
#include <cerrno>
#include <fmt/format.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/limits.hpp"
#include "probe/namespaces.hpp"

namespace ipc_advisor::probe {

Trial try_path_from_other_network(const SocketKind& kind, const Place& place) {
  constexpr std::string_view id = "path-crosses-networks";
  std::string path;
  const auto listener = kind.listen(place, path);
  if (!listener) return broken(id, listener.error());
  const auto status = on_other_host(nullptr, [&] { return kind.connect(path).has_value() ? 0 : errno; });
  unlink(path.c_str());
  if (!status) return not_run(id, status.error().message);
  if (*status == 0) return confirmed(id, "from another network namespace that shares its folder it was reached by its path");
  return refuted(id, system_error("from another network namespace that shares its folder it was not reached by its path", *status).message);
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
  unlink(path.c_str());
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
  unlink(path.c_str());
  if (!told) return broken(id, told.error());
  if (!made) return not_run(id, "this process may make no user namespace");
  const std::string text = fmt::format("a client in a user namespace without a mapping is user {} to the server, and the server is user {} to it", outside, inside);
  return outside == static_cast<int>(geteuid()) && inside == overflow ? confirmed(id, text) : refuted(id, text);
}

}  // namespace ipc_advisor::probe
