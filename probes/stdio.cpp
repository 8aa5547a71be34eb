// A child whose standard input and output are pipes to its parent.
#include "probe/limits.hpp"

namespace ipc_advisor::probe {
namespace {

Result<Pipe> fresh(const Place&) { return make_pipe(); }

Trial other_user(const Place&) {
  const auto pipe = make_pipe();
  return pipe ? try_other_user_finds(pipe->write_end.get()) : broken("other-user-refused", pipe.error());
}

}  // namespace

extern const Probe stdio_probe;
const Probe stdio_probe{
    .id = "stdio",
    .polls = true,
    .tunable = true,
    .prepare = [](const Place& place) { return pipe_link(true, place); },
    .trials = {{"two-way", [](const Place& place) { return try_two_pipes(fresh, place); }},
               {"stream-merges", [](const Place& place) { return try_pipe_merging(fresh, place); }},
               {"other-user-refused", other_user},
               {"taken-before-blocking", [](const Place& place) { return try_pipe_filling(fresh, place); }},
               {"write-to-the-dead", [](const Place& place) { return try_pipe_without_reader(fresh, place); }},
               {"peer-death-seen", [](const Place& place) { return try_pipe_death(fresh, place); }},
               {"torn-records", [](const Place& place) { return try_torn_records(fresh, place); }},
               {"two-way-deadlock", [](const Place& place) { return try_two_way_deadlock(fresh, place); }}},
};

}  // namespace ipc_advisor::probe
