// Holds each need that can be tried against what the probe of one mechanism brought home.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::engine {

/// The trials that a channel's stated needs call for, beside the verified payload.
std::vector<std::string> trials_for(const rules::Rules& rules, const Channel& channel);

/// Where other programs had the CPU for a larger share of the time, a host is called busy.
inline constexpr double busy_share = 0.1;
/// With fewer samples there is no 95 % interval of a median (the binomial distribution: 2 to the power of -5 is above 2.5 %).
inline constexpr std::uint64_t fewest_samples = 6;

/// In words, that other programs had the probe's CPU for more than a tenth of its time; empty where they had not. What such
/// a host does not reach refutes nothing.
std::string disturbance_of(const ProbeResult& probe);

/// Each need that can be checked, held against the probe of one mechanism (nullptr: it was not probed).
std::vector<Check> checks_of(const rules::Rules& rules, const Channel& channel, std::string_view mechanism, const ProbeResult* probe);

}  // namespace ipc_advisor::engine
