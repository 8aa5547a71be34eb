// What outlives an owner that is killed with SIGKILL: names do, and what the kernel counts by process does not.
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/limits.hpp"

namespace ipc_advisor::probe {

Trial try_left_behind(const Leaving& leaving) {
  constexpr std::string_view id = "left-behind";
  const auto pid = fork_bound();
  if (!pid) return broken(id, pid.error());
  if (*pid == 0) {
    if (leaving.create()) raise(SIGKILL);
    _exit(1);
  }
  int status = 0;
  while (waitpid(*pid, &status, 0) < 0 && errno == EINTR) {
  }
  const std::string seen = leaving.stays();
  leaving.remove();
  if (!WIFSIGNALED(status)) return broken(id, {ErrorKind::io, "the owner could not make the name"});
  const std::string text = seen.empty() ? "its owner was killed, and nothing of it stayed" : "its owner was killed: " + seen;
  return seen.empty() == !leaving.expected ? confirmed(id, text) : refuted(id, text);
}

Leaving leaving_socket(const SocketKind& kind, const Place& place) {
  const std::string path = place.folder + "/s";
  return {.create = [=] {
            std::string address;
            auto listener = kind.listen(place, address);
            if (listener) (void)listener->release();
            return listener.has_value();
          },
          .stays = [=]() -> std::string {
            if (access(path.c_str(), F_OK) != 0) return "";
            errno = 0;
            const bool answered = kind.connect(path).has_value();
            return "its path stays, " + (answered ? std::string("and answers") : system_error("connecting there gives", errno).message + ", and binding there EADDRINUSE until it is unlinked");
          },
          .remove = [=] { unlink(path.c_str()); }};
}

Leaving leaving_file(const std::string& path, const std::string& words) {
  return {.create = [=] { return open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600) >= 0; },
          .stays = [=]() -> std::string { return access(path.c_str(), F_OK) == 0 ? words : ""; },
          .remove = [=] { unlink(path.c_str()); }};
}

Result<Leaving> leaving_port(const SocketKind& kind, const Place& place) {
  auto made = make_pipe();
  if (!made) return tl::unexpected(made.error());
  // Which port it was only the child knows.
  const auto news = std::make_shared<Pipe>(std::move(*made));
  return Leaving{.create = [=] {
                   std::string address;
                   auto listener = kind.listen(place, address);
                   address.resize(8);
                   if (listener) (void)listener->release();
                   return listener.has_value() && write_exactly(news->write_end.get(), std::as_bytes(std::span(address))).has_value();
                 },
                 .stays = [=]() -> std::string {
                   news->write_end.reset();
                   std::string address(8, '\0');
                   if (!read_exactly(news->read_end.get(), std::as_writable_bytes(std::span(address)))) return "";
                   const auto client = kind.connect(address);
                   // A datagram's refusal comes with the next call (udp(7)).
                   const bool answers = client && (kind.type != SOCK_DGRAM || (write(client->get(), "x", 1) == 1 && write(client->get(), "x", 1) == 1));
                   return answers ? "its port is still there" : "";
                 },
                 .remove = [] {},
                 .expected = false};
}

}  // namespace ipc_advisor::probe
