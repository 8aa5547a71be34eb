// Reads the earlier report and hands both to the engine.
#include "app/compare.hpp"

#include <fmt/format.h>

#include "base/files.hpp"
#include "base/text.hpp"
#include "engine/compare.hpp"
#include "report/replay.hpp"

namespace ipc_advisor::app {

Result<std::optional<Report>> earlier_report(const Options& options) {
  if (options.compare.empty()) return std::nullopt;
  const auto text = read_file(options.compare);
  if (!text) return tl::unexpected(text.error());
  auto report = report::compared_part_of_report(*text);
  if (!report) return fail(report.error().kind, fmt::format("--compare: {}: {}", printable(options.compare), report.error().message));
  return std::optional(std::move(*report));
}

Result<void> hold_against(const std::optional<Report>& earlier, const Options& options, Report& report) {
  if (!earlier) return {};
  report.comparison = engine::compare(*earlier, report, options.compare);
  const std::vector<std::string>& refused = report.comparison->refused;
  if (refused.empty()) return {};
  return fail(ErrorKind::usage, fmt::format("--compare: {} is not comparable: {}", printable(options.compare), join(refused, "; ", "; ")));
}

}  // namespace ipc_advisor::app
