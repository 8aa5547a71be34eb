// What the command line asks for, as plain data. Filled by app/cli.cpp, read by one function a verb.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/exit_code.hpp"
#include "model.hpp"
#include "report/command.hpp"

namespace ipc_advisor::app {

/// One `-o FORMAT[=FILE]`; an empty file is standard output.
struct OutputRequest {
  std::string format;
  std::string file;
};

struct Options {
  std::vector<std::string> files;
  std::vector<OutputRequest> outputs;
  std::vector<std::string> rules_folders;  ///< layered on the embedded rules, in order
  std::string colour = "auto";  ///< auto, always, never
  bool verbose = false;

  // recommend, probe, claims
  bool probe = true;
  std::string replay;
  std::string save, compare;  ///< recommend, probe: files
  double budget_s = 0;  ///< 0: the verb's own default
  bool strict = false;
  bool timings_gate = false;
  std::string why_not;                ///< recommend: a mechanism
  std::vector<std::string> what_if;   ///< recommend: "need=value"
  std::vector<std::string> mechanisms;
  bool here = false;      ///< probe: in this very process
  std::string plan;       ///< probe --here: what to measure, as JSON
  std::uint64_t size = 64;
  bool sizes = false;
  bool legend = false;
  bool together = false;       ///< both ends on one CPU
  std::string sort = "name";   ///< name, latency, throughput
  int clients = 64;
  bool clients_asked = false;  ///< measure as clients grow up to that many

  // lint
  std::optional<Level> fail_level;   ///< from the command line
  std::vector<std::string> levels;   ///< "RULE=LEVEL"
  bool host = false;                 ///< look at the host too
  bool isolated = false;             ///< no [lint] table counts
  bool show_settings = false;
  bool fix = false, unsafe_fixes = false, diff = false;
  std::string stdin_filename;        ///< by which standard input is reported and finds its settings
  bool prune = false;                ///< take out of the baseline what is found no more
  std::string baseline;         ///< a file; findings in it do not fail
  bool write_baseline = false;  ///< write it anew from what is found

  // rules
  bool generate = false;
  bool all = false;
  double at_least = 100;  ///< per cent
  std::string before, after;

  // explain, tree
  std::string id;
  std::string tree_format = "text";
  std::string tree_name = "guide";

  // docs
  std::string page;              ///< man1, man5, man7, bash, zsh, fish
  report::Command command_line;  ///< the verbs and flags themselves

  std::string schema_name = "requirements";

  // ask
  std::vector<std::string> answers;  ///< "need=value"
  std::string from;                  ///< a requirements file that answers already
  std::string write;
  bool force = false;
  bool plain = false;                ///< line by line, and piped lines are answers
  bool probe_asked = false;          ///< probe without asking whether to
  std::string channel_name;          ///< empty: the only channel of `from`, else "channel"
};

ExitCode recommend(const Options& options);
ExitCode lint(const Options& options);
ExitCode ask(const Options& options);
ExitCode init(const Options& options);
ExitCode probe(const Options& options);
ExitCode explain(const Options& options);
ExitCode tree(const Options& options);
ExitCode claims(const Options& options);
ExitCode rules_check(const Options& options);
ExitCode rules_test(const Options& options);
ExitCode rules_coverage(const Options& options);
ExitCode rules_mutate(const Options& options);
ExitCode rules_diff(const Options& options);
ExitCode rules_show(const Options& options);
ExitCode rules_list(const Options& options);
ExitCode rules_docs(const Options& options);
ExitCode schema(const Options& options);
ExitCode docs(const Options& options);

/// Parses the command line and runs its verb. Never throws, never exits.
int run(int argc, char** argv);

}  // namespace ipc_advisor::app
