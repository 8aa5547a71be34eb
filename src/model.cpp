// The words of the model's enumerations: one table each, read in both directions.
#include "model.hpp"

#include <array>
#include <utility>

namespace ipc_advisor {
namespace {

template <typename E, std::size_t N>
using Words = std::array<std::pair<E, std::string_view>, N>;

constexpr Words<Level, 3> levels{{{Level::info, "info"}, {Level::warning, "warning"}, {Level::error, "error"}}};
constexpr Words<Standing, 3> standings{
    {{Standing::picked, "picked"}, {Standing::standing, "standing"}, {Standing::fallen, "fallen"}}};
constexpr Words<ProbeEnd, 6> ends{{{ProbeEnd::measured, "measured"},
                                   {ProbeEnd::unsupported, "unsupported"},
                                   {ProbeEnd::failed, "failed"},
                                   {ProbeEnd::crashed, "crashed"},
                                   {ProbeEnd::timed_out, "timed-out"},
                                   {ProbeEnd::not_run, "not-run"}}};
constexpr Words<Verdict, 5> verdicts{{{Verdict::confirmed, "confirmed"},
                                      {Verdict::refuted, "refuted"},
                                      {Verdict::inconclusive, "inconclusive"},
                                      {Verdict::not_run, "not-run"},
                                      {Verdict::not_applicable, "not-applicable"}}};
constexpr Words<OriginKind, 5> origins{{{OriginKind::unknown, "unknown"},
                                        {OriginKind::file, "file"},
                                        {OriginKind::answer, "answer"},
                                        {OriginKind::derived, "derived"},
                                        {OriginKind::assumed, "assumed"}}};

template <typename Table, typename E>
std::string_view word_in(const Table& table, E value) {
  for (const auto& [key, text] : table)
    if (key == value) return text;
  return "?";
}

template <typename E, typename Table>
std::optional<E> value_in(const Table& table, std::string_view text) {
  for (const auto& [key, spelling] : table)
    if (spelling == text) return key;
  return std::nullopt;
}

}  // namespace

std::string_view word(Level level) { return word_in(levels, level); }
std::string_view word(Standing standing) { return word_in(standings, standing); }
std::string_view word(ProbeEnd end) { return word_in(ends, end); }
std::string_view word(Verdict verdict) { return word_in(verdicts, verdict); }
std::string_view word(OriginKind kind) { return word_in(origins, kind); }

std::optional<ProbeEnd> probe_end_of(std::string_view text) { return value_in<ProbeEnd>(ends, text); }
std::optional<Verdict> verdict_of(std::string_view text) { return value_in<Verdict>(verdicts, text); }
std::optional<Level> level_of(std::string_view text) { return value_in<Level>(levels, text); }

}  // namespace ipc_advisor
