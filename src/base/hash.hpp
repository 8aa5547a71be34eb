// A hash of texts for fingerprints and digests: FNV-1a, 64 bits (draft-eastlake-fnv). Says what changed, not who changed it.
#pragma once

#include <cstdint>
#include <string_view>

namespace ipc_advisor {

/// The hash of several parts in turn; where one ends counts, so that "ab", "c" is not "a", "bc".
class Fnv1a {
 public:
  void add(std::string_view part) {
    for (const char c : part) byte(static_cast<unsigned char>(c));
    byte(0xFF);  // in no UTF-8 text
  }
  std::uint64_t value() const { return hash_; }

 private:
  void byte(std::uint64_t one) { hash_ = (hash_ ^ one) * 1099511628211ull; }

  std::uint64_t hash_ = 14695981039346656037ull;
};

}  // namespace ipc_advisor
