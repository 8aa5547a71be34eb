// The command line, one table of verbs and flags. The only place that includes CLI11.
#include <CLI/CLI.hpp>
#include <clocale>
#include <csignal>
#include <exception>
#include <fmt/format.h>
#include <sstream>

#include "app/load.hpp"
#include "app/options.hpp"
#include "app/output.hpp"
#include "base/text.hpp"
#include "report/format.hpp"

namespace ipc_advisor::app {
namespace {

using Verb = ExitCode (*)(const Options&);

std::string format_list() {
  std::vector<std::string> ids;
  for (const report::Format& format : report::all_formats()) ids.emplace_back(format.id);
  return join(ids, ", ", " or ");
}

// "json=report.json" into its parts; an unknown format is a usage error with the nearest one.
void add_output(Options& options, const std::string& text) {
  const auto equals = text.find('=');
  const std::string format = text.substr(0, equals);
  if (report::find_format(format) == nullptr) {
    std::vector<std::string> ids;
    for (const report::Format& known : report::all_formats()) ids.emplace_back(known.id);
    const auto near = nearest_word(format, ids);
    throw CLI::ValidationError("--output", fmt::format("\"{}\" is not a format; expected {}{}", printable(format), format_list(),
                                                       near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
  }
  if (equals != std::string::npos && equals + 1 == text.size()) throw CLI::ValidationError("--output", "the file name after \"=\" is empty");
  const std::string file = equals == std::string::npos ? "" : text.substr(equals + 1);
  // Lines of text and workflow commands can be told apart in one stream; nothing else can.
  const auto of_lines = [](const std::string& one) { return one == "text" || one == "github"; };
  for (const OutputRequest& other : options.outputs) {
    if (other.file != file || (file.empty() && of_lines(format) && of_lines(other.format))) continue;
    throw CLI::ValidationError("--output", file.empty() ? fmt::format("{} and {} cannot both go to standard output; give one a file, as in {}=FILE", other.format, format, format)
                                                        : fmt::format("{} and {} cannot both go to \"{}\"", other.format, format, printable(file)));
  }
  options.outputs.push_back({format, file});
}

void add_report_flags(CLI::App& verb, Options& options) {
  verb.add_option_function<std::vector<std::string>>(
          "-o,--output",
          [&options](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) add_output(options, text);
          },
          "FORMAT[=FILE], several times: " + format_list())
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("FORMAT[=FILE]");
  verb.add_option("--color", options.colour, "when to colour the text")->check(CLI::IsMember({"auto", "always", "never"}))->type_name("WHEN");
  verb.add_flag("-v,--verbose", options.verbose, "say more: every candidate, every trial");
}

void add_probe_flags(CLI::App& verb, Options& options) {
  verb.add_flag_callback("--no-probe", [&options] { options.probe = false; }, "decide only; measure nothing");
  verb.add_option("--replay", options.replay, "use the probe results of a recorded JSON report instead of measuring")->type_name("FILE");
  verb.add_option("--budget", options.budget_s, "seconds to measure for, in all")->check(CLI::Range(0.05, 3600.0))->type_name("SECONDS");
  verb.add_flag("--strict", options.strict, "exit 4 where a verdict is inconclusive or could not be tried");
  verb.add_flag("--gate-timings", options.timings_gate, "let figures fail the run too, not capabilities alone");
}

void add_compare_flags(CLI::App& verb, Options& options) {
  verb.add_option("--save", options.save, "write the JSON report to a file, beside the other outputs, for a later --compare")->type_name("FILE");
  verb.add_option("--compare", options.compare, "say what changed in decision, verdict and figures since a saved report")->type_name("FILE");
}

// The words of an IsMember check, which the library tells as "{a,b}" behind the value's name.
std::vector<std::string> choices_of(const std::string& type) {
  std::vector<std::string> words;
  const auto open = type.find('{'), close = type.find('}');
  if (open == std::string::npos || close == std::string::npos) return words;
  std::istringstream list(type.substr(open + 1, close - open - 1));
  for (std::string word; std::getline(list, word, ',');) words.push_back(word);
  return words;
}

report::Argument described(const CLI::Option& option) {
  report::Argument argument;
  for (const std::string& name : option.get_snames()) argument.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) argument.names.push_back("--" + name);
  argument.says = option.get_description();
  const std::string type = option.get_type_name();
  if (option.get_items_expected_max() > 0) argument.value = option.get_positional() ? option.get_name(true) : type.substr(0, type.find(':'));
  argument.choices = choices_of(type);
  argument.several = option.get_items_expected_max() > 1;
  argument.required = option.get_required();
  return argument;
}

report::Command described(const CLI::App& app) {
  report::Command command{app.get_name(), app.get_description(), {}, {}, {}};
  for (const CLI::Option* option : app.get_options()) (option->get_positional() ? command.positionals : command.options).push_back(described(*option));
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) command.verbs.push_back(described(*verb));
  return command;
}

class CommandLine {
 public:
  explicit CommandLine(Options& options) : options_(options) {
    app_.require_subcommand(1);
    app_.set_version_flag("--version", version_text);
    app_.set_help_flag("-h,--help", "print this help and exit");
    app_.failure_message(CLI::FailureMessage::simple);
    app_.footer(exit_codes());
    add_verbs();
  }

