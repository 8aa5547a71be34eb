// A trial's outcome, for tests that plant a fault: what it says in a world where it must not confirm.
#pragma once

#include <csignal>
#include <doctest/doctest.h>
#include <functional>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include "base/os.hpp"
#include "probe/probe.hpp"

namespace ipc_advisor::tests {

// Trials fork, pin and change modes: each runs in a child and sends home its verdict and its words.
struct Outcome {
  Verdict verdict = Verdict::not_run;
  std::string because;
};

inline Outcome outcome_of(const std::function<Trial(const probe::Place&)>& run, double seconds = 30) {
  auto folder = PrivateFolder::make();
  REQUIRE(folder);
  auto pipe = make_pipe();
  REQUIRE(pipe);
  const pid_t child = fork();
  if (child == 0) {
    arm_deadline(seconds);
    std::signal(SIGPIPE, SIG_IGN);  // as the tool does
    probe::Place place;
    place.folder = folder->path();
    const Trial trial = run(place);
    const std::string text = std::to_string(static_cast<int>(trial.verdict)) + trial.because;
    (void)write_exactly(pipe->write_end.get(), std::as_bytes(std::span(text)));
    _exit(0);
  }
  pipe->write_end.reset();
  std::string text;
  char buffer[1024];
  for (ssize_t got = 0; (got = read(pipe->read_end.get(), buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<std::size_t>(got));
  waitpid(child, nullptr, 0);
  REQUIRE_FALSE(text.empty());
  return {static_cast<Verdict>(text[0] - '0'), text.substr(1)};
}

}  // namespace ipc_advisor::tests
