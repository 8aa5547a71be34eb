// ask: what is given, then the questions that are still open, then the recommendation; and init, the annotated sample.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/answers.hpp"
#include "app/ask_write.hpp"
#include "app/console.hpp"
#include "app/load.hpp"
#include "app/output.hpp"
#include "app/probing.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "engine/decide.hpp"
#include "engine/interview.hpp"
#include "engine/judge.hpp"
#include "engine/lint.hpp"
#include "report/requirements_file.hpp"

namespace ipc_advisor::app {
namespace {

bool dumb_terminal() {
  const char* term = getenv("TERM");
  return term == nullptr || std::string_view(term).empty() || std::string_view(term) == "dumb";
}

// What is chosen is decided anew; where it lies is the project's own business.
void forget_choice(const rules::Rules& rules, Channel& channel) {
  for (std::size_t i = 0; i < rules.vocabulary.size(); ++i)
    if (const std::string& id = rules.vocabulary[i].id; id == "uses" || id == "framing") channel.needs[i] = {};
}

std::string channel_list(const rules::Requirements& read) {
  std::vector<std::string> names;
  for (const Channel& channel : read.channels) names.push_back(fmt::format("\"{}\"", printable(channel.name)));
  return join(names, ", ", " and ");
}

// The channel of --from that is meant, and what the linter finds wrong in it.
Result<Channel> channel_from(const rules::Rules& rules, const Options& options, std::vector<Finding>& findings) {
  const auto text = read_file(options.from);
  if (!text) return tl::unexpected(text.error());
  const rules::Requirements read = rules::read_requirements(*text, options.from, rules);
  for (Finding& finding : engine::lint(rules, read)) {
    const rules::LintRule* rule = rules.lint_rule(finding.rule);
    const bool unreadable = finding.level == Level::error && !read.readable();
    const bool contradiction = rule != nullptr && engine::is_contradiction(rules, *rule) && finding.level != Level::info && !finding.suppressed;
    const bool ours = finding.channel.empty() || options.channel_name.empty() || finding.channel == options.channel_name;
    if (ours && (unreadable || contradiction)) findings.push_back(std::move(finding));
  }
  if (!read.readable()) return rules::empty_channel(rules, options.channel_name);
  if (options.channel_name.empty() && read.channels.size() > 1)
    return fail(ErrorKind::usage, fmt::format("\"{}\" has several channels: {}; --name says which", printable(options.from), channel_list(read)));
  for (const Channel& channel : read.channels)
    if (options.channel_name.empty() || channel.name == options.channel_name) return channel;
  if (read.channels.empty()) return rules::empty_channel(rules, options.channel_name.empty() ? "channel" : options.channel_name);
  return fail(ErrorKind::usage, fmt::format("\"{}\" has no channel \"{}\"; it has {}", printable(options.from), printable(options.channel_name), channel_list(read)));
}

// What was given beforehand. Findings are contradictions in it, or a file that cannot be read.
Result<Channel> given(const rules::Rules& rules, const Options& options, std::vector<Finding>& findings) {
  Channel channel = rules::empty_channel(rules, options.channel_name.empty() ? "channel" : options.channel_name);
  if (!options.from.empty()) {
    auto read = channel_from(rules, options, findings);
    if (!read || !findings.empty()) return read;
    channel = std::move(*read);
    forget_choice(rules, channel);
  }
  const std::vector<Finding> before = engine::contradictions_of(rules, channel);
  if (const auto applied = apply_answers(rules, options.answers, "--answer", channel); !applied) return tl::unexpected(applied.error());
  for (Finding& finding : engine::contradictions_of(rules, channel)) {
    const bool old = std::any_of(before.begin(), before.end(), [&](const Finding& one) { return one.rule == finding.rule; });
    if (old || finding.level == Level::info) continue;
    if (finding.file.empty()) finding.file = "<answers>";
    findings.push_back(std::move(finding));
  }
  return channel;
}

// Nobody can be asked: each open need with the line that would answer it. Those that it cannot do without come first.
ExitCode undecided(const rules::Rules& rules, const engine::Interview& interview) {
  complain("undecided: nobody can be asked here, and answers are missing; add them to the file, or pass --answer NEED=VALUE");
  for (const bool essential : {true, false})
    for (const std::size_t need : interview.open())
      if (rules.vocabulary[need].essential == essential)
        say(fmt::format("  {}{}", printable(report::answer_line(rules.vocabulary[need])), essential ? "   (it cannot do without)" : ""));
  return ExitCode::undecided;
}

bool lacks_essential(const rules::Rules& rules, const engine::Interview& interview) {
  const auto& open = interview.open();
  return std::any_of(open.begin(), open.end(), [&](std::size_t need) { return rules.vocabulary[need].essential; });
}

// Nothing of what was answered is lost: it goes to a file, or as text to paste where there is still somebody to read it.
ExitCode stopped(const rules::Rules& rules, const Options& options, const engine::Interview& interview, Console& console) {
  const auto& needs = interview.channel().needs;
  if (std::none_of(needs.begin(), needs.end(), [](const Need& need) { return is_known(need.value); })) {
    console.say({"Stopped. Nothing was answered yet."});
    return ExitCode::undecided;
  }
  if (options.write.empty()) {
    console.say({"Stopped. What was answered, for a file that --from FILE goes on with:", ""});
    console.gone = !write_text(console.out, report::requirements_file(rules, "project", interview.channel(), nullptr)) || console.gone;
  }
  if (options.write.empty() && !console.gone && console.signals.stop() != SIGHUP) return ExitCode::undecided;
  const auto saved = save_unfinished(rules, options, interview.channel());
  if (!saved) {
    complain(saved.error().message);
    if (!options.write.empty()) console.say({"Stopped. What was answered:", ""}), write_text(console.out, report::requirements_file(rules, "project", interview.channel(), nullptr));
    return ExitCode::unusable;
  }
  console.say({fmt::format("Stopped. What was answered is in {}; go on with: ipc-advisor ask --from {}{}", *saved, *saved,
                           options.write.empty() ? "" : " --write " + options.write)});
  return ExitCode::undecided;
}

// A word to the end where somebody can give it.
bool wants_probe(Console& console, const Options& options) {
  if (options.probe_asked || !options.replay.empty()) return true;
  if (!options.probe || isatty(console.in) != 1) return false;
  for (;;) {
    if (!write_text(console.out, "Try it on this host now? It takes some seconds. [Y/n] ")) return false;
    std::string line;
    if (!console.read_line(line)) return write_text(console.out, "\n"), false;
    const std::string word = line.substr(0, line.find_last_not_of(" \r") + 1);
    if (word.empty() || word == "y" || word == "yes" || word == "Y") return true;
    if (word == "n" || word == "no" || word == "N" || word == "quit") return false;
  }
}

Result<ChannelReport> judged(const rules::Rules& rules, const Channel& channel, const Options& options, Report& report) {
  std::vector<Decided> decided;
  decided.push_back({&channel, engine::decide(rules, channel)});
  const auto probes = results_for(rules, decided, options);
  if (!probes) return tl::unexpected(probes.error());
  report.host = probes->host;
  report.probes = probes->all();
  return engine::judge(rules, channel, std::move(decided[0].decision), probes->by_channel[0]);
}

ExitCode conclude(const rules::Rules& rules, const Options& options, const Channel& channel) {
  Report report = empty_report(rules);
  const auto one = judged(rules, channel, options, report);
  if (!one) return complain(one.error().message), ExitCode::unusable;
  report.channels.push_back(*one);
  if (const auto written = write_report(report, options); !written) return complain(written.error().message), ExitCode::unusable;
  if (!options.write.empty()) {
    const auto written = write_channel(rules, options, channel, one->decision);
    if (!written) return complain(written.error().message), ExitCode::unusable;
    say(*written);
  }
  if (!engine::passes_gate(*one, options.timings_gate)) return ExitCode::findings;
  return one->undecided ? ExitCode::undecided : ExitCode::fine;
}

ExitCode contradicted(const rules::Rules& rules, const Options& options, std::vector<Finding> findings) {
  Report report = empty_report(rules);
  const bool unreadable = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.rule.starts_with("IPC0"); });
  report.findings = std::move(findings);
  if (const auto written = write_report(report, options); !written) return complain(written.error().message), ExitCode::unusable;
  complain(unreadable ? "the requirements could not be read; correct the errors above" : "the answers given contradict each other; nothing was asked");
  return unreadable ? ExitCode::unusable : ExitCode::findings;
}

