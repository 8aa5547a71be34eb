// Files in, values out.
#include "app/load.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <set>

#include "base/files.hpp"
#include "base/text.hpp"
#include "report/tree.hpp"

namespace ipc_advisor::app {

Result<std::vector<rules::RuleFile>> layered_files(const Options& options, bool cases) {
  std::vector<rules::RuleFile> files;
  for (std::size_t i = 0; i < options.rules_folders.size(); ++i) {
    const std::string& folder = options.rules_folders[i];
    const auto paths = list_files(folder, ".toml");
    if (!paths) return tl::unexpected(paths.error());
    for (const std::string& path : *paths) {
      if (path.starts_with("cases/") != cases) continue;
      auto text = read_file(fmt::format("{}/{}", folder, path));
      if (!text) return tl::unexpected(text.error());
      files.push_back({path, std::move(*text), folder, static_cast<int>(i) + 1});
    }
    if (paths->empty()) return fail(ErrorKind::usage, fmt::format("\"{}\" holds no rules: there is no .toml file in it", printable(folder)));
  }
  return files;
}

Result<rules::Rules> load_effective_rules(const Options& options) {
  auto files = rules::embedded_rule_files();
  auto layered = layered_files(options, false);
  if (!layered) return tl::unexpected(layered.error());
  files.insert(files.end(), std::make_move_iterator(layered->begin()), std::make_move_iterator(layered->end()));
  auto rules = rules::load_rules(files);
  if (!rules) return tl::unexpected(rules::to_error(rules.error()));
  return std::move(*rules);
}

namespace {

// Every ipc.toml and *.ipc.toml below a folder.
Result<void> add_folder(const std::string& folder, std::vector<std::string>& out) {
  const auto names = list_files(folder, "ipc.toml");
  if (!names) return tl::unexpected(names.error());
  const std::size_t before = out.size();
  for (const std::string& name : *names) {
    const std::string last = name.substr(name.rfind('/') + 1);
    if (last == "ipc.toml" || last.ends_with(".ipc.toml")) out.push_back(fmt::format("{}{}{}", folder, folder.ends_with('/') ? "" : "/", name));
  }
  if (out.size() == before) return fail(ErrorKind::usage, fmt::format("the directory \"{}\" holds no ipc.toml and no *.ipc.toml", printable(folder)));
  return {};
}

}  // namespace

Result<std::vector<std::string>> requirements_files(const Options& options) {
  std::vector<std::string> files;
  for (const std::string& file : options.files) {
    struct stat status {};
    if (stat(file.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) files.push_back(file);
    else if (auto added = add_folder(file, files); !added) return tl::unexpected(added.error());
  }
  if (files.empty()) {
    if (access("ipc.toml", F_OK) != 0)
      return fail(ErrorKind::usage, "no file was named and there is no ipc.toml here; name one, or run `ipc-advisor ask --write ipc.toml`");
    files.emplace_back("ipc.toml");
  }
  // A file that is named twice, by whatever path, is looked at once.
  std::set<std::pair<dev_t, ino_t>> seen;
  std::erase_if(files, [&](const std::string& file) {
    struct stat status {};
    return file != "-" && stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) && !seen.emplace(status.st_dev, status.st_ino).second;
  });
  return files;
}

std::string shown_name(const Options& options, const std::string& file) {
  if (file != "-") return file;
  return options.stdin_filename.empty() ? "<stdin>" : options.stdin_filename;
}

Result<std::vector<rules::Requirements>> load_requirements(const Options& options, const rules::Rules& rules) {
  const auto files = requirements_files(options);
  if (!files) return tl::unexpected(files.error());
  std::vector<rules::Requirements> out;
  for (const std::string& file : *files) {
    const auto text = read_file(file);
    if (!text) return tl::unexpected(text.error());
    out.push_back(rules::read_requirements(*text, shown_name(options, file), rules));
  }
  return out;
}

Report empty_report(const rules::Rules& rules) {
  Report report;
  report.version = IPC_ADVISOR_VERSION;
  report.rules_version = rules.version;
  report.rules_digest = rules.digest;
  for (const rules::Mechanism& mechanism : rules.mechanisms) report.names.emplace_back(mechanism.id, mechanism.name);
  for (const rules::LintRule& rule : rules.lint) report.rules.push_back({rule.code, rule.name, rule.level, rule.message, rule.help, rule.why, rule.source});
  for (const rules::Tree* tree : {&rules.guide, &rules.refine}) report.trees.push_back(report::shape_of(rules, *tree));
  return report;
}

}  // namespace ipc_advisor::app
