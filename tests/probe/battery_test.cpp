// Every probe in this process: payload at awkward sizes, every trial, nothing left behind. No figure is held to a speed.
#include <algorithm>
#include <csignal>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

#include "base/os.hpp"
#include "probe/crowd.hpp"
#include "probe/harness.hpp"
#include "probe/probe.hpp"
#include "probe/run.hpp"
#include "rules_for_tests.hpp"

using namespace ipc_advisor;
using namespace ipc_advisor::probe;

namespace {

// What a probe could leave behind, as counts and names.
struct Leftovers {
  std::size_t descriptors = 0, children = 0, segments = 0;
  std::vector<std::string> names;

  static Leftovers now() {
    Leftovers out;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++out.descriptors;
    std::ifstream children("/proc/self/task/" + std::to_string(getpid()) + "/children");
    for (std::string pid; children >> pid;) ++out.children;
    std::ifstream segments("/proc/sysvipc/shm");
    for (std::string line; std::getline(segments, line);) ++out.segments;
    for (const char* folder : {"/tmp", "/dev/shm"}) {
      if (!std::filesystem::exists(folder)) continue;
      for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().filename().string().rfind("ipc-advisor-", 0) == 0 && entry.path().string().find("test") == std::string::npos) out.names.push_back(entry.path());
    }
    return out;
  }
};

void check_same(const Leftovers& before, const Leftovers& after) {
  CHECK(after.descriptors == before.descriptors);
  CHECK(after.children == before.children);
  CHECK(after.segments == before.segments);
  CHECK(after.names == before.names);
}

// vsock is there on some hosts only; every other mechanism is on any Linux.
bool can_be_tried(const Probe& probe) {
  Place place;
  return probe.id != "vsock" || probe.prepare(place).has_value();
}

// A round in a forked child, as the supervisor would run it, so that its alarm and pinning stay there.
int in_child(const std::function<int()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    arm_deadline(20);
    _exit(work());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

}  // namespace

