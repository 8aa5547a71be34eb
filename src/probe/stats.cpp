// Order statistics.
#include "probe/stats.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace ipc_advisor::probe {

double median(std::vector<double> values) {
  assert(!values.empty());
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

namespace {

// The largest k with P(X < k) <= tail for a binomial X; 0 where there is none. Summed from the mode's side in logarithms,
// since single terms underflow for thousands of samples.
std::size_t lower_rank(std::size_t n, double q, double tail) {
  const double trials = static_cast<double>(n);
  double below = 0;
  std::size_t rank = 0;
  for (std::size_t k = 0; k < n; ++k) {
    const double hits = static_cast<double>(k);
    below += std::exp(std::lgamma(trials + 1) - std::lgamma(hits + 1) - std::lgamma(trials - hits + 1) + hits * std::log(q) + (trials - hits) * std::log1p(-q));
    if (below > tail) break;
    rank = k + 1;
  }
  return rank;
}

}  // namespace

std::optional<Quantile> quantile(std::vector<double> samples, double q) {
  const std::size_t n = samples.size();
  // The upper rank is the lower one of the mirrored quantile, counted from the end.
  const std::size_t low = lower_rank(n, q, 0.025), from_end = lower_rank(n, 1 - q, 0.025);
  if (low == 0 || from_end == 0) return std::nullopt;
  std::sort(samples.begin(), samples.end());
  const auto middle = static_cast<std::size_t>(std::ceil(static_cast<double>(n) * q));
  return Quantile{samples[middle - 1], samples[low - 1], samples[n - from_end]};
}

}  // namespace ipc_advisor::probe
