// A comparison in the words that all formats share, for a terminal, for templates, and as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "model.hpp"
#include "report/layout.hpp"

namespace ipc_advisor::report {

/// A figure then and now as a row of a table. Nothing is escaped yet.
struct FigureRow {
  std::string what, then, now, ratio, word;
  bool changed = false;
};

/// One channel: the decision in a line, what else is to be said of it, and its needs' figures.
struct ChannelWords {
  std::string headline;
  bool same = false;
  std::vector<std::string> lines;
  std::vector<FigureRow> figures;
};

struct ComparisonWords {
  std::string title;
  std::vector<std::string> notes;  ///< refusals first, then what else the figures do not cover
  bool refused = false;
  std::vector<ChannelWords> channels;
  std::string summary;             ///< of the figures; empty where none are compared
  std::vector<FigureRow> figures;  ///< those that changed come first
  std::vector<std::string> trials;
};

ComparisonWords comparison_in_words(const Comparison& comparison);

/// What counts as a change, in a sentence or two.
extern const std::string_view comparison_rule;

/// A section of its own; the figures that did not change only where the page is verbose.
void add_comparison(Page& page, const Comparison& comparison);

/// The JSON report's "comparison".
nlohmann::ordered_json comparison_json(const Comparison& comparison);

/// The templates' values: the words above by their names, with only the figures that changed.
nlohmann::ordered_json comparison_view(const Comparison& comparison);

}  // namespace ipc_advisor::report
