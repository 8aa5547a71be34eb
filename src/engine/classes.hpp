// The open answers of one channel, each as the few classes of values that the rules tell apart, and conditions as tables over them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "model.hpp"
#include "rules/rules.hpp"

namespace ipc_advisor::engine {

/// A part of what is still open: the classes that each need may have, one bit a class; 0 for a need that is not open.
using Scope = std::vector<std::uint64_t>;

/// The classes of every open need; a need without any has one value, which stands in `given`.
struct Classes {
  std::vector<Need> given;                  ///< parallel to the vocabulary
  std::vector<std::vector<Value>> values;   ///< parallel too: one value for each class

  std::vector<std::vector<std::pair<Value, std::size_t>>> answers;  ///< the usual answers to each, with their classes

  bool open(std::size_t need) const { return !values[need].empty(); }
  /// All of it.
  Scope whole() const;
  /// The class of one of the usual answers; nothing for another one.
  std::optional<std::size_t> class_of(std::size_t need, const Value& answer) const;
  /// Keeps one class of those that are alike: (need, class, class).
  void merge(const std::function<bool(std::size_t, std::size_t, std::size_t)>& alike);
};

inline constexpr std::size_t most_classes = 63;

/// The needs that a derivation starts from.
std::vector<std::size_t> sources_of(const rules::Derivation& derivation);

/// What a channel's answers leave open, each need with its bands or all sets of its words. `passed`: needs that were asked
/// and that nobody knows; they have their assumption, unless an open need may still tell them.
Classes open_classes(const rules::Rules& rules, const Channel& channel, const std::vector<std::size_t>& passed);

/// A condition's truth for every combination of classes of the open needs that it mentions. Unknown counts as no.
class ClassTable {
 public:
  ClassTable(const Classes& classes, const rules::Condition& condition, std::string_view mechanism, std::string_view guide = "");

  /// yes or no where that is certain all over the scope, else unknown.
  rules::Truth over(const Scope& scope) const;
  /// For a scope over which the truth is unknown: a need that it hangs on, with the classes that come out apart.
  std::pair<std::size_t, std::vector<std::uint64_t>> apart_in(const Scope& scope) const;
  /// The open needs that it mentions.
  const std::vector<std::size_t>& needs() const { return needs_; }
  bool constant() const { return needs_.empty(); }

  /// Whether two classes of a need come out alike in every combination.
  bool alike(std::size_t need, std::size_t one, std::size_t other) const;

 private:
  void group(std::size_t classes);
  void scan(const Scope& scope, std::size_t at, std::size_t index, bool& yes, bool& no) const;

  std::vector<std::size_t> needs_;
  std::vector<std::vector<std::uint64_t>> groups_;  // parallel to needs_: the classes that come out alike, a bit each
  std::vector<std::uint64_t> support_;              // parallel to needs_: the classes with which it can hold at all
  std::vector<char> yes_;                           // for every combination of groups
};

inline bool single(std::uint64_t mask) { return (mask & (mask - 1)) == 0; }

}  // namespace ipc_advisor::engine
