// rules …: the rules looked at themselves, one function a verb.
#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "app/load.hpp"
#include "app/output.hpp"
#include "base/files.hpp"
#include "engine/generate.hpp"
#include "report/rules.hpp"

namespace ipc_advisor::app {
namespace {

// Loads the rules, runs `body` on them, and turns what goes wrong into an exit code.
template <typename Body>
ExitCode with_rules(const Options& options, Body body) {
  const auto rules = load_effective_rules(options);
  if (!rules) return complain(rules.error().message), ExitCode::unusable;
  return body(*rules);
}

ExitCode finish(const std::string& text, bool holds) {
  if (const auto printed = print(text); !printed) return complain(printed.error().message), ExitCode::unusable;
  return holds ? ExitCode::fine : ExitCode::findings;
}

// The cases of the files named and of the layers.
Result<std::vector<rules::Case>> load_cases(const Options& options, const rules::Rules& rules) {
  auto files = layered_files(options, true);
  if (!files) return tl::unexpected(files.error());
  for (const std::string& name : options.files) {
    auto text = read_file(name);
    if (!text) return tl::unexpected(text.error());
    files->push_back({name, std::move(*text), "", 0});
  }
  std::vector<rules::Case> all;
  for (const rules::RuleFile& file : *files) {
    auto cases = rules::load_cases(file.text, file.folder.empty() ? file.path : file.name(), rules);
    if (!cases) return tl::unexpected(rules::to_error(cases.error()));
    all.insert(all.end(), std::make_move_iterator(cases->begin()), std::make_move_iterator(cases->end()));
  }
  return all;
}

template <typename Body>
ExitCode with_cases(const Options& options, Body body) {
  return with_rules(options, [&](const rules::Rules& rules) {
    const auto cases = load_cases(options, rules);
    if (!cases) return complain(cases.error().message), ExitCode::unusable;
    return body(rules, *cases);
  });
}

std::vector<report::CaseFailure> failing(const rules::Rules& rules, const std::vector<rules::Case>& cases) {
  std::vector<report::CaseFailure> out;
  for (const rules::Case& one : cases)
    if (auto failures = engine::failures_of(rules, one); !failures.empty())
      out.push_back({fmt::format("{}:{} ({})", one.place.file, one.place.at.line, one.name), std::move(failures)});
  for (const rules::LintRule& rule : rules.lint)
    if (!engine::examples_hold(rules, rule))
      out.push_back({fmt::format("{}:{} ({})", rule.place.file, rule.place.at.line, rule.code), {"its bad example is not found, or its good one is"}});
  return out;
}

// "embedded", or a folder that is layered on it and on the folders of --rules.
Result<rules::Rules> rules_named(const Options& options, const std::string& name) {
  Options one = options;
  if (name != "embedded") one.rules_folders.push_back(name);
  return load_effective_rules(one);
}

}  // namespace

ExitCode rules_check(const Options& options) {
  return with_rules(options, [&](const rules::Rules& rules) {
    std::vector<engine::Proof> proofs = engine::prove_trees(rules);
    show_progress("going through all profiles");
    for (engine::Proof& proof : engine::prove_profiles(rules)) proofs.push_back(std::move(proof));
    clear_progress();
    const bool all_hold = std::all_of(proofs.begin(), proofs.end(), [](const engine::Proof& proof) { return proof.holds(); });
    return finish(fmt::format("rules {}, digest {}\n", rules.version, rules.digest) + report::proofs_as_text(proofs, style_for_stdout(options)), all_hold);
  });
}

ExitCode rules_test(const Options& options) {
  return with_cases(options, [&](const rules::Rules& rules, const std::vector<rules::Case>& cases) {
    if (!options.generate) {
      const auto failures = failing(rules, cases);
      return finish(report::tests_as_text(failures, cases.size(), rules.lint.size(), style_for_stdout(options)), failures.empty());
    }
    std::string text = "# Generated: what these rules do today. Read each before keeping it.\n";
    for (const rules::Case& one : engine::generated_cases(rules)) text += "\n" + rules::to_toml(one);
    return finish(text, true);
  });
}

ExitCode rules_coverage(const Options& options) {
  return with_cases(options, [&](const rules::Rules& rules, const std::vector<rules::Case>& cases) {
    const engine::Coverage coverage = engine::coverage_of(rules, cases);
    const bool enough = std::all_of(coverage.begin(), coverage.end(), [&](const engine::CoverageGroup& group) { return group.percent() >= options.at_least; });
    return finish(report::coverage_as_text(coverage, style_for_stdout(options)), enough);
  });
}

ExitCode rules_mutate(const Options& options) {
  return with_cases(options, [&](const rules::Rules& rules, const std::vector<rules::Case>& cases) {
    // A case that fails anyway would notice everything.
    if (const auto failures = failing(rules, cases); !failures.empty())
      return finish(report::tests_as_text(failures, cases.size(), rules.lint.size(), style_for_stdout(options)), false);
    const auto groups = engine::mutate(rules, cases);
    const bool all_noticed = std::all_of(groups.begin(), groups.end(), [](const engine::MutantGroup& group) { return group.unnoticed.empty(); });
    return finish(report::mutants_as_text(groups, style_for_stdout(options)), all_noticed);
  });
}

ExitCode rules_list(const Options& options) {
  return with_rules(options, [&](const rules::Rules& rules) { return finish(report::lint_rules_as_text(rules, style_for_stdout(options)), true); });
}

ExitCode rules_docs(const Options& options) {
  return with_rules(options, [&](const rules::Rules& rules) { return finish(report::lint_rules_as_markdown(rules), true); });
}

ExitCode rules_diff(const Options& options) {
  const auto before = rules_named(options, options.before);
  if (!before) return complain(before.error().message), ExitCode::unusable;
  const auto after = rules_named(options, options.after);
  if (!after) return complain(after.error().message), ExitCode::unusable;
  if (!engine::comparable(*before, *after)) {
    complain("both rule sets add needs of their own, so that their profiles differ; compare each with \"embedded\"");
    return ExitCode::unusable;
  }
  std::string regions;
  engine::OnChange on_change;
  if (options.all)
    on_change = [&](const std::string& old, const std::string& now, const std::string& region) {
      regions += fmt::format("{} -> {}: {}\n", old.empty() ? "nothing" : old, now.empty() ? "nothing" : now, region);
    };
  show_progress("going through all profiles");
  const engine::OutcomeDiff outcomes = engine::diff(*before, *after, on_change);
  clear_progress();
  const auto entries = rules::difference(rules::inventory(*before), rules::inventory(*after));
  return finish(regions + report::diff_as_text(entries, outcomes, style_for_stdout(options)), true);
}

ExitCode rules_show(const Options& options) {
  return with_rules(options, [&](const rules::Rules& rules) {
    return finish(fmt::format("rules {}, digest {}\n", rules.version, rules.digest) + report::inventory_as_text(rules::inventory(rules), style_for_stdout(options)), true);
  });
}

}  // namespace ipc_advisor::app
