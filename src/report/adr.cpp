// The architecture decision record: Markdown to commit beside the code. It holds nothing that the report does not say,
// no date among it, so that the same report gives the same record.
#include <nlohmann/json.hpp>

#include "report/format.hpp"
#include "report/markup.hpp"
#include "report/template.hpp"
#include "report/view.hpp"

namespace ipc_advisor::report {

namespace {

// A record is read by people, who stop reading at a long list; the first ones are the ones that are met most.
constexpr std::size_t most_pitfalls = 5;

void keep_first_pitfalls(nlohmann::ordered_json& channel) {
  auto& pitfalls = channel.at("pitfalls");
  if (pitfalls.size() <= most_pitfalls) return;
  const std::string more = std::to_string(pitfalls.size() - most_pitfalls);
  pitfalls.erase(pitfalls.begin() + most_pitfalls, pitfalls.end());
  // A new key may move the others, so it comes last.
  channel["more_pitfalls"] = more;
}

}  // namespace

std::string render_adr(const Report& report, const Style&) {
  nlohmann::ordered_json values = view_of(report);
  for (nlohmann::ordered_json& channel : values["channels"]) keep_first_pitfalls(channel);
  return squeeze_blank_lines(fill("adr.mustache", values, escape_markdown));
}

}  // namespace ipc_advisor::report
