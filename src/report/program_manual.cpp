// ipc-advisor(1): the synopsis, every option, formats and exit codes from the command line's own table; the prose is here.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "report/format.hpp"
#include "report/manual.hpp"
#include "report/mdoc.hpp"

namespace ipc_advisor::report {
namespace {

// ------------------------------------------------------------------ from the command line

// "-o" is `Fl o`, "--output" is `Fl \-output`; every hyphen must stay one.
std::string flag_macro(std::string_view name) {
  std::string out = "Fl ";
  for (const char c : name.substr(1)) out += c == '-' ? "\\-" : std::string(1, c);
  return out;
}

std::string flags_macro(const Argument& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.names) names.push_back(flag_macro(name));
  return fmt::format("{}{}", join(names, " , ", " , "), option.value.empty() ? "" : " Ar " + option.value);
}

bool is_help(const Argument& option) { return option.names.back() == "--help"; }

// One verb that runs, with the words that name it.
struct Runs {
  std::string name;
  const Command* command;
};

std::vector<Runs> runs_of(const Command& program) {
  std::vector<Runs> out;
  for (const Command& verb : program.verbs) {
    if (verb.verbs.empty()) out.push_back({verb.name, &verb});
    for (const Command& below : verb.verbs) out.push_back({fmt::format("{} {}", verb.name, below.name), &below});
  }
  return out;
}

std::string positional_macro(const Argument& positional) {
  const std::string words = positional.choices.empty() ? positional.value : fmt::format("{}", fmt::join(positional.choices, " | "));
  const std::string name = fmt::format("Ar {}{}", words, positional.several ? " ..." : "");
  return positional.required ? "." + name : ".Op " + name;
}

void add_synopsis(const Command& program, Mdoc& page) {
  page.section("Synopsis");
  for (const Runs& one : runs_of(program)) {
    page.macro(fmt::format(".Nm\n.Cm {}", one.name));
    for (const Argument& option : one.command->options)
      if (!is_help(option)) page.macro(fmt::format(".Op {}{}", flag_macro(option.names.front()), option.value.empty() ? "" : " Ar " + option.value));
    for (const Argument& positional : one.command->positionals) page.macro(positional_macro(positional));
  }
  page.macro(fmt::format(".Nm\n.Fl h | {}", flag_macro("--version").substr(3)));
}

std::string sentence(std::string_view says) {
  std::string out(says);
  if (!out.empty() && static_cast<unsigned char>(out.front()) < 0x80) out.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(out.front())));
  return out + ".";
}

// An option and the verbs that take it; alike in several verbs it is told once.
struct Taken {
  const Argument* option;
  std::vector<std::string> by;
};

std::vector<Taken> options_of(const Command& program) {
  std::vector<Taken> out;
  for (const Runs& one : runs_of(program))
    for (const Argument& option : one.command->options) {
      const auto same = std::find_if(out.begin(), out.end(), [&](const Taken& taken) { return taken.option->names == option.names && taken.option->says == option.says; });
      if (same == out.end()) out.push_back({&option, {one.name}});
      else same->by.push_back(one.name);
    }
  std::stable_sort(out.begin(), out.end(), [](const Taken& a, const Taken& b) { return a.option->names.back() < b.option->names.back(); });
  return out;
}

void add_options(const Command& program, Mdoc& page) {
  page.section("Options");
  page.begin_list();
  const std::size_t verbs = runs_of(program).size();
  for (const Taken& one : options_of(program)) {
    page.macro(".It " + flags_macro(*one.option));
    page.text(sentence(one.option->says));
    if (!one.option->choices.empty()) page.text(fmt::format("One of {}.", join(one.option->choices, ", ", " and ")));
    page.text(one.by.size() == verbs ? std::string("Every verb takes it.") : fmt::format("Taken by {}.", join(one.by, ", ", " and ")));
  }
  for (const Argument& option : program.options) {
    if (is_help(option)) continue;
    page.macro(".It " + flags_macro(option));
    page.text("Print the version of the program and, with their digest, that of its rules, and exit.");
  }
  page.end_list();
}

void add_formats(Mdoc& page) {
  page.section("Formats");
  page.text("Several may be written in one run, each to a file or to standard output. Files are written whole or not at all.");
  page.begin_list();
  for (const Format& format : all_formats()) {
    page.item(format.id);
    page.text(sentence(format.says));
  }
  page.end_list();
}

