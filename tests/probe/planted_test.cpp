// Every trial is put before a channel that lacks what the trial looks for: it must see that.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/limits.hpp"
#include "probe/outcome.hpp"
#include "probe/programs.hpp"
#include "probe/reach.hpp"

using namespace ipc_advisor;
using namespace ipc_advisor::probe;

namespace {

using tests::outcome_of;

// The verdict alone; the words are looked at where they say which fault was seen.
Verdict seen(const std::function<Trial(const Place&)>& run, double seconds = 30) { return outcome_of(run, seconds).verdict; }

Result<ConnectedPair> stream_pair(const Place& place) { return bare_pair(SOCK_STREAM)(place); }
Result<ConnectedPair> record_pair(const Place& place) { return bare_pair(SOCK_SEQPACKET)(place); }
Result<ConnectedPair> tcp_pair(const Place& place) { return pair_of(tcp_kind())(place); }
Result<ConnectedPair> udp_pair(const Place& place) { return pair_of(udp_kind())(place); }

// The second one lives on in a copy that nobody closes.
Result<ConnectedPair> undying_pair(const Place& place) {
  auto pair = stream_pair(place);
  if (pair) fcntl(pair->second.get(), F_DUPFD, 100);
  return pair;
}

// The client hears nothing.
Result<ConnectedPair> deaf_pair(const Place& place) {
  auto pair = stream_pair(place);
  if (pair) shutdown(pair->first.get(), SHUT_RD);
  return pair;
}

Result<Pipe> pipe_of(Result<ConnectedPair> pair) {
  if (!pair) return tl::unexpected(pair.error());
  return Pipe{std::move(pair->second), std::move(pair->first)};
}
Result<Pipe> two_way_pipe(const Place& place) { return pipe_of(stream_pair(place)); }
Result<Pipe> record_pipe(const Place& place) { return pipe_of(record_pair(place)); }
Result<Pipe> bottomless(const Place&) { return Pipe{Fd(open("/dev/null", O_RDWR)), Fd(open("/dev/null", O_RDWR))}; }

// Both ends live on in copies that nobody closes.
Result<Pipe> undying_pipe(const Place&) {
  auto pipe = make_pipe();
  if (pipe)
    for (const Fd* end : {&pipe->read_end, &pipe->write_end}) fcntl(end->get(), F_DUPFD, 100);
  return pipe;
}

// Listens where another place is meant to hide it.
SocketKind elsewhere() {
  SocketKind kind = unix_kind("unix-stream", SOCK_STREAM);
  const auto listen = kind.listen;
  kind.listen = [listen](const Place&, std::string& address) {
    Place open_to_all;
    open_to_all.folder = "/tmp/ipc-advisor-planted-" + std::to_string(getpid());
    mkdir(open_to_all.folder.c_str(), 0755);
    auto listener = listen(open_to_all, address);
    chmod(address.c_str(), 0666);
    return listener;
  };
  return kind;
}

Verdict seen_elsewhere(const std::function<Trial(const Place&)>& run) {
  const Verdict verdict = seen([&](const Place& place) {
    Trial trial = run(place);
    rmdir(("/tmp/ipc-advisor-planted-" + std::to_string(getpid())).c_str());
    return trial;
  });
  return verdict;
}

// Takes only so many.
SocketKind crowded() {
  SocketKind kind = unix_kind("unix-stream", SOCK_STREAM);
  const auto connect = kind.connect;
  kind.connect = [connect, left = std::make_shared<int>(5)](const std::string& address) -> Result<Fd> {
    if (--*left < 0) return fail(ErrorKind::exhausted, "full");
    return connect(address);
  };
  return kind;
}

// Each connection is another process's, which lives on.
SocketKind undying() {
  SocketKind kind = unix_kind("unix-stream", SOCK_STREAM);
  const auto connect = kind.connect;
  kind.connect = [connect](const std::string& address) -> Result<Fd> {
    if (fork() == 0) {
      const auto client = connect(address);
      sleep(2);
      _exit(0);
    }
    return Fd(dup(0));
  };
  return kind;
}

Trial trial_of(std::string_view mechanism, std::string_view id, const Place& place) {
  for (const TrialSpec& trial : find_probe(mechanism)->trials)
    if (trial.id == id) return trial.run(place);
  return confirmed(id, "there is no such trial");
}

const bool is_root = geteuid() == 0;

}  // namespace

