// Holds a report against an earlier one: what changed in decision, verdict and figures, and what cannot be compared.
#pragma once

#include <string>
#include <vector>

#include "model.hpp"

namespace ipc_advisor::engine {

/// What makes the figures of two hosts, or of one host before and after it was changed, incomparable, each in words; empty
/// where nothing does. Load and limits do not count.
std::vector<std::string> differences(const Host& then, const Host& now);

/// The ratio with the interval that the two intervals allow, and whether they bear out a change: only where they do not
/// overlap, each widened by `drift` first. Nothing where one of them is no interval of positive figures.
std::optional<FigureChange> change_of(const FigureInterval& then, const FigureInterval& now, double drift = 1);

/// What a 99th percentile is allowed to move by, there and back, between two runs on a host that did not change: it hangs on
/// what else the host did, and three times was seen on a quiet one, where medians hardly ever left their intervals.
inline constexpr double tail_drift = 2;

/// Decisions are compared always, since neither host nor figures are in them; verdicts and figures where the hosts and the
/// parameters of the probes are the same. `with` is the name of the earlier report's file.
Comparison compare(const Report& then, const Report& now, std::string with);

}  // namespace ipc_advisor::engine
