// Anonymous pipes as links.
#include "probe/pipes.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include "probe/sockets.hpp"

namespace ipc_advisor::probe {
namespace {

class PipeLink : public Link {
 public:
  PipeLink(Pipe to_server, Pipe to_client, bool as_stdio) : to_server_(std::move(to_server)), to_client_(std::move(to_client)), as_stdio_(as_stdio) {}

  Result<std::unique_ptr<End>> open(Side side) override {
    Pipe& in = side == Side::server ? to_server_ : to_client_;
    Pipe& out = side == Side::server ? to_client_ : to_server_;
    // A forgotten copy of the other end would keep end of file away for ever.
    in.write_end.reset();
    out.read_end.reset();
    if (!as_stdio_ || side == Side::client) return descriptor_end(std::move(in.read_end), std::move(out.write_end));
    if (dup2(in.read_end.get(), STDIN_FILENO) < 0 || dup2(out.write_end.get(), STDOUT_FILENO) < 0) return fail_errno("dup2", errno);
    in.read_end.reset();
    out.write_end.reset();
    return descriptor_end(Fd(STDIN_FILENO), Fd(STDOUT_FILENO));
  }

 private:
  Pipe to_server_, to_client_;
  bool as_stdio_;
};

}  // namespace

Result<std::unique_ptr<Link>> pipe_link(bool as_stdio, const Place& place) {
  auto to_server = make_pipe();
  if (!to_server) return tl::unexpected(to_server.error());
  auto to_client = make_pipe();
  if (!to_client) return tl::unexpected(to_client.error());
  if (place.buffer > 0)
    for (const Pipe* pipe : {&*to_server, &*to_client}) fcntl(pipe->write_end.get(), F_SETPIPE_SZ, static_cast<int>(place.buffer));
  return std::make_unique<PipeLink>(std::move(*to_server), std::move(*to_client), as_stdio);
}

}  // namespace ipc_advisor::probe
