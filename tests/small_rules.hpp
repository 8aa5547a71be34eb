// A rule set small enough to go through by hand: three needs, twelve profiles, three mechanisms.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "rules/rules.hpp"

namespace ipc_advisor::tests {

using Files = std::vector<std::pair<std::string, std::string>>;

inline std::string small_need(const std::string& id, const std::string& type, const std::string& rest) {
  return "[[need]]\nid = \"" + id + "\"\ntype = \"" + type + "\"\ngroup = \"g\"\nquestion = \"q\"\nwhy = \"w\"\nsample = \"true\"\n" + rest;
}

inline std::string small_choice(const std::string& id) { return "[[need.choice]]\nid = \"" + id + "\"\nsays = \"s\"\n"; }

inline std::string small_trait(const std::string& id, const std::string& when, const std::string& strength = "cannot") {
  return "[[trait]]\nid = \"" + id + "\"\nsays = \"s\"\nsource = \"a manual\"\ncontradicts = \"" + when + "\"\nstrength = \"" + strength + "\"\nbecause = \"b\"\n";
}

inline std::string small_mechanism(const std::string& id, const std::string& traits) {
  return "id = \"" + id + "\"\nname = \"n\"\nsummary = \"s\"\nman = \"m\"\ncomplexity = \"low\"\ncomplexity-source = \"a manual\"\ndebug = []\ncost = \"c\"\nplatforms = []\npitfalls = []\n" + traits;
}

inline std::string small_leaf(const std::string& mechanism) {
  return "[[leaf]]\nid = \"use-" + mechanism + "\"\nmechanism = \"" + mechanism + "\"\nsource = \"a manual\"\nbecause = \"b\"\n";
}

/// near/far × web yes/no × latency below, at and above 1 ms. The guide: far → wire, near → pipe. The refinement: near and
/// web → bridge. pipe falls where far; bridge is advised against without web; wire stands always.
inline Files small_files() {
  return {
      {"needs.toml", "version = \"7\"\n" + small_need("where", "choice", "assume = \"near\"\n" + small_choice("near") + small_choice("far")) +
                         small_need("web", "bool", "assume = false\n") + small_need("latency", "duration", "assume = \"1 s\"\n") +
                         small_need("uses", "text", "decides = false\n") + small_need("framing", "text", "decides = false\n")},
      {"claims.toml", ""},
      {"pitfalls.toml", ""},
      {"disagreements.toml", ""},
      {"mechanisms/bridge.toml", small_mechanism("bridge", small_trait("for-the-web", "not web", "avoid"))},
      {"mechanisms/pipe.toml", small_mechanism("pipe", small_trait("local", "where == far") + small_trait("slow", "latency < 1 ms"))},
      {"mechanisms/wire.toml", small_mechanism("wire", "")},
      {"guide-tree.toml", "root = \"where\"\n[[node]]\nid = \"where\"\nneed = \"where\"\nsource = \"a manual\"\n[node.answers]\nnear = \"use-pipe\"\nfar = \"use-wire\"\n" +
                              small_leaf("pipe") + small_leaf("wire")},
      {"refine-tree.toml", "root = \"where\"\n[[node]]\nid = \"where\"\nneed = \"where\"\nsource = \"a manual\"\n[node.answers]\nnear = \"web\"\nfar = \"keep\"\n"
                           "[[node]]\nid = \"web\"\nneed = \"web\"\nsource = \"a manual\"\n[node.answers]\ntrue = \"use-bridge\"\nfalse = \"keep\"\n" +
                               small_leaf("bridge") + "[[leaf]]\nid = \"keep\"\nsource = \"a manual\"\nbecause = \"b\"\n"},
      {"layers.toml", "[[layer]]\nkind = \"protocol\"\nvalue = \"http\"\nwhen = \"mechanism == bridge\"\nbecause = \"b\"\nsource = \"a manual\"\n"},
      {"lint/x.toml", "[[rule]]\ncode = \"X1\"\nname = \"bridge-without-web\"\nlevel = \"warning\"\nwhen = \"uses == bridge and not web and not given framing\"\nkey = \"uses\"\nmessage = \"m\"\nhelp = \"h\"\n"
                      "why = \"w\"\nsource = \"a manual\"\nbad = \"x\"\ngood = \"x\"\n"},
  };
}

/// The small rules with pieces replaced: {path, {from, to}}; and with files layered on top.
inline tl::expected<rules::Rules, std::vector<rules::RulesError>> load_small(const std::vector<std::pair<std::string, std::pair<std::string, std::string>>>& changes = {}, const Files& layer = {}) {
  std::vector<rules::RuleFile> files;
  for (auto [path, text] : small_files()) {
    for (const auto& change : changes) {
      if (change.first != path) continue;
      const auto& piece = change.second;
      const auto at = text.find(piece.first);
      REQUIRE_MESSAGE(at != std::string::npos, piece.first);
      text.replace(at, piece.first.size(), piece.second);
    }
    files.push_back({path, text});
  }
  for (const auto& [path, text] : layer) files.push_back({path, text, "x", 1});
  return rules::load_rules(files);
}

inline rules::Rules small_rules(const std::vector<std::pair<std::string, std::pair<std::string, std::string>>>& changes = {}, const Files& layer = {}) {
  auto loaded = load_small(changes, layer);
  if (!loaded) FAIL(rules::to_error(loaded.error()).message);
  return std::move(*loaded);
}

}  // namespace ipc_advisor::tests
