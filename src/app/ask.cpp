// ask: line by line, only questions whose answer can still change the recommendation.
#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/answers.hpp"
#include "app/load.hpp"
#include "app/output.hpp"
#include "app/probing.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "engine/decide.hpp"
#include "engine/interview.hpp"
#include "engine/judge.hpp"
#include "report/requirements_file.hpp"

namespace ipc_advisor::app {
namespace {

enum class Ending { finished, quit };

// The conversation goes to the terminal by standard error, so that standard output carries the report alone.
class Interview {
 public:
  Interview(const rules::Rules& rules, Channel& channel) : rules_(rules), channel_(channel) {}

  Ending run() {
    say("Answer each question; ? tells why it is asked, unknown leaves it open, back returns, done stops asking, quit ends.");
    for (;;) {
      const auto questions = engine::open_questions(rules_, channel_, asked_);
      if (questions.empty()) return Ending::finished;
      switch (ask(questions.front(), questions.size())) {
        case Step::next: break;
        case Step::done: return Ending::finished;
        case Step::quit: return Ending::quit;
      }
    }
  }

 private:
  enum class Step { next, done, quit };

  Step ask(const engine::Question& question, std::size_t open) {
    const rules::NeedDef& need = rules_.vocabulary[question.need];
    say(fmt::format("\n{} ({}; {} open)", need.question, need.id, open));
    for (std::size_t i = 0; i < need.choices.size(); ++i) say(fmt::format("  {}) {:<20} {}", i + 1, need.choices[i].id, need.choices[i].says));
    if (need.type == rules::NeedType::boolean) say("  yes or no");
    else if (need.choices.empty()) say("  " + rules::expected_values(need));
    for (;;) {
      fmt::print(stderr, "> ");
      std::string line;
      if (!read_line(line)) return Step::quit;
      if (line == "quit") return Step::quit;
      if (line == "done") return Step::done;
      if (line == "back") return go_back(), Step::next;
      if (line == "?") {
        explain(need, question);
      } else if (line == "unknown" || line.empty()) {
        asked_.push_back(question.need);
        return Step::next;
      } else if (auto value = rules::parse_value(need, by_number(need, line))) {
        channel_.needs[question.need] = {*value, {OriginKind::answer, "", {}, {}}};
        asked_.push_back(question.need);
        return Step::next;
      } else {
        say("  " + value.error().message);
      }
    }
  }

  void explain(const rules::NeedDef& need, const engine::Question& question) const {
    say("  " + need.why);
    if (is_known(need.assumed)) say(fmt::format("  Without an answer: {}.", need.assumed_says));
    if (question.changes_pick) say("  Its answer decides between " + join(question.mechanisms, ", ", " and ") + ".");
    else say("  Its answer changes what goes with the mechanism, not the mechanism.");
  }

  void go_back() {
    if (asked_.empty()) return say("  This is the first question.");
    channel_.needs[asked_.back()] = {};
    asked_.pop_back();
  }

  static std::string by_number(const rules::NeedDef& need, const std::string& line) {
    const bool digits = !line.empty() && line.size() < 3 && std::all_of(line.begin(), line.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
    const std::size_t number = digits ? static_cast<std::size_t>(std::stoi(line)) : 0;
    return number >= 1 && number <= need.choices.size() ? need.choices[number - 1].id : line;
  }

  static bool read_line(std::string& line) {
    for (int c = std::getchar(); c != '\n'; c = std::getchar()) {
      if (c == EOF) return false;
      if (line.size() < 4096) line += static_cast<char>(c);
    }
    const auto last = line.find_last_not_of(" \t\r");
    line.erase(last == std::string::npos ? 0 : last + 1);
    line.erase(0, std::min(line.find_first_not_of(" \t"), line.size()));
    return true;
  }

  const rules::Rules& rules_;
  Channel& channel_;
  std::vector<std::size_t> asked_;
};

ExitCode undecided(const rules::Rules& rules, const std::vector<engine::Question>& questions) {
  complain("undecided: there is no terminal to ask at, and these answers are missing; add them to the file, or pass --answer NEED=VALUE");
  for (const engine::Question& question : questions)
    if (question.changes_pick) say("  " + report::answer_line(rules.vocabulary[question.need]));
  return ExitCode::undecided;
}

Result<void> write_answers(const Options& options, const rules::Rules& rules, const Channel& channel, const Decision& decision) {
  struct stat info {};
  if (!options.force && stat(options.write.c_str(), &info) == 0)
    return fail(ErrorKind::usage, fmt::format("\"{}\" exists; --force replaces it", printable(options.write)));
  return write_file(options.write, report::requirements_file(rules, "project", channel, &decision));
}

}  // namespace

ExitCode ask(const Options& options) {
  const auto rules = load_effective_rules(options);
  if (!rules) return complain(rules.error().message), ExitCode::unusable;
  Channel channel = rules::empty_channel(*rules, options.channel_name);
  if (const auto applied = apply_answers(*rules, options.answers, "--answer", channel); !applied) return complain(applied.error().message), ExitCode::unusable;
  struct stat info {};
  if (!options.write.empty() && !options.force && stat(options.write.c_str(), &info) == 0)
    return complain(fmt::format("\"{}\" exists; --force replaces it", printable(options.write))), ExitCode::unusable;

  if (isatty(STDIN_FILENO) == 1) {
    if (Interview(*rules, channel).run() == Ending::quit) {
      const std::string answered = report::requirements_file(*rules, "project", channel, nullptr);
      say("\nStopped. What was answered:\n\n" + answered);
      return ExitCode::undecided;
    }
  } else {
    const auto questions = engine::open_questions(*rules, channel, {});
    const bool open = std::any_of(questions.begin(), questions.end(), [&](const engine::Question& q) { return rules->vocabulary[q.need].essential && q.changes_pick; });
    if (open) return undecided(*rules, questions);
  }

  Report report = empty_report(*rules);
  std::vector<Decided> decided;
  decided.push_back({&channel, engine::decide(*rules, channel)});
  const auto probes = results_for(*rules, decided, options);
  if (!probes) return complain(probes.error().message), ExitCode::unusable;
  report.host = probes->host;
  report.probes = probes->all();
  report.channels.push_back(engine::judge(*rules, channel, std::move(decided[0].decision), probes->by_channel[0]));
  if (const auto written = write_report(report, options); !written) return complain(written.error().message), ExitCode::unusable;
  if (!options.write.empty()) {
    const auto written = write_answers(options, *rules, channel, report.channels[0].decision);
    if (!written) return complain(written.error().message), ExitCode::unusable;
    say(fmt::format("wrote {}", printable(options.write)));
  }
  return engine::passes_gate(report.channels[0], options.timings_gate) ? ExitCode::fine : ExitCode::findings;
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
