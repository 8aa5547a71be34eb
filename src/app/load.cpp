// Files in, values out.
#include "app/load.hpp"

#include <unistd.h>

#include "base/files.hpp"

namespace ipc_advisor::app {

Result<rules::Rules> load_effective_rules(const Options&) {
  auto rules = rules::load_rules(rules::embedded_rule_files());
  if (!rules) return tl::unexpected(rules::to_error(rules.error()));
  return std::move(*rules);
}

Result<std::vector<rules::Requirements>> load_requirements(const Options& options, const rules::Rules& rules) {
  std::vector<std::string> files = options.files;
  if (files.empty()) {
    if (access("ipc.toml", F_OK) != 0)
      return fail(ErrorKind::usage, "no file was named and there is no ipc.toml here; name one, or run `ipc-advisor ask --write ipc.toml`");
    files.emplace_back("ipc.toml");
  }
  std::vector<rules::Requirements> out;
  for (const std::string& file : files) {
    const auto text = read_file(file);
    if (!text) return tl::unexpected(text.error());
    out.push_back(rules::read_requirements(*text, file == "-" ? "<stdin>" : file, rules));
  }
  return out;
}

Report empty_report(const rules::Rules& rules) {
  Report report;
  report.version = IPC_ADVISOR_VERSION;
  report.rules_version = rules.version;
  report.rules_digest = rules.digest;
  for (const rules::Mechanism& mechanism : rules.mechanisms) report.names.emplace_back(mechanism.id, mechanism.name);
  return report;
}

}  // namespace ipc_advisor::app
