// Reads ipc.toml against the vocabulary; every complaint carries the span of what it is about.
#include "rules/requirements.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <fmt/format.h>
#include <unordered_map>

#include "base/text.hpp"
#include "rules/toml.hpp"

namespace ipc_advisor::rules {
namespace {

std::string did_you_mean(std::string_view word, const std::vector<std::string>& words, std::string_view otherwise) {
  const auto near = nearest_word(word, words);
  return near ? fmt::format("; did you mean \"{}\"?", *near) : std::string(otherwise);
}

// "channel" names only its table's header line; the values below belong to other findings.
Span header_of(const TomlValue& table) { return table.span; }

class Reader {
 public:
  Reader(Requirements& out, const Rules& rules, const std::function<void(Channel&&)>& take) : out_(out), rules_(rules), take_(take) {}

  void read(TomlValue root) {
    for (TomlEntry& entry : root.entries) {
      if (entry.key == "project") read_project(entry);
      else if (entry.key == "channel") read_channels(entry);
      else if (entry.key == "lint") read_lint(entry);
      else unknown_key(entry, {"project", "channel", "lint"}, "a requirements file");
    }
    // A file may hold settings alone, for the files below it.
    if (root.find("channel") == nullptr && root.find("lint") == nullptr) find("IPC008", "the file has no channel", {{1, 1}, {1, 1}});
  }

 private:
  Finding& find(std::string_view code, std::string message, Span span) {
    Finding finding = make_finding(rules_, code, std::move(message), out_.file, span);
    finding.channel = channel_;
    out_.findings.push_back(std::move(finding));
    return out_.findings.back();
  }

  void unknown_key(const TomlEntry& entry, const std::vector<std::string>& known, std::string_view where) {
    Finding& finding = find("IPC002", fmt::format("\"{}\" is not a key of {}{}", printable(entry.key), where,
                                                  did_you_mean(entry.key, known, known.size() < 5 ? "; expected " + join(known, ", ", " or ") : "")),
                            entry.key_span);
    if (const auto near = nearest_word(entry.key, known)) finding.fix = replacing(entry.key_span, *near, false);
  }

  // A guess is never safe: another word may have been meant.
  static Fix replacing(Span span, std::string text, bool safe) { return {fmt::format("write {}", text), safe, {{Edit::Kind::replace, span, std::move(text)}}}; }
  static std::string quoted(std::string_view word) { return fmt::format("\"{}\"", word); }

  bool expect(const TomlEntry& entry, TomlKind kind, std::string_view what) { return entry.value.kind == kind || complain_of_type(entry, kind, what); }
  bool expect(const TomlEntry& entry, TomlKind kind, const NeedDef& def) { return entry.value.kind == kind || complain_of_type(entry, kind, expected_values(def)); }

  bool complain_of_type(const TomlEntry& entry, TomlKind kind, std::string_view what) {
    Finding& finding = find("IPC003", fmt::format("\"{}\" is {}, expected {}", printable(entry.key), describe(entry.value.kind), what), entry.value.span);
    const std::string& word = entry.value.string;
    const bool yes = word == "true" || word == "yes", no = word == "false" || word == "no";
    // "true" in quotes can mean nothing else.
    if (kind == TomlKind::boolean && (yes || no)) finding.fix = replacing(entry.value.span, yes ? "true" : "false", true);
    return false;
  }

  void read_project(const TomlEntry& project) {
    if (!expect(project, TomlKind::table, "a table, [project]")) return;
    for (const TomlEntry& entry : project.value.entries) {
      if (entry.key != "name") unknown_key(entry, {"name"}, "[project]");
      else if (expect(entry, TomlKind::string, "a string")) out_.project = entry.value.string;
    }
  }

  void read_lint(const TomlEntry& lint) {
    if (!expect(lint, TomlKind::table, "a table, [lint]")) return;
    for (const TomlEntry& entry : lint.value.entries) {
      if (entry.key == "levels") {
        if (expect(entry, TomlKind::table, "a table, as in [lint.levels]")) read_levels(entry.value);
      } else if (entry.key != "fail-level") {
        unknown_key(entry, {"fail-level", "levels"}, "[lint]");
      } else if (expect(entry, TomlKind::string, "error, warning or info")) {
        out_.lint.fail_level = level_of(entry.value.string);
        if (!out_.lint.fail_level) find("IPC004", fmt::format("\"{}\" is not a level; expected error, warning or info", printable(entry.value.string)), entry.value.span);
      }
    }
  }

  void read_levels(const TomlValue& table) {
    for (const TomlEntry& entry : table.entries) {
      if (!expect(entry, TomlKind::string, "off, info, warning or error")) continue;
      auto stated = stated_level(entry.key, entry.value.string, rules_);
      if (stated) out_.lint.levels.push_back(std::move(*stated));
      else find("IPC004", stated.error().message, rules_.lint_rule(entry.key) == nullptr ? entry.key_span : entry.value.span);
    }
  }