  CLI::App& app() { return app_; }
  Verb verb() const { return verb_; }

 private:
  static std::string version_text() {
    const auto rules = load_effective_rules({});
    return fmt::format("ipc-advisor {} (rules {}, digest {})", IPC_ADVISOR_VERSION, rules ? rules->version : "broken", rules ? rules->digest : "none");
  }

  static std::string exit_codes() {
    std::string lines = "Exit codes:";
    for (const report::ExitMeaning& one : exit_meanings) lines += fmt::format("\n  {}  {}", one.code, one.says);
    return lines;
  }

  CLI::App& add(const std::string& name, const std::string& says, Verb runs) {
    CLI::App* sub = app_.add_subcommand(name, says);
    sub->callback([this, runs] { verb_ = runs; });
    add_rules_flag(*sub);
    return *sub;
  }

  void add_rules_flag(CLI::App& verb) {
    verb.add_option("--rules", options_.rules_folders, "a folder of rules layered on the embedded ones, several times")
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->type_name("DIR");
  }

  CLI::App& add_rules_verb(CLI::App& parent, const std::string& name, const std::string& says, Verb runs) {
    CLI::App* sub = parent.add_subcommand(name, says);
    sub->callback([this, runs] { verb_ = runs; });
    add_rules_flag(*sub);
    return *sub;
  }

  void add_rules_verbs() {
    CLI::App& parent = *app_.add_subcommand("rules", "prove, test, compare and show the rules themselves");
    parent.require_subcommand(1);
    const auto add_cases = [this](CLI::App& verb) {
      verb.add_option("FILE", options_.files, "files of [[case]] tables, beside those of the layers")->type_name("");
    };
    add_rules_verb(parent, "check", "prove, by going through every profile, what the rules promise", rules_check);
    CLI::App& test = add_rules_verb(parent, "test", "hold the rules against cases, and lint rules against their examples", rules_test);
    add_cases(test);
    test.add_flag("--generate", options_.generate, "print a case for every branch and each side of every elimination instead");
    CLI::App& coverage = add_rules_verb(parent, "coverage", "say which parts of the rules the cases go through", rules_coverage);
    add_cases(coverage);
    coverage.add_option("--at-least", options_.at_least, "fail below this, for each kind; 100 unless stated")->check(CLI::Range(0.0, 100.0))->type_name("PERCENT");
    add_cases(add_rules_verb(parent, "mutate", "break the rules in every small way; fail where no case notices", rules_mutate));
    CLI::App& diff = add_rules_verb(parent, "diff", "list the profiles whose recommendation differs between two rule sets", rules_diff);
    diff.add_option("BEFORE", options_.before, "a folder of layered rules, or \"embedded\"")->required()->type_name("");
    diff.add_option("AFTER", options_.after, "another")->required()->type_name("");
    diff.add_flag("-v,--verbose", options_.verbose, "every kind of change");
    diff.add_flag("--all", options_.all, "every region of profiles, one a line");
    add_rules_verb(parent, "show", "print the effective rules, each with where it comes from", rules_show);
    add_rules_verb(parent, "list", "list the linter's rules: code, name, level, whether it can be mended", rules_list);
    add_rules_verb(parent, "docs", "print all that is known of the linter's rules, as Markdown", rules_docs);
  }

