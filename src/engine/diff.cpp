// One enumeration in which a region is split until both sets have settled it.
#include "engine/diff.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"

namespace ipc_advisor::engine {

using rules::Rules;

namespace {

class Changes {
 public:
  Changes(const Rules& rules, const Profiles& profiles) : rules_(rules), profiles_(profiles) {}

  void add(const std::string& before, const std::string& after, const Region& region) {
    Entry& entry = entries_[{before, after}];
    Change& change = entry.change;
    if (change.regions++ == 0) {
      change.before = before;
      change.after = after;
      change.example = told(rules_, region);
      for (std::size_t i = 0; i < profiles_.needs(); ++i) entry.seen.emplace_back(profiles_.bands_of(i).size());
    }
    change.profiles += region.profiles;
    for (std::size_t i = 0; i < profiles_.needs(); ++i) {
      if (region.fixes(i)) entry.seen[i][region.bands[i] - 1] = true;
      else entry.seen[i].assign(entry.seen[i].size(), true);
    }
  }

  std::vector<Change> take() {
    std::vector<Change> out;
    for (auto& [key, entry] : entries_) {
      for (std::size_t i = 0; i < profiles_.needs(); ++i) tell_common(i, entry.seen[i], entry.change.always);
      out.push_back(std::move(entry.change));
    }
    std::stable_sort(out.begin(), out.end(), [](const Change& a, const Change& b) { return a.profiles > b.profiles; });
    return out;
  }

 private:
  struct Entry {
    Change change;
    std::vector<std::vector<bool>> seen;  // by need, then by band
  };

  // "reach = a or b", or where that is shorter "reach is not c".
  void tell_common(std::size_t need, const std::vector<bool>& seen, std::vector<std::string>& out) const {
    std::vector<std::string> with, without;
    for (std::size_t band = 0; band < seen.size(); ++band)
      (seen[band] ? with : without).push_back(rules::toml_value(rules_.vocabulary[need], profiles_.bands_of(need)[band]));
    if (with.empty() || without.empty()) return;
    const std::string& id = rules_.vocabulary[need].id;
    out.push_back(with.size() <= without.size() ? fmt::format("{} = {}", id, join(with, ", ", " or ")) : fmt::format("{} is not {}", id, join(without, ", ", " or ")));
  }

  const Rules& rules_;
  const Profiles& profiles_;
  std::map<std::pair<std::string, std::string>, Entry> entries_;
};

}  // namespace

bool comparable(const Rules& before, const Rules& after) {
  const std::size_t shared = std::min(before.vocabulary.size(), after.vocabulary.size());
  for (std::size_t i = 0; i < shared; ++i)
    if (before.vocabulary[i].id != after.vocabulary[i].id || before.vocabulary[i].type != after.vocabulary[i].type) return false;
  return true;
}

OutcomeDiff diff(const Rules& before, const Rules& after, const OnChange& on_change) {
  const Rules& wider = after.vocabulary.size() >= before.vocabulary.size() ? after : before;
  const Profiles profiles({&before, &after});
  Settler settle_before(before, profiles), settle_after(after, profiles, 1);
  Changes changes(wider, profiles);
  Outcome old, now;
  OutcomeDiff out;
  out.total = profiles.total();
  out.covered = profiles.each([&](const Region& region) -> std::optional<std::size_t> {
    if (const auto need = settle_before.settle(region, old)) return need;
    if (const auto need = settle_after.settle(region, now)) return need;
    if (old.pick == now.pick) return std::nullopt;
    changes.add(old.pick, now.pick, region);
    if (on_change) on_change(old.pick, now.pick, told(wider, region));
    return std::nullopt;
  });
  out.changes = changes.take();
  return out;
}

}  // namespace ipc_advisor::engine
