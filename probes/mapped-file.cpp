// A file that both map: two rings in it, and what stays when a process goes.
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include "probe/limits.hpp"
#include "probe/reach.hpp"

namespace ipc_advisor::probe {
namespace {

Result<Fd> create(const std::string& path) {
  const int number = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (number < 0) return fail_errno("open " + path, errno);
  return Fd(number);
}

Result<Mapping> fresh(const Place& place, std::size_t bytes) {
  const std::string path = place.folder + "/map";
  const auto file = create(path);
  if (!file) return tl::unexpected(file.error());
  unlink(path.c_str());
  return map_shared(file->get(), bytes);
}

Result<std::unique_ptr<Link>> prepare(const Place& place) {
  auto mapping = fresh(place, sizeof(Rings));
  if (!mapping) return tl::unexpected(mapping.error());
  return ring_link(std::move(*mapping), waiting_of(place.mode, place.one_cpu));
}

MakeMapping maker(const Place& place) {
  return [place](std::size_t bytes) { return fresh(place, bytes); };
}

Trial try_other_user_open(const Place& place) {
  constexpr std::string_view id = "other-user-refused";
  const std::string path = place.folder + "/guarded";
  const auto file = create(path);
  if (!file) return broken(id, file.error());
  const auto outcome = as_other_user([&] { return open(path.c_str(), O_RDWR) >= 0 ? 0 : errno; });
  unlink(path.c_str());
  return judge_other_user(id, outcome, true, "open the file");
}

Trial try_file_from_elsewhere(const Place& place) {
  const std::string path = place.folder + "/far";
  const auto file = create(path);
  if (!file) return broken("other-namespace-refused", file.error());
  Trial trial = try_out_of_reach("its file", place.folder.c_str(), [&] { return Fd(open(path.c_str(), O_RDWR | O_CLOEXEC)).valid(); });
  unlink(path.c_str());
  return trial;
}

}  // namespace

extern const Probe mapped_file_probe;
const Probe mapped_file_probe{
    .id = "mapped-file",
    .modes = {"", "spinning", "sleeping"},
    .prepare = prepare,
    .trials = {{"two-way", [](const Place& place) { return try_ring("two-way", "", mapped_file_probe, place); }},
               {"spinning-ring", [](const Place& place) { return try_ring("spinning-ring", "spinning", mapped_file_probe, place); }},
               {"same-pages", [](const Place& place) { return try_same_pages(maker(place)); }},
               {"sleeping-ring", [](const Place& place) { return try_ring("sleeping-ring", "sleeping", mapped_file_probe, place); }},
               {"every-reader-sees-all", [](const Place& place) { return try_every_reader(maker(place)); }},
               {"torn-write", [](const Place& place) { return try_torn_write(maker(place)); }},
               {"torn-write-detected", [](const Place& place) { return try_sequence_lock(maker(place)); }},
               {"late-reader-sees-past", [](const Place& place) { return try_late_reader(place.folder + "/past", map_shared); }},
               {"other-user-refused", try_other_user_open},
               {"other-namespace-refused", try_file_from_elsewhere},
               {"left-behind", [](const Place& place) { return try_left_behind(leaving_file(place.folder + "/left", "its file stays, with what was stored")); }},
               {"peer-death-seen", [](const Place& place) { return try_control_socket(bare_pair(SOCK_STREAM), place, "the control socket (a mapping alone is silent)"); }}},
};

}  // namespace ipc_advisor::probe