  void read_channels(TomlEntry& channels) {
    if (!expect(channels, TomlKind::array, "an array of tables, [[channel]]")) return;
    if (channels.value.items.empty()) find("IPC008", "the file has no channel", channels.value.span);
    for (TomlValue& item : channels.value.items) {
      if (item.kind == TomlKind::table) read_channel(item);
      else find("IPC003", fmt::format("a channel is {}, expected a table, [[channel]]", describe(item.kind)), item.span);
      // A long file's tree goes as its channels come, so that both are never in memory as a whole.
      item = {};
    }
  }

  void read_channel(const TomlValue& table) {
    Channel channel = empty_channel(rules_, "");
    channel.file = out_.file;
    channel.header = header_of(table);
    channel_.clear();
    if (const TomlEntry* name = table.find("name"); name == nullptr) {
      channel.name = fmt::format("channel {}", count_ + 1);
      const std::string line = fmt::format("name = \"channel-{}\"", count_ + 1);
      find("IPC007", "the channel has no name; add name = \"…\"", channel.header).fix = Fix{fmt::format("add {}", line), false, {{Edit::Kind::add_line, channel.header, line}}};
    } else if (expect(*name, TomlKind::string, "a string")) {
      channel.name = name->value.string;
      channel.name_value = name->value.span;
      if (channel.name.empty()) find("IPC007", "the channel's name is empty", name->value.span);
    }
    channel_ = channel.name;
    report_twin(channel);
    for (const TomlEntry& entry : table.entries) {
      const auto need = rules_.vocabulary.find(entry.key);
      if (need) read_need(entry, *need, channel);
      else if (entry.key != "name") unknown_key(entry, channel_keys(), "a channel");
    }
    ++count_;
    take_(std::move(channel));
    channel_.clear();
  }

  std::vector<std::string> channel_keys() const {
    std::vector<std::string> keys = rules_.vocabulary.ids();
    keys.emplace_back("name");
    return keys;
  }

  void report_twin(const Channel& channel) {
    if (channel.name.empty() || channel.name_value == Span{}) return;
    const auto [first, is_new] = names_.try_emplace(channel.name, channel.name_value);
    if (is_new) return;
    Finding& finding = find("IPC006", fmt::format("the channel \"{}\" stands twice", printable(channel.name)), channel.name_value);
    finding.also.push_back({"the first one is here", out_.file, first->second});
  }

  void read_need(const TomlEntry& entry, std::size_t index, Channel& channel) {
    const NeedDef& def = rules_.vocabulary[index];
    auto value = convert(entry, def);
    if (!is_known(value)) return;
    channel.needs[index] = {std::move(value), {OriginKind::file, "", entry.key_span, entry.value.span}};
  }

  Value convert(const TomlEntry& entry, const NeedDef& def) {
    const TomlValue& raw = entry.value;
    if (raw.kind == TomlKind::string && raw.string == "unknown" && def.type != NeedType::text) return {};
    switch (def.type) {
      case NeedType::boolean: return expect(entry, TomlKind::boolean, "true or false") ? Value{raw.boolean} : Value{};
      case NeedType::count: return convert_count(entry);
      case NeedType::list: return convert_list(entry, def);
      case NeedType::text: return convert_text(entry, def);
      case NeedType::choice:
        if (!expect(entry, TomlKind::string, def) || !check_choice(def, raw)) return {};
        return raw.string;
      default: return convert_quantity(entry, def);
    }
  }

  Value convert_count(const TomlEntry& entry) {
    if (!expect(entry, TomlKind::integer, expected_form(Quantity::count))) return {};
    const bool port = entry.key == "port";
    const double low = port ? 0 : 1, high = port ? 65535 : 1e9;
    if (entry.value.number >= low && entry.value.number <= high) return entry.value.number;
    find("IPC009", fmt::format("{} = {:.0f} is out of range; expected {:.0f} to {:.0f}", entry.key, entry.value.number, low, high), entry.value.span);
    return {};
  }

  Value convert_quantity(const TomlEntry& entry, const NeedDef& def) {
    const Quantity quantity = quantity_of(def.type);
    if (!expect(entry, TomlKind::string, expected_form(quantity))) return {};
    const auto number = parse_quantity(entry.value.string, quantity);
    if (!number) {
      find("IPC005", fmt::format("{} = \"{}\" cannot be read: {}", entry.key, printable(entry.value.string), number.error().message), entry.value.span);
      return {};
    }
    if (*number > 0) return *number;
    find("IPC009", fmt::format("{} = \"{}\" is out of range; expected more than 0", entry.key, printable(entry.value.string)), entry.value.span);
    return {};
  }