// ------------------------------------------------------------------ prose

// What is to be said of a verb beyond the line of its help.
std::string_view more_of(std::string_view verb) {
  static constexpr std::pair<std::string_view, std::string_view> all[] = {
      {"recommend", "Each channel of the files is decided, the leading candidates are tried, and the report explains. With --no-probe nothing is measured and nothing is confirmed. "
                    "With --replay the measurements and the host come from a recorded JSON report, so that the same report comes out byte for byte. "
                    "Figures fail a run only with --gate-timings: how fast a shared CI host happens to be says little about the choice."},
      {"lint", "Checked are syntax, keys, values and units, contradictions among the needs, and the mechanism that uses names, against the very eliminations that recommend decides with. "
               "Fixes keep comments and layout; standard input comes out mended on standard output. A finding of a baseline is known by its rule, its channel and what it says, so that lines may move."},
      {"ask", "Asked is only what can still change the recommendation, the most telling first. Each question says how many outcomes remain: mechanisms that some completion of the open answers still "
              "leads to, contradictions left out; or, once the mechanism is settled, sets of what goes with it. Arrows, j, k, Home and End move, Enter takes, Space ticks an entry of a list; an option's "
              "number or word can be typed instead. ? tells why it is asked and what each answer leads to; unknown leaves it open; back, Esc, or back 3 for three steps, returns; done takes the rest as "
              "assumed; quit, Control-C or Control-D ends. What earlier answers rule out is shown with the reason and cannot be taken. At last it asks whether to try the recommendation on this host. "
              "However it ends, by a signal too, what was answered is kept: it is printed as lines for a file or, with --write and where the terminal has gone, saved beside that file with the ending "
              ".unfinished, which --from goes on with; the exit code is 3. On a dumb terminal and with --plain it goes line by line. Without a terminal it never prompts and reads nothing: it decides, or "
              "says which answers are missing, as lines for the file, and exits with 3; only with --plain are the lines of a pipe taken for answers. Contradictions in what is given are reported as lint "
              "reports them. --write appends the channel to an existing requirements file, whose other bytes stay, and allows what lint has to remark on the choice by a comment that repeats it; --force "
              "replaces the channel of that name alone, or a file of another kind as a whole."},
      {"probe", "No requirements file is needed. With --here one mechanism is measured in this very process, so that strace(1), perf(1) or taskset(1) can be put in front. "
                "With --clients sockets are measured as clients grow, each with one message under way, and that many are held open at once."},
      {"rules check", "Proved is that every answer leads on, every leaf is reached, no question is asked twice on a way, no leaf picks what its own way rules out, a fresh recommendation lints clean, "
                      "and nothing is unused. It says how many profiles of needs that were; whatever was left out is a failure."},
      {"rules test", "The cases are the [[case]] tables of the files named and of the layers. What --generate prints is to be read and kept."},
      {"rules coverage", "Counted are branches, leaves, needs, eliminations, layers and lint rules."},
      {"schema", "The draft is 07, which every editor reads. An editor finds the schema by a line #:schema ./ipc.schema.json at the top of the file."},
      {"claims", "Each claim that this host can settle gets its verdict after --probe: confirmed, refuted or inconclusive."},
      {"docs", "With --rules the pages speak of the layered rules too."}};
  for (const auto& [name, says] : all)
    if (name == verb) return says;
  return "";
}

void add_verbs(const Command& program, Mdoc& page) {
  page.section("Verbs");
  page.begin_list();
  for (const Runs& one : runs_of(program)) {
    page.item(one.name);
    page.text(sentence(one.command->says));
    for (const Argument& positional : one.command->positionals) page.text(fmt::format("{}: {}.", positional.value, positional.says));
    if (const std::string_view more = more_of(one.name); !more.empty()) page.text(more);
  }
  page.end_list();
}

