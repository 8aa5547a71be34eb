// What changed between an earlier report and this one. Plain data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ipc_advisor {

/// A word then and now.
struct Then {
  std::string then, now;
  bool changed() const { return then != now; }
};

/// A figure with its interval.
struct FigureInterval {
  double low = 0, median = 0, high = 0;
};

/// A figure then and now, in `unit`. It changed only where the two intervals do not overlap, which is where the ratio's own
/// interval leaves out 1.
struct FigureChange {
  enum class Change { none, lower, higher };
  std::string mechanism;
  std::string what;   ///< "round-trip", "p99", "throughput", or the need that it was held against
  std::uint64_t bytes = 0;
  std::string mode;   ///< "" the headline
  std::string unit;   ///< "s", "bytes/s", …
  FigureInterval then, now;
  double ratio = 0, ratio_low = 0, ratio_high = 0;  ///< now over then
  Change change = Change::none;
};

/// A word that is another one now: the verdict on a need of a channel or on a trial of a mechanism, or an answer.
struct WordChange {
  std::string mechanism, what;
  Then word;
};

/// One channel then and now.
struct ChannelChange {
  std::string name, file;
  bool added = false, removed = false;  ///< then there is nothing to compare
  Then mechanism, layers, verdict;      ///< the verdict only where it is comparable
  std::string left_out;                 ///< why verdict and figures are not compared; may be empty
  std::vector<WordChange> answers;      ///< that the decision, or a verdict, hangs on
  std::vector<WordChange> needs;        ///< their verdicts
  std::vector<FigureChange> figures;

  bool decided_otherwise() const { return added || removed || mechanism.changed() || layers.changed(); }
};

/// A report held against the one in the file `with`.
struct Comparison {
  std::string with;
  Then rules;                         ///< "0.1.0 (digest)"
  std::vector<std::string> refused;   ///< why no verdict and no figure is compared: what differs, in words
  std::vector<std::string> left_out;  ///< "tcp: …": single mechanisms that are not compared
  std::string unmeasured;             ///< why there are no figures to compare, where that is no fault
  std::vector<ChannelChange> channels;
  std::vector<FigureChange> figures;
  std::vector<WordChange> trials;

  std::size_t figures_changed() const {
    std::size_t count = 0;
    for (const FigureChange& one : figures) count += one.change != FigureChange::Change::none;
    return count;
  }
};

}  // namespace ipc_advisor
