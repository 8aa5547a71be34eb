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

/// The quantile q of the samples with a distribution-free interval between two order statistics. Their ranks are exact:
/// the number of samples below the quantile is binomial, and each side is left with at most 2.5 % (Conover, Practical
/// Nonparametric Statistics, 3rd ed., section 3.2; Hahn and Meeker, Statistical Intervals, section 5.2). Nothing where
/// the samples are too few for both ranks to exist: fewer than 6 for a median, than 368 for a 99th percentile.
std::optional<Quantile> quantile(std::vector<double> samples, double q);

}  // namespace ipc_advisor::probe
