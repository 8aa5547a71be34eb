// Strict like the rule files: an unknown key, mechanism, trait or need in a case is an error with its place.
#include "rules/cases.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "rules/requirements.hpp"
#include "rules/table_reader.hpp"

namespace ipc_advisor::rules {
namespace {

class CaseReader {
 public:
  CaseReader(const TomlValue& item, const std::string& file, const Rules& rules, LoadContext& context)
      : reader_(item, file, context), rules_(rules) {}

  Case read() {
    Case out;
    out.place = reader_.place();
    out.claim = reader_.text_or("claim", "");
    out.takes = reader_.text_or("takes", "");
    out.ends = reader_.text_or("ends", "");
    out.guide = mechanism_or_none("guide");
    out.picks = mechanism_or_none("picks");
    out.layers = texts_or_none("layers");
    out.lacks = texts_or_none("lacks");
    out.before = texts_or_none("before");
    out.falls = words_by_mechanism("falls");
    out.stays = words_by_mechanism("stays");
    out.complexity = words_by_mechanism("complexity");
    out.findings = words_by_mechanism("finding");
    for (const std::string& line : reader_.texts("needs")) out.body += line + "\n";
    read_channel(out);
    reader_.finish();
    if (!out.claim.empty() && rules_.claim(out.claim) == nullptr) reader_.error(reader_.at(), fmt::format("\"{}\" is not a claim", out.claim));
    for (const auto* traits : {&out.falls, &out.stays}) check_traits(*traits);
    out.name = name_of(out);
    return out;
  }

 private:
  std::vector<std::string> texts_or_none(std::string_view key) { return reader_.entry(key) == nullptr ? std::vector<std::string>{} : reader_.texts(key); }

  std::string mechanism_or_none(std::string_view key) {
    return reader_.entry(key) == nullptr ? "" : reader_.one_of(key, rules_.mechanism_ids());
  }

  std::map<std::string, std::string> words_by_mechanism(std::string_view key) {
    std::map<std::string, std::string> out;
    const TomlEntry* entry = reader_.entry(key);
    if (entry == nullptr) return out;
    for (const TomlEntry& word : entry->value.entries) {
      if (rules_.mechanism(word.key) == nullptr) reader_.error(word.key_span.begin, fmt::format("\"{}\" is not a mechanism", printable(word.key)));
      out[word.key] = word.value.string;
    }
    return out;
  }

  void check_traits(const std::map<std::string, std::string>& traits) {
    for (const auto& [mechanism, id] : traits)
      if (const Mechanism* known = rules_.mechanism(mechanism); known != nullptr && known->trait(id) == nullptr)
        reader_.error(reader_.at(), fmt::format("{} has no trait \"{}\"", mechanism, printable(id)));
  }

  void read_channel(Case& out) {
    const Requirements read = read_requirements("[[channel]]\nname = \"case\"\n" + out.body, reader_.file(), rules_);
    for (const Finding& finding : read.findings)
      if (finding.level == Level::error) reader_.error(reader_.at(), "needs: " + finding.message);
    if (read.channels.size() == 1) out.channel = read.channels.front();
  }

  static std::string name_of(const Case& one) {
    if (!one.claim.empty()) return one.claim;
    if (!one.takes.empty()) return one.takes;
    for (const auto* traits : {&one.falls, &one.stays})
      for (const auto& [mechanism, trait] : *traits) return fmt::format("{}/{}", mechanism, trait);
    return fmt::format("line {}", one.place.at.line);
  }

  TableReader reader_;
  const Rules& rules_;
};

}  // namespace

std::string to_toml(const Case& one) {
  std::string out = "[[case]]\n";
  const auto text = [&](const char* key, const std::string& value) {
    if (!value.empty()) out += fmt::format("{:<6} = {}\n", key, toml_string(value));
  };
  const auto list = [&](const char* key, const std::vector<std::string>& values) {
    if (!values.empty()) out += fmt::format("{:<6} = [{}]\n", key, join(values, ", ", ", "));
  };
  const auto map = [&](const char* key, const std::map<std::string, std::string>& values) {
    for (const auto& [mechanism, word] : values) out += fmt::format("{:<6} = {{ {} = {} }}\n", key, mechanism, toml_string(word));
  };
  text("claim", one.claim);
  text("takes", one.takes);
  text("ends", one.ends);
  std::vector<std::string> needs, layers;
  for (std::size_t at = 0; at < one.body.size();) {
    const std::size_t end = one.body.find('\n', at);
    // A literal string: the line itself has quotes.
    needs.push_back("'" + one.body.substr(at, end - at) + "'");
    at = end + 1;
  }
  for (const std::string& layer : one.layers) layers.push_back(toml_string(layer));
  out += fmt::format("needs  = [{}]\n", join(needs, ", ", ", "));
  text("guide", one.guide);
  text("picks", one.picks);
  list("layers", layers);
  map("falls", one.falls);
  map("stays", one.stays);
  return out;
}

tl::expected<std::vector<Case>, std::vector<RulesError>> load_cases(std::string_view text, const std::string& file, const Rules& rules) {
  const auto parsed = parse_toml(text);
  if (!parsed) return tl::unexpected(std::vector<RulesError>{{{file, parsed.error().at}, parsed.error().message}});
  LoadContext context;
  context.vocabulary = rules.vocabulary;
  context.mechanisms = rules.mechanism_ids();
  TableReader root(*parsed, file, context);
  std::vector<Case> cases;
  for (const TomlValue* item : root.tables("case")) cases.push_back(CaseReader(*item, file, rules, context).read());
  root.finish();
  if (!context.errors.empty()) return tl::unexpected(std::move(context.errors));
  return cases;
}

}  // namespace ipc_advisor::rules