// The terminal's own end where standard error goes elsewhere.
int conversation_end() {
  if (isatty(STDERR_FILENO) == 1) return STDERR_FILENO;
  const int terminal = isatty(STDIN_FILENO) == 1 ? open("/dev/tty", O_WRONLY | O_CLOEXEC | O_NOCTTY) : -1;
  return terminal >= 0 ? terminal : STDERR_FILENO;
}

// The questions, and whether to probe; an exit code where there is to be no recommendation. Signals are noted meanwhile.
std::optional<ExitCode> converse(const rules::Rules& rules, engine::Interview& interview, Options& options) {
  NotedSignals signals;
  const bool terminal = isatty(STDIN_FILENO) == 1;
  Console console{STDIN_FILENO, conversation_end(), signals};
  console.colour = wants_colour(options, isatty(console.out) == 1);
  console.unicode = wants_unicode();
  // A pipe is read only where --plain says that answers come through it: one that stays open and silent would hang a CI job.
  if (terminal || options.plain) {
    const bool draws = terminal && !options.plain && !dumb_terminal() && isatty(console.out) == 1;
    const Ending ending = draws ? ask_on_screen(rules, interview, console) : ask_by_lines(rules, interview, console);
    if (ending == Ending::quit || signals.stop() != 0) return stopped(rules, options, interview, console);
    if (ending == Ending::cut_off && (terminal || lacks_essential(rules, interview))) {
      const ExitCode code = stopped(rules, options, interview, console);
      return terminal ? code : undecided(rules, interview);
    }
  }
  if (!terminal && lacks_essential(rules, interview)) return undecided(rules, interview);
  options.probe = wants_probe(console, options);
  if (signals.stop() != 0) return stopped(rules, options, interview, console);
  return std::nullopt;
}

}  // namespace

