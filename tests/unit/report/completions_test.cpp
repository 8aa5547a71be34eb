#include "report/completions.hpp"

#include <algorithm>

#include "rules_for_tests.hpp"

using namespace ipc_advisor;
using report::Argument;
using report::Candidates;

namespace {

Candidates of(const std::string& value, const std::vector<std::string>& names = {"--x"}) {
  return report::candidates(Argument{names, "", value, {}, false}, tests::embedded_rules());
}

bool offers(const Candidates& all, const std::string& word) { return std::find(all.words.begin(), all.words.end(), word) != all.words.end(); }

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("completions: what may stand where") {
    CHECK(offers(of("MECHANISM"), "unix-stream"));
    CHECK(offers(of("NEED=VALUE"), "reach=cross-host"));
    CHECK(offers(of("NEED=VALUE"), "shell=true"));
    CHECK(offers(of("NEED=VALUE"), "latency="));
    CHECK(offers(of("FORMAT[=FILE]"), "sarif"));
    CHECK(of("FORMAT[=FILE]").files == Candidates::Files::after_equals);
    CHECK(offers(of("ID"), "IPC201"));
    CHECK(of("DIR").files == Candidates::Files::folders);
    CHECK(of("FILE").files == Candidates::Files::any);
    CHECK(of("FILE", {}).files == Candidates::Files::toml);
    CHECK(of("SECONDS").words.empty());
  }

  TEST_CASE("completions: choices come before the value's name") {
    const Candidates all = report::candidates(Argument{{"--x"}, "", "FILE", {"a", "b"}, false}, tests::embedded_rules());
    CHECK(all.words == std::vector<std::string>{"a", "b"});
    CHECK(all.files == Candidates::Files::none);
  }

  TEST_CASE("completions: what is said is quoted as each shell needs it") {
    const report::Command program{"p", "", {Argument{{"--x"}, "the shell's [own]: a\\b", "", {}, false}}, {}, {}};
    CHECK(report::zsh_completion(program, tests::embedded_rules()).find("the shell'\\''s \\[own\\]\\: a\\\\b") != std::string::npos);
    CHECK(report::fish_completion(program, tests::embedded_rules()).find("'the shell\\'s [own]: a\\\\b'") != std::string::npos);
  }
}