  // In the order in which --help lists them.
  void add_verbs() {
    add_recommend();
    add_lint();
    add_ask();
    add_init();
    add_probe();
    add_lookups();
    add_rules_verbs();
    add_docs();
    add_claims();
  }

  void add_recommend() {
    CLI::App& verb = add("recommend", "say which mechanism to use, try it on this host, and explain", recommend);
    verb.add_option("FILE", options_.files, "requirements files (default: ipc.toml; - reads standard input)")->type_name("");
    verb.add_option("--why-not", options_.why_not, "say all that speaks against a mechanism, and what would make it the choice")->type_name("MECHANISM");
    verb.add_option("--what-if", options_.what_if, "decide as if a need had another answer, several times")
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->type_name("NEED=VALUE");
    add_probe_flags(verb, options_);
    add_compare_flags(verb, options_);
    add_report_flags(verb, options_);
  }

  void add_lint() {
    CLI::App& verb = add("lint", "check requirements files, and the chosen mechanism against the needs", lint);
    verb.add_option("FILE", options_.files, "requirements files (default: ipc.toml; - reads standard input)")->type_name("");
    verb.add_option_function<std::string>("--fail-level", [this](const std::string& word) { options_.fail_level = *level_of(word); },
                                               "the lowest level that fails; warning unless stated here or in the file")
        ->check(CLI::IsMember({"error", "warning", "info"}))
        ->type_name("LEVEL");
    CLI::Option* baseline = verb.add_option("--baseline", options_.baseline, "findings that stand in this file do not fail")->type_name("FILE");
    verb.add_flag("--write-baseline", options_.write_baseline, "write that file anew, from what is found now")->needs(baseline);
    verb.add_flag("--prune", options_.prune, "take out of that file what is found no more")->needs(baseline);
    verb.add_option("--level", options_.levels, "another level for a rule, or off; several times")
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->type_name("RULE=LEVEL");
    verb.add_flag("--fix", options_.fix, "mend what can be mended without a guess, and report the rest");
    verb.add_flag("--unsafe-fixes", options_.unsafe_fixes, "with --fix or --diff: guess too");
    verb.add_flag("--diff", options_.diff, "print what --fix would change, and change nothing");
    verb.add_option("--stdin-filename", options_.stdin_filename, "the name by which standard input is reported")->type_name("FILE");
    verb.add_flag("--host", options_.host, "look at this host too: limits, paths, ports, small experiments");
    verb.add_flag("--isolated", options_.isolated, "leave out every [lint] table");
    verb.add_flag("--show-settings", options_.show_settings, "print the settings of each file with their origins, and lint nothing");
    add_report_flags(verb, options_);
  }

  void add_ask() {
    CLI::App& verb = add("ask", "decide by questions, in a terminal", ask);
    verb.add_option("--answer", options_.answers, "an answer given beforehand, several times")->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->type_name("NEED=VALUE");
    verb.add_option("--from", options_.from, "a requirements file; only what it leaves open is asked")->type_name("FILE");
    verb.add_option("--name", options_.channel_name, "the channel's name; of several in --from, which")->type_name("NAME");
    verb.add_option("--write", options_.write, "write a requirements file, or append the channel to one")->type_name("FILE");
    verb.add_flag("--force", options_.force, "replace what is there: the channel of that name, or a file of another kind");
    verb.add_flag("--plain", options_.plain, "line by line, for a screen reader; answers may be piped in");
    verb.add_flag("--probe", options_.probe_asked, "try it on this host, without asking whether to");
    add_probe_flags(verb, options_);
    add_report_flags(verb, options_);
  }

  void add_init() {
    CLI::App& verb = add("init", "write an annotated sample of a requirements file", init);
    verb.add_option("FILE", options_.write, "where to (default: ipc.toml; - prints it)")->type_name("");
    verb.add_flag("--force", options_.force, "replace an existing file");
  }

