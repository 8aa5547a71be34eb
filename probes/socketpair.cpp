// socketpair(2), handed over by fork: one descriptor each, both ways, no name.
#include <cerrno>
#include <csignal>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe/pipes.hpp"
#include "probe/socket_rights.hpp"
#include "probe/sockets.hpp"

namespace ipc_advisor::probe {
namespace {

struct Pair {
  Fd server, client;
};

Result<Pair> make_pair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return fail_errno("socketpair", errno);
  return Pair{Fd(ends[0]), Fd(ends[1])};
}

class PairLink : public Link {
 public:
  explicit PairLink(Pair pair) : pair_(std::move(pair)) {}

  Result<std::unique_ptr<End>> open(Side side) override {
    Fd mine = std::move(side == Side::server ? pair_.server : pair_.client);
    // A kept copy of the other end would answer oneself, or hide the peer's death.
    pair_.server.reset();
    pair_.client.reset();
    return descriptor_end(std::move(mine), Fd());
  }

 private:
  Pair pair_;
};

// One read of two writes, and a byte back.
Trial try_stream(std::string_view id) {
  const auto pair = make_pair();
  if (!pair) return broken(id, pair.error());
  char buffer[64];
  const bool sent = write(pair->client.get(), "first", 5) == 5 && write(pair->client.get(), "second", 6) == 6;
  const ssize_t got = sent ? read(pair->server.get(), buffer, sizeof buffer) : -1;
  const bool answered = write(pair->server.get(), "a", 1) == 1 && read(pair->client.get(), buffer, 1) == 1;
  if (id == "two-way") return answered ? confirmed(id, "both ends sent and received over one pair") : refuted(id, "the answer did not come back");
  return got == 11 ? confirmed(id, "two writes of 5 and 6 bytes were read as one of 11") : refuted(id, fmt::format("the first read gave {}", got));
}

Trial try_finding_it(const Place&) {
  const auto pair = make_pair();
  return pair ? try_other_user_finds(pair->server.get()) : broken("other-user-refused", pair.error());
}

}  // namespace

extern const Probe socketpair_probe;
const Probe socketpair_probe{
    .id = "socketpair",
    .polls = true,
    .prepare = [](const Place&) -> Result<std::unique_ptr<Link>> {
      auto pair = make_pair();
      if (!pair) return tl::unexpected(pair.error());
      return std::make_unique<PairLink>(std::move(*pair));
    },
    .trials = {{"two-way", [](const Place&) { return try_stream("two-way"); }},
               {"stream-merges", [](const Place&) { return try_stream("stream-merges"); }},
               {"other-user-refused", try_finding_it},
               {"descriptors-passed", [](const Place& place) { return try_descriptors(bare_pair(SOCK_STREAM), place); }},
               {"peer-credentials", [](const Place& place) { return try_peer_credentials(bare_pair(SOCK_STREAM), place); }},
               {"write-to-the-dead", [](const Place& place) { return try_write_to_the_dead(bare_pair(SOCK_STREAM), place); }},
               {"taken-before-blocking", [](const Place& place) { return try_filling_up(bare_pair(SOCK_STREAM), place); }},
               {"peer-death-seen", [](const Place&) { return try_control_socket("a bare socket pair"); }}},
};

}  // namespace ipc_advisor::probe
