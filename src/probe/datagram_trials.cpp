// Experiments on sockets that nobody accepts on: one bound socket hears every sender.
#include <cerrno>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe/sockets.hpp"

namespace ipc_advisor::probe {

Trial try_senders(const SocketKind& kind, const Place& place) {
  constexpr std::string_view id = "clients-at-once";
  std::string address;
  const auto server = kind.listen(place, address);
  if (!server) return broken(id, server.error());
  std::vector<Fd> clients;
  std::string stopped;
  int heard = 0;
  while (heard < place.clients && stopped.empty()) {
    auto client = kind.connect(address);
    int number = heard, seen = -1;
    if (!client) stopped = client.error().message;
    else if (write(client->get(), &number, sizeof number) != sizeof number) stopped = system_error("write", errno).message;
    else if (!readable_within(server->get(), 500) || read(server->get(), &seen, sizeof seen) != sizeof seen || seen != number) stopped = "its datagram did not come";
    else ++heard;
    if (client) clients.push_back(std::move(*client));
  }
  remove_name(address);
  Trial trial = stopped.empty() ? confirmed(id, fmt::format("{} senders open at once, each one's datagram received", heard))
                                : refuted(id, fmt::format("{} of {} senders were heard; the next: {}", heard, place.clients, stopped));
  trial.figure = heard;
  trial.unit = "clients";
  return trial;
}

Trial try_other_user_sends(std::string_view id, const SocketKind& kind, const Place& place, bool expect_refused) {
  std::string address;
  const auto server = kind.listen(place, address);
  if (!server) return broken(id, server.error());
  const auto outcome = as_other_user([&] {
    errno = 0;
    const auto client = kind.connect(address);
    return client && write(client->get(), "x", 1) == 1 ? 0 : errno;
  });
  remove_name(address);
  if (outcome && *outcome == 0 && !readable_within(server->get(), 500)) return broken(id, {ErrorKind::io, "the other user's datagram never came"});
  return judge_other_user(id, outcome, expect_refused, "send");
}

Trial try_loss(const MakePair& make, const Place& place) {
  constexpr std::string_view id = "lost-when-full";
  constexpr int sent = 4000;
  const auto pair = make(place);
  if (!pair) return broken(id, pair.error());
  char datagram[1024] = {};
  for (int i = 0; i < sent; ++i)
    if (send(pair->first.get(), datagram, sizeof datagram, MSG_DONTWAIT | MSG_NOSIGNAL) != sizeof datagram)
      return refuted(id, fmt::format("send {} of {} was refused: {}", i + 1, sent, system_error("send", errno).message));
  int got = 0;
  while (recv(pair->second.get(), datagram, sizeof datagram, MSG_DONTWAIT) > 0) ++got;
  Trial trial = got < sent ? confirmed(id, fmt::format("{} datagrams were sent without an error, {} were kept, the rest is lost", sent, got)) : refuted(id, "every datagram was kept");
  trial.figure = got;
  trial.unit = "datagrams";
  return trial;
}

}  // namespace ipc_advisor::probe