TEST_SUITE("probe") {
  TEST_CASE("battery: every probe carries every size intact and leaves nothing") {
    for (const Probe* probe : all_probes()) {
      CAPTURE(probe->id);
      if (!can_be_tried(*probe)) continue;
      const Leftovers before = Leftovers::now();
      const auto folder = PrivateFolder::make();
      REQUIRE(folder);
      CHECK(in_child([&] {
              Place place;
              place.folder = folder->path();
              place.one_cpu = usable_cpus().size() < 2;
              return try_payload(*probe, place).verdict == Verdict::confirmed ? 0 : 1;
            }) == 0);
    }
  }

  TEST_CASE("battery: every trial of every probe comes to an end with a reason, and none refutes what the manuals say") {
    for (const Probe* probe : all_probes()) {
      const Leftovers before = Leftovers::now();
      CAPTURE(probe->id);
      Plan plan;
      plan.seconds = 0.05;
      auto pipe = make_pipe();
      REQUIRE(pipe);
      const pid_t child = fork();
      if (child == 0) {
        arm_deadline(30);
        const std::string text = to_json(run_here(probe->id, plan));
        (void)write_exactly(pipe->write_end.get(), std::as_bytes(std::span(text)));
        _exit(0);
      }
      pipe->write_end.reset();
      std::string text;
      char buffer[4096];
      for (ssize_t got = 0; (got = read(pipe->read_end.get(), buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<std::size_t>(got));
      waitpid(child, nullptr, 0);
      pipe->read_end.reset();
      const auto raw = raw_from_json(text);
      REQUIRE(raw);
      check_same(before, Leftovers::now());
      if (!can_be_tried(*probe)) {
        CHECK(raw->end == ProbeEnd::not_run);
        CHECK_FALSE(raw->because.empty());
        CHECK((raw->trials.empty() && raw->slices.empty()));
        continue;
      }
      CHECK_MESSAGE(raw->end == ProbeEnd::measured, raw->because);
      CHECK(raw->trials.size() == probe->trials.size() + 1);
      for (const Trial& trial : raw->trials) {
        CHECK_FALSE(trial.because.empty());
        // A loopback port refuses nobody: that trial is there to be refuted.
        const bool open_to_all = (probe->id == "tcp" || probe->id == "udp") && trial.id == "other-user-refused";
        if (!open_to_all) CHECK_MESSAGE(trial.verdict != Verdict::refuted, trial.id << ": " << trial.because);
        else if (geteuid() == 0) CHECK(trial.verdict == Verdict::refuted);
      }
      CHECK_FALSE(raw->slices.empty());
      for (const Slice& slice : raw->slices) CHECK(slice.ns.size() > 0);
    }
  }

  TEST_CASE("battery: every trial that a trait or a claim names is one that its probe has") {
    const auto has = [](std::string_view mechanism, std::string_view trial) {
      const Probe* probe = find_probe(mechanism);
      // What has no probe here (another system's, or one that a build leaves out) has no trials either.
      if (probe == nullptr || trial == "link") return true;
      return std::any_of(probe->trials.begin(), probe->trials.end(), [&](const TrialSpec& one) { return one.id == trial; });
    };
    for (const rules::Mechanism& mechanism : tests::embedded_rules().mechanisms)
      for (const rules::Trait& trait : mechanism.traits)
        if (!trait.probe.empty()) CHECK_MESSAGE(has(mechanism.id, trait.probe), mechanism.id << "." << trait.id << " names " << trait.probe);
    for (const rules::Claim& claim : tests::embedded_rules().claims) {
      const auto slash = claim.trial.find('/');
      if (slash != std::string::npos) CHECK_MESSAGE(has(claim.trial.substr(0, slash), claim.trial.substr(slash + 1)), claim.id << " names " << claim.trial);
    }
  }

  TEST_CASE("battery: a peer killed at any moment is an error, never a hang or an echo") {
    for (const char* id : {"tcp", "unix-stream", "unix-seqpacket", "fifo", "anonymous-pipe", "stdio", "socketpair"}) {
      CAPTURE(id);
      for (const int microseconds : {0, 50, 500, 5000}) {
        const int result = in_child([&] {
          std::signal(SIGPIPE, SIG_IGN);
          const auto folder = PrivateFolder::make();
          Place place;
          place.folder = folder->path();
          auto link = find_probe(id)->prepare(place);
          if (!link) return 2;
          const pid_t peer = fork();
          if (peer == 0) {
            auto end = (*link)->open(Side::server);
            std::vector<std::byte> buffer(512);
            while (end && (*end)->receive(buffer) && (*end)->send(buffer)) {
            }
            _exit(0);
          }
          auto end = (*link)->open(Side::client);
          if (!end) return 3;
          std::vector<std::byte> out(512, std::byte{7}), back(512);
          const std::int64_t kill_at = now_ns() + microseconds * 1000;
          bool killed = false;
          for (int i = 0; i < 1000000; ++i) {
            if (!killed && now_ns() >= kill_at) killed = kill(peer, SIGKILL) == 0;
            const auto sent = (*end)->send(out);
            const auto got = sent ? (*end)->receive(back) : sent;
            if (!got) {
              waitpid(peer, nullptr, 0);
              return got.error().kind == ErrorKind::disconnected ? 0 : 4;
            }
            if (out != back) return 5;
          }
          return 6;
        });
        CHECK(result == 0);
      }
    }
  }

  TEST_CASE("battery: a crowd is served, every client with its own answers, and leaves nothing") {
    const Leftovers before = Leftovers::now();
    for (const Probe* probe : all_probes()) {
      if (!probe->crowd) continue;
      CAPTURE(probe->id);
      const auto folder = PrivateFolder::make();
      REQUIRE(folder);
      CHECK(in_child([&] {
              Place place;
              place.folder = folder->path();
              const auto crowd = time_crowd(probe->crowd(), place, choose_placement(), 20, 64, 0.01);
              return crowd && crowd->slice.ns.size() >= 20 && crowd->slice.mode == "20 clients" && crowd->flow.bytes_per_s > 0 ? 0 : 1;
            }) == 0);
    }
    check_same(before, Leftovers::now());
  }
}
