// explain, tree and schema: what the rules say, without any requirements.
#include "report/explain.hpp"

#include "app/load.hpp"
#include "app/output.hpp"
#include "report/schema.hpp"
#include "report/tree.hpp"

namespace ipc_advisor::app {

ExitCode explain(const Options& options) {
  const auto rules = load_effective_rules(options);
  if (!rules) return complain(rules.error().message), ExitCode::unusable;
  const auto text = report::explain(*rules, options.id, style_for_stdout(options));
  if (!text) return complain(text.error().message), ExitCode::unusable;
  if (const auto printed = print(*text); !printed) return complain(printed.error().message), ExitCode::unusable;
  return ExitCode::fine;
}

ExitCode tree(const Options& options) {
  const auto rules = load_effective_rules(options);
  if (!rules) return complain(rules.error().message), ExitCode::unusable;
  const rules::Tree& tree = options.tree_name == "refine" ? rules->refine : rules->guide;
  std::string text;
  if (options.tree_format == "dot") text = report::tree_as_dot(*rules, tree);
  else if (options.tree_format == "mermaid") text = report::tree_as_mermaid(*rules, tree);
  else text = report::tree_as_text(*rules, tree, style_for_stdout(options).unicode);
  if (const auto printed = print(text); !printed) return complain(printed.error().message), ExitCode::unusable;
  return ExitCode::fine;
}

ExitCode schema(const Options& options) {
  const auto rules = load_effective_rules(options);
  if (!rules) return complain(rules.error().message), ExitCode::unusable;
  const auto printed = print(options.schema_name == "report" ? report::report_schema() : report::requirements_schema(*rules));
  return printed ? ExitCode::fine : (complain(printed.error().message), ExitCode::unusable);
}

}  // namespace ipc_advisor::app