ExitCode ask(const Options& options) {
  const auto rules = load_effective_rules(options);
  if (!rules) return complain(rules.error().message), ExitCode::unusable;
  std::vector<Finding> findings;
  const auto start = given(*rules, options, findings);
  if (!start) return complain(start.error().message), ExitCode::unusable;
  if (!findings.empty()) return contradicted(*rules, options, std::move(findings));
  if (const auto fits = check_target(*rules, options, start->name); !fits) return complain(fits.error().message), ExitCode::unusable;

  engine::Interview interview(*rules, *start);
  Options rest = options;
  if (const auto ended = converse(*rules, interview, rest)) return *ended;
  return conclude(*rules, rest, interview.channel());
}

ExitCode init(const Options& options) {
  const auto rules = load_effective_rules(options);
  if (!rules) return complain(rules.error().message), ExitCode::unusable;
  const std::string text = report::sample_file(*rules);
  const std::string path = options.write.empty() ? "ipc.toml" : options.write;
  struct stat info {};
  if (path != "-" && !options.force && stat(path.c_str(), &info) == 0)
    return complain(fmt::format("\"{}\" exists; --force replaces it", printable(path))), ExitCode::unusable;
  const auto written = path == "-" ? print(text) : write_file(path, text);
  if (!written) return complain(written.error().message), ExitCode::unusable;
  if (path != "-") say(fmt::format("wrote {}; next: ipc-advisor recommend {}", printable(path), printable(path)));
  return ExitCode::fine;
}

}  // namespace ipc_advisor::app
