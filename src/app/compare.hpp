// --compare: the earlier report, and the present one held against it.
#pragma once

#include <optional>

#include "app/options.hpp"
#include "base/error.hpp"
#include "model.hpp"

namespace ipc_advisor::app {

/// The report that `--compare FILE` names, or nothing without that flag. Read before anything is measured: an error where
/// the file is no report of ours.
Result<std::optional<Report>> earlier_report(const Options& options);

/// Puts the comparison into the report. An error, with the report whole all the same, where the two cannot be compared.
Result<void> hold_against(const std::optional<Report>& earlier, const Options& options, Report& report);

}  // namespace ipc_advisor::app
