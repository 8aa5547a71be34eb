// Pictures as SVG, one pure function each. Their width is the page's: places are percentages and letters keep their
// size, so that they are read on a phone and on paper alike. Colours and strokes come from the page's style sheet.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/units.hpp"
#include "model.hpp"

namespace ipc_advisor::report {

/// What those hear who do not see the picture. `id` is unique on the page and made of letters, digits and dashes.
struct Caption {
  std::string id, title, description;
};

/// A line that shows what is needed.
struct Limit {
  double at = 0;
  std::string says;
};

/// From the median to the 99th percentile, where there is one. Values that are not above zero are left out.
struct Bar {
  std::string label;
  double from = 0;
  std::optional<double> to;
  std::string says;
  bool chosen = false;
};

/// Ranges side by side on one logarithmic axis.
struct RangeChart {
  Caption caption;
  Quantity unit = Quantity::duration;
  std::vector<Bar> bars;
  std::optional<Limit> need;
};
std::string draw(const RangeChart& chart);

struct Point {
  double x = 0, y = 0;
};

/// A line whose points carry its mark, a letter or two, so that it is known without its colour.
struct Curve {
  std::string mark;
  std::vector<Point> points;
  bool chosen = false;
};

/// Curves over two logarithmic axes.
struct CurveChart {
  Caption caption;
  Quantity x_unit = Quantity::size, y_unit = Quantity::byte_rate;
  std::vector<Curve> curves;
  std::optional<Limit> need;  ///< on the y axis
};
std::string draw(const CurveChart& chart);

/// A tree from top to bottom: the way taken runs straight down, the other answers branch off.
struct TreeChart {
  Caption caption;
  const TreeShape* shape = nullptr;
  std::vector<std::size_t> path;  ///< which branch was taken at each question, from the root on
  bool whole = true;              ///< else the other answers are stubs
  std::string end;                ///< what the way ends at, in words
};
std::string draw(const TreeChart& chart);

}  // namespace ipc_advisor::report
