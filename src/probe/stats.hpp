// Medians, percentiles and their intervals. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace ipc_advisor::probe {

/// A quantile with a 95 % interval.
struct Quantile {
  double value = 0, low = 0, high = 0;
};

/// The middle value of a non-empty list (the mean of the two middle ones for an even count).
double median(std::vector<double> values);

/// The quantile q of the samples with a distribution-free interval from order statistics, their ranks taken from the
/// normal approximation of the binomial distribution (Conover, Practical Nonparametric Statistics, 3rd ed., section
/// 3.2). Nothing where the samples are too few for the upper rank to exist.
std::optional<Quantile> quantile(std::vector<double> samples, double q);

}  // namespace ipc_advisor::probe
