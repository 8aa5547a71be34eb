// docs: the manuals and completions, so that neither can say anything else than the tool does.
#include "app/load.hpp"
#include "app/output.hpp"
#include "report/completions.hpp"
#include "report/manual.hpp"

namespace ipc_advisor::app {
namespace {

std::string page(const Options& options, const rules::Rules& rules) {
  if (options.page == "man1") return report::program_manual(options.command_line, exit_meanings);
  if (options.page == "man5") return report::requirements_manual(rules);
  if (options.page == "man7") return report::rules_manual(rules, exit_meanings);
  if (options.page == "bash") return report::bash_completion(options.command_line, rules);
  if (options.page == "zsh") return report::zsh_completion(options.command_line, rules);
  return report::fish_completion(options.command_line, rules);
}

}  // namespace

ExitCode docs(const Options& options) {
  const auto rules = load_effective_rules(options);
  if (!rules) return complain(rules.error().message), ExitCode::unusable;
  if (const auto printed = print(page(options, *rules)); !printed) return complain(printed.error().message), ExitCode::unusable;
  return ExitCode::fine;
}

}  // namespace ipc_advisor::app