  void add_probe() {
    CLI::App& verb = add("probe", "measure mechanisms on this host", probe);
    verb.add_option("MECHANISM", options_.mechanisms, "mechanisms to measure (default: all that have a probe)")->type_name("");
    verb.add_option("--size", options_.size, "message size in bytes")->check(CLI::Range(1, 1 << 26))->type_name("BYTES");
    verb.add_option_function<int>("--clients", [this](int clients) { options_.clients = clients; options_.clients_asked = true; },
                                        "measure sockets with 1, 2, 4 and so on up to N clients too")->check(CLI::Range(1, 1000))->type_name("N");
    verb.add_option("--budget", options_.budget_s, "seconds to measure for, in all")->check(CLI::Range(0.05, 3600.0))->type_name("SECONDS");
    verb.add_flag("--together", options_.together, "both ends on one CPU, instead of on two");
    verb.add_option("--sort", options_.sort, "the order of the table")->check(CLI::IsMember({"name", "latency", "throughput"}))->type_name("BY");
    verb.add_flag("--sizes", options_.sizes, "every size that was measured, with its interval");
    verb.add_flag("--explain", options_.legend, "what the figures mean, and what they do not");
    verb.add_flag("--here", options_.here, "measure one mechanism in this very process, for strace, perf or taskset");
    verb.add_option("--plan", options_.plan, "with --here: what to measure, as JSON")->type_name("JSON");
    verb.add_option("--format", plan_format_, "with --here: json")->check(CLI::IsMember({"json"}))->type_name("FORMAT");
    verb.add_option("--replay", options_.replay, "use the probe results of a recorded JSON report instead of measuring")->type_name("FILE");
    add_compare_flags(verb, options_);
    add_report_flags(verb, options_);
  }

  void add_lookups() {
    CLI::App& explain_verb = add("explain", "tell what is known of a mechanism, need, claim, node, rule or pitfall", explain);
    explain_verb.add_option("ID", options_.id, "an id, or mechanisms, needs, claims, rules, pitfalls")->required()->type_name("");

    CLI::App& tree_verb = add("tree", "draw a decision tree", tree);
    tree_verb.add_option("TREE", options_.tree_name, "which tree: the guide's (default), or what refines it")->check(CLI::IsMember({"guide", "refine"}))->type_name("");
    tree_verb.add_option("--format", options_.tree_format, "how to draw it")->check(CLI::IsMember({"text", "dot", "mermaid"}))->type_name("FORMAT");

    CLI::App& schema_verb = add("schema", "print a JSON Schema: of ipc.toml, for editors, or of the JSON report", schema);
    schema_verb.add_option("WHAT", options_.schema_name, "requirements (default) or report")->check(CLI::IsMember({"requirements", "report"}))->type_name("");
  }

  void add_docs() {
    CLI::App& verb = add("docs", "print a manual, or a shell's completion, made from the rules and the command line", docs);
    verb.add_option("PAGE", options_.page, "which one")->required()->check(CLI::IsMember({"man1", "man5", "man7", "bash", "zsh", "fish"}))->type_name("");
    verb.callback([this] {
      verb_ = docs;
      options_.command_line = described(app_);
    });
  }

  void add_claims() {
    CLI::App& verb = add("claims", "the guide's claims, with this host's verdict on each", claims);
    verb.add_flag("--probe", claims_probe_, "measure first");
    verb.add_option("--replay", options_.replay, "use the probe results of a recorded JSON report instead of measuring")->type_name("FILE");
    verb.add_option("--budget", options_.budget_s, "seconds to measure for, in all")->check(CLI::Range(0.05, 3600.0))->type_name("SECONDS");
    add_report_flags(verb, options_);
    verb.callback([this] {
      verb_ = claims;
      options_.probe = claims_probe_;
    });
  }

  Options& options_;
  CLI::App app_{"Which way should two programs talk? Decide, try it here, explain, and keep it checked.", "ipc-advisor"};
  Verb verb_ = nullptr;
  bool claims_probe_ = false;
  std::string plan_format_;
};

ExitCode dispatch(int argc, char** argv) {
  Options options;
  CommandLine line(options);
  try {
    line.app().parse(argc, argv);
  } catch (const CLI::Success& done) {
    line.app().exit(done);
    return ExitCode::fine;
  } catch (const CLI::ParseError& error) {
    complain(error.what());
    complain("see ipc-advisor --help");
    return ExitCode::unusable;
  }
  return line.verb()(options);
}

}  // namespace

int run(int argc, char** argv) {
  // A reader that leaves early is an error of write(2), not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  // So is a file that hits its size limit: the half that was written can then be removed.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return static_cast<int>(dispatch(argc, argv));
  } catch (const std::exception& error) {
    complain(fmt::format("unexpected: {}", error.what()));
  }
  return static_cast<int>(ExitCode::unusable);
}

}  // namespace ipc_advisor::app
