// How values of the model are said to people; shared by the formats.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model.hpp"

namespace ipc_advisor::report {

/// The mechanism's name with its id: "Unix stream socket (unix-stream)"; printable.
std::string name_of(const Report& report, std::string_view mechanism);

/// A measured number in its unit: "21.3 us", "1.2 GB/s", "64 clients"; "–" where there is none.
std::string measured(const std::optional<double>& value, std::string_view unit);

/// "21.3 us (20.8 us to 22.1 us)"; the figure alone where there is no interval.
std::string with_interval(const Check& check);

/// "latency were 5 us (it is 1 ms): posix-shm instead of unix-stream"; empty where nothing was changed.
std::string what_if_in_words(const ChannelReport& channel);

/// The layers in one line: "length-prefixed json, access 0700".
std::string layers_in_short(const Decision& decision);

/// "confirmed on this host", "refuted on this host", …
std::string verdict_in_words(Verdict verdict);

/// "3 errors, 1 warning in 2 files"; "no findings".
std::string count_findings(const Report& report);

/// The round trip and the throughput of the headline: nullptr where not measured. `largest` is the one at the channel's size.
const RoundTrip* smallest_round_trip(const ProbeResult& probe);
const RoundTrip* largest_round_trip(const ProbeResult& probe);
/// The best over all sizes, in that mode: "" with the defaults, or "expert".
const Throughput* best_throughput(const ProbeResult& probe, std::string_view mode);

}  // namespace ipc_advisor::report
