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

std::optional<Quantile> quantile(std::vector<double> samples, double q) {
  const double n = static_cast<double>(samples.size());
  const double spread = 1.959964 * std::sqrt(n * q * (1 - q));
  // 1-based ranks.
  const double low = std::floor(n * q - spread), high = std::ceil(n * q + spread) + 1;
  if (low < 1 || high > n) return std::nullopt;
  std::sort(samples.begin(), samples.end());
  const auto at = [&](double rank) { return samples[static_cast<std::size_t>(rank) - 1]; };
  return Quantile{at(std::ceil(n * q)), at(low), at(high)};
}

}  // namespace ipc_advisor::probe
