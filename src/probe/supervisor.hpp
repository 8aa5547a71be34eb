// Runs probes in child processes and brings their results home, whatever becomes of the children.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"
#include "probe/raw.hpp"

namespace ipc_advisor::probe {

/// The mechanism to probe, and what to do; the supervisor sets the plan's times.
struct Request {
  std::string mechanism;
  Plan plan;
  double weight = 1;     ///< its share of the time, against the others'
  int most_rounds = 12;  ///< at least 1; the first one warms up
};

/// The command line that runs one round; by default this executable as `ipc-advisor probe ID --here --format json`.
using CommandFor = std::function<std::vector<std::string>(const Request&)>;
std::vector<std::string> own_command(const Request& request);

/// Called before each child starts, for a progress line.
using Progress = std::function<void(std::string_view mechanism, int round)>;

/// One child, at most that many seconds. A crash, a hang or garbage is the end of that round, with its reason.
RawResult run_child(const Request& request, double deadline_s, const CommandFor& command);

/// All requests in interleaved rounds, each round a fresh child, within the budget; one result a request.
std::vector<ProbeResult> supervise(std::vector<Request> requests, double budget_s, const Progress& progress, const CommandFor& command = own_command);

}  // namespace ipc_advisor::probe
