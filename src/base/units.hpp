// Quantities as people write them: "4 KiB", "300/s", "2 MB/s", "1 ms". Read to base units and written back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace ipc_advisor {

/// What a number counts. Base units: one, bytes, events per second, bytes per second, seconds.
enum class Quantity { count, size, rate, byte_rate, duration };

/// Reads a number and its unit. Errors say what was expected, with the nearest valid unit. Negative, infinite and
/// not-a-number values are errors. A bare number is a count only.
Result<double> parse_quantity(std::string_view text, Quantity quantity);

/// Where parse_quantity stumbles, as a byte offset, and the nearest form that it would take: "4 Kib" → 2, "4 KiB".
struct QuantityMistake {
  std::size_t at = 0;
  std::string nearest;
};
/// Nothing where the text can be read.
std::optional<QuantityMistake> mistake_in(std::string_view text, Quantity quantity);

/// The forms that parse_quantity takes, for messages: `a size such as "4 KiB"`.
std::string_view expected_form(Quantity quantity);

/// The units that parse_quantity takes: "B", "kB", …; none for a count.
std::vector<std::string> unit_names(Quantity quantity);

/// The quantity in its most readable unit with three significant digits: "4 KiB", "1.25 GB/s", "32 us", "300/s".
std::string format_quantity(double value, Quantity quantity);

/// "21.3 us (20.8 to 22.1)": the ends in the value's own unit. Not for counts.
std::string format_interval(double value, double low, double high, Quantity quantity);

/// Splits the unit off a number: true where `word` is a unit of any quantity ("KiB", "/s", "GB/s", "us").
bool is_unit(std::string_view word);

/// Reads number and unit of whatever quantity; used where the need's type is checked elsewhere.
Result<std::pair<double, Quantity>> parse_any_quantity(std::string_view text);

}  // namespace ipc_advisor