void add_description(Mdoc& page) {
  page.section("Description");
  page.text("ipc-advisor reads what two programs need of the channel between them, walks a decision tree, strikes out every mechanism that a need rules out, and says which one to use, why, "
            "why not the others, and which changed answer would change the recommendation. It then tries the candidates on this host, and says whether the recommendation holds here.");
  page.paragraph("The needs stand in a requirements file, ipc.toml unless another one is named, or are answered at a terminal.");
  page.literal("[project]\nname = \"my daemon\"\n\n[[channel]]\nname        = \"client-api\"\nreach       = \"same-host\"\nclients     = \"many\"\ndirection   = \"two-way\"\n"
               "latency     = \"1 ms\"\naccess      = \"same-user\"\nuses        = \"unix-stream\"");
  page.paragraph("ipc-advisor explain needs lists every key, and ipc-advisor-requirements(5) tells each with its values; ipc-advisor explain mechanisms lists what can be recommended, "
                 "and ipc-advisor-rules(7) tells how it is decided, what each verdict means, and how rules of one's own are layered on top.");
}

void add_comparison(Mdoc& page) {
  page.section("Comparing");
  page.text("What --save writes is the JSON report, so that --replay, --compare and any program read one file. With --compare the report says what changed since: the decision with the answers "
            "that it hangs on, the verdict, and each figure with its interval then and now. "
            "A figure counts as changed only where the two intervals do not overlap; else there is no change that the figures bear out. "
            "Those of a 99th percentile are widened to half and to twice first, since between two runs on the same quiet host it moves by as much. "
            "The ratio is now over then, with the interval that these allow.");
  page.paragraph("Verdicts and figures of another host (kernel, CPU model, usable CPUs, quota, governor, hypervisor, container), or of probes that were told other sizes, clients or CPUs, are not "
                 "comparable: that is refused, the report says why, and the exit code is 2. Decisions hang on no host, and are compared all the same; with --no-probe they alone are. "
                 "A change by itself fails nothing; the exit code is the verdict's. A longer --budget only narrows the intervals.");
}

void add_environment(Mdoc& page) {
  page.section("Environment");
  page.begin_list();
  const std::pair<std::string_view, std::string_view> all[] = {
      {"NO_COLOR", "No colour where not asked for."},
      {"FORCE_COLOR , CLICOLOR_FORCE", "Colour even where standard output is no terminal."},
      {"GITHUB_STEP_SUMMARY", "With -o github the pull request's report is added to this file."},
      {"XDG_RUNTIME_DIR , TMPDIR", "Where the probes make their private folders, the first that is writable; else /tmp."}};
  for (const auto& [name, says] : all) {
    page.macro(fmt::format(".It Ev {}", name));
    page.text(says);
  }
  page.end_list();
}

void add_exit_status(std::span<const ExitMeaning> codes, Mdoc& page) {
  page.section("Exit status");
  page.text("The same whatever the format.");
  page.begin_list();
  for (const ExitMeaning& one : codes) {
    page.item(std::to_string(one.code));
    page.text(sentence(one.says));
  }
  page.end_list();
}

void add_examples(Mdoc& page) {
  page.section("Examples");
  const std::pair<std::string_view, std::string_view> all[] = {
      {"Decide for the file beside the code, and look at it in a browser:", "$ ipc-advisor recommend -o text -o html=report.html"},
      {"Fail a CI job when the choice no longer holds:", "$ ipc-advisor lint && ipc-advisor recommend --strict"},
      {"Keep a report, and see later what changed:", "$ ipc-advisor recommend --save before.json\n$ ipc-advisor recommend --compare before.json"},
      {"See the system calls of one probe:", "$ strace -f ipc-advisor probe fifo --here"}};
  for (const auto& [says, command] : all) {
    page.paragraph(says);
    page.literal(command);
  }
}

}  // namespace

std::string program_manual(const Command& program, std::span<const ExitMeaning> exit_codes) {
  Mdoc page("ipc-advisor", 1, "decide how two programs should talk, try it on this host, and keep it checked");
  add_synopsis(program, page);
  add_description(page);
  add_verbs(program, page);
  add_options(program, page);
  add_formats(page);
  add_comparison(page);
  add_environment(page);
  add_exit_status(exit_codes, page);
  add_examples(page);
  page.section("See also");
  page.macro(".Xr ipc-advisor-requirements 5 ,\n.Xr fifo 7 ,\n.Xr ipc-advisor-rules 7 ,\n.Xr pipe 7 ,\n.Xr shm_overview 7 ,\n.Xr tcp 7 ,\n.Xr unix 7");
  return page.take();
}

}  // namespace ipc_advisor::report