TEST_SUITE("probe") {
  TEST_CASE("planted: boundaries where there are none, and none where there are") {
    CHECK(seen([](const Place& place) { return try_boundaries(stream_pair, place); }) == Verdict::refuted);
    CHECK(seen([](const Place& place) { return try_merging(record_pair, place); }) == Verdict::refuted);
    CHECK(seen([](const Place& place) { return try_pipe_merging(record_pipe, place); }) == Verdict::refuted);
  }

  TEST_CASE("planted: an answer that cannot come back") {
    CHECK(seen([](const Place& place) { return try_two_way(deaf_pair, place); }) == Verdict::inconclusive);
    CHECK(seen([](const Place& place) { return try_socket_api(deaf_pair, place); }) == Verdict::inconclusive);
    CHECK(seen([](const Place& place) { return try_two_pipes(bottomless, place); }) == Verdict::inconclusive);
    CHECK(seen([](const Place& place) { return try_one_way_only(two_way_pipe, place); }) == Verdict::refuted);
  }

  TEST_CASE("planted: ends that live on when their process has died") {
    CHECK(seen([](const Place& place) { return try_peer_death(undying(), place); }) == Verdict::refuted);
    CHECK(seen([](const Place& place) { return try_control_socket(undying_pair, place, "it"); }) == Verdict::refuted);
    CHECK(seen([](const Place& place) { return try_pipe_death(undying_pipe, place); }) == Verdict::refuted);
    CHECK(seen([](const Place& place) { return try_write_to_the_dead(undying_pair, place); }) == Verdict::refuted);
    CHECK(seen([](const Place& place) { return try_pipe_without_reader(undying_pipe, place); }) == Verdict::refuted);
    auto pipe = make_pipe();
    CHECK_FALSE(ended_by_sigpipe(pipe->write_end.get()));
    pipe->read_end.reset();
    CHECK(ended_by_sigpipe(pipe->write_end.get()));
  }

  TEST_CASE("planted: what never fills, and what takes all") {
    CHECK(seen([](const Place& place) { return try_filling_up(udp_pair, place); }) == Verdict::refuted);
    CHECK(seen([](const Place& place) { return try_pipe_filling(bottomless, place); }) == Verdict::refuted);
    CHECK(seen([](const Place& place) { return try_full_backlog(unix_kind("unix-stream", SOCK_STREAM), place, 100); }) == Verdict::refuted);
    CHECK(seen([](const Place& place) { return try_loss(stream_pair, place); }) == Verdict::refuted);
  }

  TEST_CASE("planted: a server that takes five, and senders of whom nobody hears") {
    const auto outcome = outcome_of([](const Place& place) { return try_clients_at_once(crowded(), place); });
    CHECK(outcome.verdict == Verdict::refuted);
    CHECK(outcome.because.find("5 of 64") != std::string::npos);
    CHECK(seen([](const Place& place) {
            SocketKind kind = udp_kind();
            const auto listen = kind.listen;
            kind.listen = [listen](const Place& there, std::string& address) {
              std::string unsaid;
              auto other = listen(there, address);
              return listen(there, unsaid);
            };
            return try_senders(kind, place);
          }) == Verdict::refuted);
  }

  TEST_CASE("planted: sockets that pass no descriptors, name no peer, and stall nobody") {
    CHECK(seen([](const Place& place) { return try_descriptors(tcp_pair, place); }) == Verdict::refuted);
    CHECK(seen([](const Place& place) { return try_peer_credentials(tcp_pair, place); }) == Verdict::refuted);
    CHECK(seen([](const Place& place) { return try_nagle(stream_pair, place); }) == Verdict::refuted);
  }

  TEST_CASE("planted: doors that are open to all, or to nobody") {
    const Verdict other = is_root ? Verdict::refuted : Verdict::not_run;
    CHECK(seen_elsewhere([](const Place& place) { return try_other_user("other-user-refused", elsewhere(), place, true); }) == other);
    CHECK(seen([](const Place& place) { return try_other_user("abstract-open-to-all", unix_kind("unix-stream", SOCK_STREAM), place, false); }) == other);
    CHECK(seen([](const Place& place) { return try_other_user_sends("other-user-connects", unix_kind("unix-dgram", SOCK_DGRAM), place, false); }) == other);
    CHECK(seen([](const Place& place) { return try_other_user_sends("other-user-refused", udp_kind(), place, true); }) == other);
    CHECK(judge_other_user("other-user-refused", 0, true, "open it").verdict == Verdict::refuted);
    CHECK(judge_other_user("other-user-refused", EACCES, true, "open it").verdict == Verdict::confirmed);
    CHECK(judge_other_user("other-user-refused", ENOENT, true, "open it").verdict == Verdict::inconclusive);
    CHECK(judge_other_user("other-user-refused", fail(ErrorKind::forbidden, "no"), true, "open it").verdict == Verdict::not_run);
  }

  TEST_CASE("planted: another host that is there all the same, or is not there") {
    const auto never = [](const std::function<Trial(const Place&)>& run) {
      const Verdict verdict = seen_elsewhere(run);
      CHECK((verdict == Verdict::refuted || verdict == Verdict::not_run));
    };
    never([](const Place& place) { return try_other_host_refused(elsewhere(), place); });
    never([](const Place& place) { return try_from_other_network("abstract-stays-in-network", elsewhere(), place, false); });
    never([](const Place& place) { return try_from_other_network("path-crosses-networks", abstract_kind(), place, true); });
    never([](const Place&) { return try_out_of_reach("it", nullptr, [] { return true; }); });
    CHECK(seen([](const Place&) { return try_out_of_reach("it", nullptr, [] { return false; }); }) == Verdict::inconclusive);
    // Its server says that it listens, and does not.
    never([](const Place&) {
      return try_other_host_reached([](const char*, int ready) {
        (void)!write(ready, "x", 1);
        pause();
        return 0;
      });
    });
  }

  TEST_CASE("planted: a path is no abstract name") {
    CHECK(seen([](const Place& place) { return try_abstract_name(unix_kind("unix-stream", SOCK_STREAM), place); }) == Verdict::refuted);
  }

  TEST_CASE("planted: programs that say nothing, or the wrong thing") {
    const SocketKind kind = unix_kind("unix-stream", SOCK_STREAM);
    CHECK(seen([&](const Place& place) { return try_other_language(kind, place, "/bin/true"); }) == Verdict::inconclusive);
    CHECK(seen([&](const Place& place) { return try_socat(kind, place, "/bin/true"); }) == Verdict::inconclusive);
    CHECK(seen([&](const Place& place) { return try_other_language(kind, place, ""); }) == Verdict::not_run);
    CHECK(seen([&](const Place& place) { return try_shell(place, "/bin/true"); }) == Verdict::refuted);
    CHECK(*output_of({"/bin/sh", "-c", "echo hello"}, 5000) == "hello\n");
    CHECK(output_of({"/bin/sleep", "60"}, 20)->empty());
  }

  TEST_CASE("planted: a bridge whose service cannot listen") {
    for (const char* id : {"two-way", "http-answers", "curl-answers", "clients-at-once", "other-user-refused"}) {
      CAPTURE(id);
      if (find_probe("unix-http-bridge") == nullptr) continue;
      CHECK(seen([&](const Place& place) {
              Place gone = place;
              gone.folder += "/no/such/folder";
              return trial_of("unix-http-bridge", id, gone);
            }) != Verdict::confirmed);
    }
  }

  TEST_CASE("planted: a FIFO that somebody reads, and a reader that gets everything") {
    CHECK(seen([](const Place& place) {
            const std::string path = place.folder + "/read";
            mkfifo(path.c_str(), 0600);
            const Fd reader(open(path.c_str(), O_RDONLY | O_NONBLOCK));
            return try_open_without_reader(path);
          }) == Verdict::refuted);
    CHECK(judge_race(64, 64, 0).verdict == Verdict::refuted);
    CHECK(judge_race(64, 30, 34).verdict == Verdict::confirmed);
  }

  TEST_CASE("planted: a port that outlives its owner") {
    // The one that is killed hands its socket to a process that lives on.
    const auto outcome = outcome_of([](const Place& place) {
      SocketKind kind = tcp_kind();
      const auto listen = kind.listen;
      kind.listen = [listen](const Place& there, std::string& address) {
        auto listener = listen(there, address);
        if (fork() == 0) sleep(2), _exit(0);
        return listener;
      };
      const auto leaving = leaving_port(kind, place);
      return leaving ? try_left_behind(*leaving) : broken("left-behind", leaving.error());
    });
    CHECK(outcome.verdict == Verdict::refuted);
    CHECK(outcome.because.find("still there") != std::string::npos);
  }
}
