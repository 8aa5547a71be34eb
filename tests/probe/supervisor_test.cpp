// Misbehaving children: whatever they do is an outcome with a reason, in time, and nothing stays.
#include "probe/supervisor.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <filesystem>
#include <unistd.h>

#include "base/os.hpp"

using namespace ipc_advisor;
using namespace ipc_advisor::probe;

namespace {

RawResult run_shell(const std::string& script, double deadline = 0.5) {
  return run_child({"tcp", {}}, deadline, [&](const Request&) { return std::vector<std::string>{"/bin/sh", "-c", script}; });
}

const std::string good = R"({"mechanism":"tcp","end":"measured","because":"","placement":"","slices":[],"flows":[],"trials":[]})";

}  // namespace

TEST_SUITE("probe") {
  TEST_CASE("supervisor: a good child's word is taken") {
    CHECK(run_shell("echo '" + good + "'", 10).end == ProbeEnd::measured);
  }

  TEST_CASE("supervisor: a hang ends at the deadline") {
    const std::int64_t start = now_ns();
    const RawResult result = run_shell("sleep 60");
    CHECK(result.end == ProbeEnd::timed_out);
    CHECK(result.because.find("killed") != std::string::npos);
    CHECK(now_ns() - start < 20'000'000'000);
  }

  TEST_CASE("supervisor: a crash is told by its signal") {
    const RawResult result = run_shell("kill -SEGV $$", 10);
    CHECK(result.end == ProbeEnd::crashed);
    CHECK(result.because.find("SIGSEGV") != std::string::npos);
  }

  TEST_CASE("supervisor: garbage, silence, a wrong name and a bad exit are never measured") {
    CHECK(run_shell("echo splendid", 10).end == ProbeEnd::failed);
    CHECK(run_shell("echo splendid", 10).because.find("splendid") != std::string::npos);
    CHECK(run_shell("exit 0", 10).end == ProbeEnd::failed);
    CHECK(run_shell("exit 3", 10).end == ProbeEnd::crashed);
    CHECK(run_shell("echo '{\"mechanism\":\"fifo\",\"end\":\"measured\",\"slices\":[],\"flows\":[],\"trials\":[]}'", 10).end == ProbeEnd::failed);
    CHECK(run_child({"tcp", {}}, 10, [](const Request&) { return std::vector<std::string>{"/no/such/program"}; }).end == ProbeEnd::crashed);
  }

  TEST_CASE("supervisor: an orphan that keeps the pipe open is not waited for, and is killed with the group") {
    const std::int64_t start = now_ns();
    const std::string marker = "/tmp/ipc-advisor-test-orphan-" + std::to_string(getpid());
    const RawResult result = run_shell("sleep 30 & echo $! > " + marker + "; echo '" + good + "'", 10);
    CHECK(result.end == ProbeEnd::measured);
    CHECK(now_ns() - start < 8'000'000'000);
    std::string pid;
    if (FILE* file = fopen(marker.c_str(), "r")) {
      char buffer[32] = {};
      if (fgets(buffer, sizeof buffer, file) != nullptr) pid = buffer;
      fclose(file);
    }
    unlink(marker.c_str());
    REQUIRE(!pid.empty());
    // It may be a zombie of init's for a moment, but it does not run.
    bool runs = true;
    for (int i = 0; i < 300 && runs; ++i) {
      runs = kill(std::stoi(pid), 0) == 0;
      if (runs) usleep(10000);
    }
    CHECK_FALSE(runs);
  }

  TEST_CASE("supervisor: what cannot be measured is not tried again, and the others go on") {
    int starts = 0;
    const auto results = supervise({{"tcp", {}}, {"fifo", {}}}, 0.6, {}, [&](const Request& request) {
      if (request.mechanism == "fifo") ++starts;
      const std::string text = request.mechanism == "fifo" ? "exit 3" : "echo '" + good + "'";
      return std::vector<std::string>{"/bin/sh", "-c", text};
    });
    REQUIRE(results.size() == 2);
    CHECK(results[0].end == ProbeEnd::measured);
    CHECK(results[1].end == ProbeEnd::crashed);
    CHECK(starts == 1);
  }
}
