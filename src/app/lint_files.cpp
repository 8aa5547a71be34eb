// Settings are looked for upward from each file; fixes are made in memory.
#include "app/lint_files.hpp"

#include <filesystem>
#include <fmt/format.h>

#include "app/load.hpp"
#include "base/files.hpp"
#include "engine/lint.hpp"
#include "probe/host_checks.hpp"
#include "rules/edits.hpp"

namespace ipc_advisor::app {
namespace {

// The nearest ipc.toml in the folders above that has a [lint] table, beside its name.
std::pair<rules::LintSettings, std::string> settings_above(const std::string& name, const rules::Rules& rules) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path folder = fs::absolute(name, error).lexically_normal().parent_path();
  for (bool more = !error; more; more = folder.has_relative_path(), folder = folder.parent_path()) {
    const std::string candidate = folder / "ipc.toml";
    if (!fs::is_regular_file(candidate, error)) continue;
    const auto text = read_file(candidate);
    if (!text) continue;
    rules::LintSettings found = rules::read_requirements(*text, candidate, rules).lint;
    if (found.stated()) return {std::move(found), candidate};
  }
  return {};
}

Result<rules::LintSettings> from_command_line(const Options& options, const rules::Rules& rules) {
  rules::LintSettings out;
  out.fail_level = options.fail_level;
  for (const std::string& text : options.levels) {
    auto stated = rules::parse_stated_level(text, rules);
    if (!stated) return fail(stated.error().kind, fmt::format("--level: {}", stated.error().message));
    out.levels.push_back(std::move(*stated));
  }
  return out;
}

// What the rules' experiments say of a channel on this host.
void find_on_host(const Channel& channel, const rules::Rules& rules, std::vector<Finding>& out) {
  const probe::ChannelHere here = probe::channel_here([&](std::string_view id) {
    const auto index = rules.vocabulary.find(id);
    return index ? &channel.needs[*index].value : nullptr;
  });
  for (const probe::HostCheck& check : probe::all_host_checks())
    for (const rules::LintRule& rule : rules.lint)
      if (rule.host == check.id)
        if (auto complaint = check.run(here)) out.push_back(engine::finding_of(rule, channel, std::move(*complaint)));
}

// Finds what is wrong with the text as it is; returns the file's own settings.
rules::LintSettings find(LintedFile& file, const rules::Rules& rules, bool with_host) {
  std::vector<Finding> found;
  rules::Requirements requirements = rules::read_requirements(file.text, file.name, rules, [&](Channel&& channel) {
    engine::lint_channel(rules, channel, found);
    if (with_host) find_on_host(channel, rules, found);
  });
  file.findings = engine::settle(rules, requirements, std::move(found), with_host);
  return std::move(requirements.lint);
}

// One fix may bring out the next; ten rounds are more than any chain of them needs.
void mend(LintedFile& file, const rules::Rules& rules, const Options& options) {
  for (int round = 0; round < 10; ++round) {
    rules::Mended mended = rules::apply_fixes(file.text, file.findings, options.unsafe_fixes);
    if (mended.fixes == 0) return;
    file.fixes += mended.fixes;
    file.text = std::move(mended.text);
    find(file, rules, options.host);
    file.settings.apply(file.findings);
  }
}

Result<LintedFile> lint_one(const std::string& path, const Options& options, const rules::Rules& rules, const rules::LintSettings& stated) {
  LintedFile file;
  file.path = path;
  file.name = shown_name(options, path);
  auto text = read_file(path);
  if (!text) return tl::unexpected(text.error());
  file.original = std::move(*text);
  file.text = file.original;
  const rules::LintSettings own = find(file, rules, options.host);
  if (!options.isolated) {
    if (own.stated()) {
      file.settings.add(own, file.name);
    } else {
      const auto [above, origin] = settings_above(file.name, rules);
      file.settings.add(above, origin);
    }
  }
  file.settings.add(stated, "command line");
  file.settings.apply(file.findings);
  if (options.fix || options.diff) mend(file, rules, options);
  return file;
}

}  // namespace

Result<std::vector<LintedFile>> lint_files(const Options& options, const rules::Rules& rules) {
  const auto paths = requirements_files(options);
  if (!paths) return tl::unexpected(paths.error());
  const auto stated = from_command_line(options, rules);
  if (!stated) return tl::unexpected(stated.error());
  std::vector<LintedFile> out;
  for (const std::string& path : *paths) {
    auto file = lint_one(path, options, rules, *stated);
    if (!file) return tl::unexpected(file.error());
    out.push_back(std::move(*file));
  }
  return out;
}

}  // namespace ipc_advisor::app