  bool check_choice(const NeedDef& def, const TomlValue& raw) {
    if (def.has_choice(raw.string)) return true;
    Finding& finding = find("IPC004", fmt::format("\"{}\" is not a value of {}; expected {}{}", printable(raw.string), def.id, expected_values(def),
                                                  did_you_mean(raw.string, def.choice_ids(), "")),
                            raw.span);
    if (const auto near = nearest_word(raw.string, def.choice_ids())) finding.fix = replacing(raw.span, quoted(*near), false);
    return false;
  }

  Value convert_list(const TomlEntry& entry, const NeedDef& def) {
    if (!expect(entry, TomlKind::array, def)) return {};
    std::vector<std::string> items;
    std::vector<std::size_t> twins;  // their findings' numbers
    for (const TomlValue& item : entry.value.items) {
      if (item.kind != TomlKind::string) {
        find("IPC003", fmt::format("{} holds {}, expected strings", entry.key, describe(item.kind)), item.span);
      } else if (std::find(items.begin(), items.end(), item.string) != items.end()) {
        twins.push_back(out_.findings.size());
        find("IPC010", fmt::format("\"{}\" stands twice in {}", printable(item.string), entry.key), item.span);
      } else if (check_choice(def, item)) {
        items.push_back(item.string);
      }
    }
    // Only where all of it is understood is the list written anew.
    if (items.size() + twins.size() == entry.value.items.size())
      for (const std::size_t twin : twins) out_.findings[twin].fix = replacing(entry.value.span, toml_value(def, items), true);
    if (!items.empty()) return items;
    if (entry.value.items.empty()) find("IPC010", fmt::format("{} is empty; expected {}", entry.key, expected_values(def)), entry.value.span);
    return {};
  }

  Value convert_text(const TomlEntry& entry, const NeedDef& def) {
    if (!expect(entry, TomlKind::string, "a string")) return {};
    if (def.id == "uses" && rules_.mechanism(entry.value.string) == nullptr) {
      Finding& finding = find("IPC011", fmt::format("\"{}\" is not a mechanism{}", printable(entry.value.string),
                                                    did_you_mean(entry.value.string, rules_.mechanism_ids(), fmt::format("; expected {}", join(rules_.mechanism_ids(), ", ", " or ")))),
                              entry.value.span);
      if (const auto near = nearest_word(entry.value.string, rules_.mechanism_ids())) finding.fix = replacing(entry.value.span, quoted(*near), false);
      return {};
    }
    return entry.value.string;
  }

  Requirements& out_;
  const Rules& rules_;
  const std::function<void(Channel&&)>& take_;
  std::size_t count_ = 0;  // of the channels so far
  std::string channel_;
  std::unordered_map<std::string, Span> names_;  // of the channels so far, and where
};

}  // namespace

bool Requirements::readable() const {
  // The 0xx block is about the file itself; everything above is about what it says.
  return std::none_of(findings.begin(), findings.end(),
                      [](const Finding& finding) { return finding.level == Level::error && finding.rule.compare(0, 4, "IPC0") == 0; });
}

Channel empty_channel(const Rules& rules, std::string name) {
  Channel channel;
  channel.name = std::move(name);
  channel.needs.resize(rules.vocabulary.size());
  return channel;
}

Finding make_finding(const LintRule& rule, std::string message, const std::string& file, Span span) {
  Finding finding;
  finding.rule = rule.code;
  finding.name = rule.name;
  finding.level = rule.level;
  finding.message = std::move(message);
  finding.help = rule.help;
  finding.file = file;
  finding.span = span;
  return finding;
}

Finding make_finding(const Rules& rules, std::string_view code, std::string message, const std::string& file, Span span) {
  const LintRule* rule = rules.lint_rule(code);
  assert(rule != nullptr);
  return make_finding(*rule, std::move(message), file, span);
}

Requirements read_requirements(std::string_view text, const std::string& file, const Rules& rules) {
  std::vector<Channel> channels;
  Requirements out = read_requirements(text, file, rules, [&](Channel&& channel) { channels.push_back(std::move(channel)); });
  out.channels = std::move(channels);
  return out;
}

Requirements read_requirements(std::string_view text, const std::string& file, const Rules& rules, const std::function<void(Channel&&)>& take) {
  Requirements out;
  out.file = file;
  out.suppressions = find_suppressions(text);
  auto root = parse_toml(text);
  if (root) Reader(out, rules, take).read(std::move(*root));
  else out.findings.push_back(make_finding(rules, "IPC001", root.error().message, file, {root.error().at, root.error().at}));
  return out;
}

}  // namespace ipc_advisor::rules
