// Two named pipes in a private folder, one for each direction.
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/limits.hpp"
#include "probe/reach.hpp"

namespace ipc_advisor::probe {
namespace {

Result<std::string> make_fifo(const Place& place, std::string_view name) {
  std::string path = fmt::format("{}/{}", place.folder, name);
  unlink(path.c_str());
  if (mkfifo(path.c_str(), 0600) != 0) return fail_errno("mkfifo " + path, errno);
  return path;
}

// Blocks until the partner opens its end (fifo(7)).
Result<Fd> open_fifo(const std::string& path, int flags) {
  for (;;) {
    const int number = open(path.c_str(), flags | O_CLOEXEC);
    if (number >= 0) return Fd(number);
    if (errno != EINTR) return fail_errno("open " + path, errno);
    if (deadline_passed()) return fail(ErrorKind::timed_out, "the FIFO's other end was not opened before the deadline");
  }
}

class FifoLink : public Link {
 public:
  FifoLink(std::string to_server, std::string to_client, std::uint64_t buffer) : to_server_(std::move(to_server)), to_client_(std::move(to_client)), buffer_(buffer) {}
  ~FifoLink() override { unlink_now(); }

  Result<std::unique_ptr<End>> open(Side side) override {
    // Both sides open the same FIFO first; the other order would block both.
    auto first = open_fifo(to_server_, side == Side::server ? O_RDONLY : O_WRONLY);
    if (!first) return tl::unexpected(first.error());
    auto second = open_fifo(to_client_, side == Side::server ? O_WRONLY : O_RDONLY);
    if (!second) return tl::unexpected(second.error());
    if (buffer_ > 0) fcntl(first->get(), F_SETPIPE_SZ, static_cast<int>(buffer_));
    return side == Side::server ? descriptor_end(std::move(*first), std::move(*second)) : descriptor_end(std::move(*second), std::move(*first));
  }

  void unlink_names() override { unlink_now(); }

 private:
  void unlink_now() const {
    unlink(to_server_.c_str());
    unlink(to_client_.c_str());
  }

  std::string to_server_, to_client_;
  std::uint64_t buffer_;
};

Result<std::unique_ptr<Link>> prepare(const Place& place) {
  auto to_server = make_fifo(place, "there");
  if (!to_server) return tl::unexpected(to_server.error());
  auto to_client = make_fifo(place, "back");
  if (!to_client) return tl::unexpected(to_client.error());
  return std::make_unique<FifoLink>(std::move(*to_server), std::move(*to_client), place.buffer);
}

// Both ends in one process: the reader first and without blocking, then the writer.
Result<Pipe> fresh(const Place& place) {
  auto path = make_fifo(place, "one");
  if (!path) return tl::unexpected(path.error());
  auto reader = open_fifo(*path, O_RDONLY | O_NONBLOCK);
  if (!reader) return tl::unexpected(reader.error());
  auto writer = open_fifo(*path, O_WRONLY);
  unlink(path->c_str());
  if (!writer) return tl::unexpected(writer.error());
  fcntl(reader->get(), F_SETFL, 0);
  return Pipe{std::move(*reader), std::move(*writer)};
}

Trial try_other_user_open(const Place& place) {
  constexpr std::string_view id = "other-user-refused";
  const auto path = make_fifo(place, "guarded");
  if (!path) return broken(id, path.error());
  const auto outcome = as_other_user([&] { return open(path->c_str(), O_RDWR | O_NONBLOCK) >= 0 ? 0 : errno; });
  unlink(path->c_str());
  return judge_other_user(id, outcome, true, "open the FIFO");
}

Trial try_fifo_from_elsewhere(const Place& place) {
  const auto path = make_fifo(place, "far");
  if (!path) return broken("other-namespace-refused", path.error());
  Trial trial = try_out_of_reach("its path", place.folder.c_str(), [&] { return Fd(open(path->c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)).valid(); });
  unlink(path->c_str());
  return trial;
}

Leaving leaving_fifo(const Place& place) {
  Leaving out = leaving_file(place.folder + "/left", "its path stays, and opening it waits for a partner for ever");
  out.create = [path = place.folder + "/left"] { return mkfifo(path.c_str(), 0600) == 0; };
  return out;
}

}  // namespace

extern const Probe fifo_probe;
const Probe fifo_probe{
    .id = "fifo",
    .polls = true,
    .tunable = true,
    .prepare = prepare,
    .trials = {{"two-way", [](const Place& place) { return try_two_pipes(fresh, place); }},
               {"one-way-only", [](const Place& place) { return try_one_way_only(fresh, place); }},
               {"stream-merges", [](const Place& place) { return try_pipe_merging(fresh, place); }},
               {"other-user-refused", try_other_user_open},
               {"shell-writes", [](const Place& place) { return try_shell(place, "/bin/sh"); }},
               {"readers-race", [](const Place& place) { return try_racing_readers(fresh, place); }},
               {"open-without-reader", [](const Place& place) { return try_open_without_reader(place.folder + "/lonely"); }},
               {"taken-before-blocking", [](const Place& place) { return try_pipe_filling(fresh, place); }},
               {"write-to-the-dead", [](const Place& place) { return try_pipe_without_reader(fresh, place); }},
               {"peer-death-seen", [](const Place& place) { return try_pipe_death(fresh, place); }},
               {"torn-records", [](const Place& place) { return try_torn_records(fresh, place); }},
               {"two-way-deadlock", [](const Place& place) { return try_two_way_deadlock(fresh, place); }},
               {"other-namespace-refused", try_fifo_from_elsewhere},
               {"left-behind", [](const Place& place) { return try_left_behind(leaving_fifo(place)); }}},
};

}  // namespace ipc_advisor::probe
