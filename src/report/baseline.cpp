// JSON with a schema of its own. nlohmann's exceptions end here.
#include "report/baseline.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/hash.hpp"

namespace ipc_advisor::report {
namespace {

using nlohmann::ordered_json;

constexpr const char* schema = "ipc-advisor-baseline-1";

std::string line_of(const ordered_json& finding) { return finding.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); }

std::string file_of(const std::multiset<std::string>& lines) {
  std::string out = fmt::format("{{\"schema\": \"{}\", \"findings\": [", schema);
  for (auto line = lines.begin(); line != lines.end(); ++line) out += (line == lines.begin() ? "\n  " : ",\n  ") + *line;
  return out + "\n]}\n";
}

}  // namespace

std::string fingerprint(const Finding& finding) {
  Fnv1a hash;
  for (const std::string* part : {&finding.rule, &finding.channel, &finding.message}) hash.add(*part);
  return fmt::format("{:016x}", hash.value());
}

std::string write_baseline(const std::vector<Finding>& findings) {
  std::multiset<std::string> lines;
  for (const Finding& finding : findings)
    if (!finding.suppressed)
      lines.insert(line_of(ordered_json{{"rule", finding.rule}, {"channel", finding.channel}, {"message", finding.message}, {"fingerprint", fingerprint(finding)}}));
  return file_of(lines);
}

Result<std::multiset<std::string>> read_baseline(std::string_view text) {
  try {
    const auto root = ordered_json::parse(text);
    if (!root.is_object() || root.value("schema", "") != schema) return fail(ErrorKind::usage, fmt::format("it is not a baseline: its schema is not \"{}\"", schema));
    std::multiset<std::string> out;
    for (const auto& finding : root.at("findings")) out.insert(finding.at("fingerprint").get<std::string>());
    return out;
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorKind::usage, fmt::format("it is not a baseline: {}", error.what()));
  }
}

std::multiset<std::string> apply_baseline(const std::multiset<std::string>& baseline, std::vector<Finding>& findings) {
  std::multiset<std::string> gone = baseline;
  for (Finding& finding : findings) {
    const std::string own = fingerprint(finding);
    const auto known = gone.find(own);
    if (known == gone.end()) continue;
    gone.erase(known);
    finding.in_baseline = true;
    if (!finding.suppressed) finding.suppressed = "it stands in the baseline";
  }
  return gone;
}

Result<std::string> prune_baseline(std::string_view text, std::multiset<std::string> gone) {
  if (const auto known = read_baseline(text); !known) return tl::unexpected(known.error());
  std::multiset<std::string> lines;
  const auto root = ordered_json::parse(text);
  for (const auto& finding : root.at("findings")) {
    const auto out = gone.find(finding.at("fingerprint").get<std::string>());
    if (out == gone.end()) lines.insert(line_of(finding));
    else gone.erase(out);
  }
  return file_of(lines);
}

}  // namespace ipc_advisor::report
