// TOML text from needs; the vocabulary supplies comments and spelling.
#include "report/requirements_file.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"

namespace ipc_advisor::report {

namespace {

// A comment ends with its line, and TOML allows no control characters in it.
std::string comment(const std::string& text) { return printable(text); }

}  // namespace

std::string answer_line(const rules::NeedDef& need) {
  const std::string choices = need.choices.empty() ? std::string(rules::word(need.type)) : join(need.choice_ids(), " | ", " | ");
  return fmt::format("{} = {}   # {}", need.id, need.sample, choices);
}

std::string channel_section(const rules::Rules& rules, const Channel& channel, const Decision* decision) {
  std::string out = fmt::format("[[channel]]\nname = {}\n", rules::toml_string(channel.name));
  std::string group;
  for (std::size_t i = 0; i < rules.vocabulary.size(); ++i) {
    const rules::NeedDef& need = rules.vocabulary[i];
    const Need& answer = channel.needs[i];
    const bool stated = is_known(answer.value) && (answer.origin.kind == OriginKind::file || answer.origin.kind == OriginKind::answer);
    if (!stated || need.id == "uses") continue;
    if (need.group != group) out += fmt::format("\n# {}\n", comment(need.group));
    group = need.group;
    out += fmt::format("{} = {}   # {}\n", need.id, rules::toml_value(need, answer.value), comment(need.question));
  }
  if (decision == nullptr || decision->mechanism.empty()) return out;
  out += fmt::format("\n# What the project has chosen; lint holds it against the needs above.\nuses = {}\n", rules::toml_string(decision->mechanism));
  const auto framing = std::find_if(decision->layers.begin(), decision->layers.end(), [](const Layer& layer) { return layer.kind == "framing"; });
  const auto stated = rules.vocabulary.find("framing");
  if (framing != decision->layers.end() && stated && !is_known(channel.needs[*stated].value)) out += fmt::format("framing = {}\n", rules::toml_string(framing->value));
  return out;
}

std::string requirements_file(const rules::Rules& rules, std::string_view project, const Channel& channel, const Decision* decision) {
  return fmt::format("[project]\nname = {}\n\n{}", rules::toml_string(project), channel_section(rules, channel, decision));
}

std::string sample_file(const rules::Rules& rules) {
  std::string out =
      "# What the channels between this project's programs need. Uncomment what you know: a key that is left out is\n"
      "# unknown, never \"no\". `ipc-advisor recommend` decides, `ipc-advisor lint` checks, `ipc-advisor explain KEY` tells more.\n\n"
      "[project]\nname = \"example\"\n\n[[channel]]\nname = \"control\"\n";
  std::string group;
  for (const rules::NeedDef& need : rules.vocabulary.all()) {
    if (need.group != group) out += fmt::format("\n# ---- {}\n", need.group);
    group = need.group;
    constexpr std::size_t width = 100;
    out += "\n";
    for (const std::string& line : wrap(fmt::format("{} {}", need.question, need.why), width)) out += fmt::format("# {}\n", line);
    out += fmt::format("{}{}\n", need.essential ? "" : "# ", answer_line(need));
  }
  return out;
}

}  // namespace ipc_advisor::report
