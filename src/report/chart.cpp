// The two charts of figures; the tree is in chart_tree.cpp.
#include "report/chart.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/text.hpp"
#include "report/chart_parts.hpp"
#include "report/markup.hpp"

namespace ipc_advisor::report {
namespace {

bool drawable(double value) { return std::isfinite(value) && value > 0; }

// A logarithmic axis of whole decades, with a mark at each, or at every few where there are many. Sizes go by fours, since
// they are powers of two.
class LogAxis {
 public:
  LogAxis(const std::vector<double>& values, Quantity unit) : base_(unit == Quantity::size ? 4 : 10) {
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    low_ = static_cast<int>(std::floor(place(*least) + rounding));
    high_ = std::max(static_cast<int>(std::ceil(place(*most) - rounding)), low_ + 1);
  }

  /// 0 at the lower end, 1 at the upper.
  double share(double value) const { return (place(value) - low_) / (high_ - low_); }

  std::vector<double> ticks() const {
    std::vector<double> out;
    constexpr int most_marks = 4;
    const int step = (high_ - low_ + most_marks - 1) / most_marks;
    for (int mark = low_; mark <= high_; mark += step) out.push_back(std::pow(base_, mark));
    return out;
  }

 private:
  static constexpr double rounding = 1e-9;

  double place(double value) const { return std::log(value) / std::log(base_); }

  double base_;
  int low_ = 0, high_ = 1;
};

// Letters at the very edge would be cut off, so the axis keeps a little away from both.
double percent(double share) { return 3 + 94 * share; }

// Towards the middle from wherever it stands, so that it stays within the picture.
const char* anchor_at(double share) { return share < 0.15 ? "start" : share > 0.85 ? "end" : "middle"; }

std::string tick_lines(const LogAxis& axis, Quantity unit, int top, int bottom, double (*column)(double)) {
  std::string out;
  for (const double tick : axis.ticks()) {
    const double share = axis.share(tick);
    out += fmt::format("<line class=\"grid\" x1=\"{0:.2f}%\" x2=\"{0:.2f}%\" y1=\"{1}\" y2=\"{2}\"/>", column(share), top, bottom);
    out += fmt::format("<text class=\"tick\" x=\"{:.2f}%\" y=\"{}\" text-anchor=\"{}\">{}</text>", column(share), bottom + 16, anchor_at(share),
                       escape_html(format_quantity(tick, unit)));
  }
  return out;
}

constexpr int row_height = 44, head_height = 22, foot_height = 24;

std::string bar_row(const Bar& bar, const LogAxis& axis, int y) {
  const double from = percent(axis.share(bar.from));
  const char* chosen = bar.chosen ? " chosen" : "";
  std::string out = fmt::format("<text class=\"label{}\" x=\"0\" y=\"{}\">{}{}</text><text class=\"figure\" x=\"100%\" y=\"{}\" text-anchor=\"end\">{}</text>", chosen, y + 14,
                                bar.chosen ? "▸ " : "", escape_html(clipped(bar.label, 24)), y + 14, escape_html(clipped(bar.says, 24)));
  if (bar.to && drawable(*bar.to)) {
    const double to = percent(axis.share(*bar.to));
    out += fmt::format("<line class=\"bar{0}\" x1=\"{1:.2f}%\" x2=\"{2:.2f}%\" y1=\"{3}\" y2=\"{3}\"/>", chosen, from, to, y + 28);
    out += fmt::format("<line class=\"end{0}\" x1=\"{1:.2f}%\" x2=\"{1:.2f}%\" y1=\"{2}\" y2=\"{3}\"/>", chosen, to, y + 21, y + 35);
  }
  return out + fmt::format("<circle class=\"median{}\" cx=\"{:.2f}%\" cy=\"{}\" r=\"6\"/>", chosen, from, y + 28);
}

std::string need_across(const Limit& need, const LogAxis& axis, int bottom) {
  const double share = axis.share(need.at);
  return fmt::format("<line class=\"need\" x1=\"{0:.2f}%\" x2=\"{0:.2f}%\" y1=\"{1}\" y2=\"{2}\"/><text class=\"need\" x=\"{0:.2f}%\" y=\"14\" text-anchor=\"{3}\">{4}</text>", percent(share),
                     head_height - 4, bottom, share < 0.4 ? "start" : share > 0.6 ? "end" : "middle", escape_html(clipped(need.says, 40)));
}

// Whatever can be drawn of all the curves, and of the need.
std::vector<double> values_of(const CurveChart& chart, double Point::*part) {
  std::vector<double> out;
  for (const Curve& curve : chart.curves)
    for (const Point& point : curve.points)
      if (drawable(point.x) && drawable(point.y)) out.push_back(point.*part);
  return out;
}

// Many curves need more room, and a letter at every point would hide the others.
constexpr int least_height = 240, height_per_curve = 12;
constexpr std::size_t few_curves = 4;

int height_of(const CurveChart& chart) { return least_height + height_per_curve * static_cast<int>(std::clamp<std::size_t>(chart.curves.size(), few_curves, 20) - few_curves); }

// The left of the plot belongs to the marks of its axis.
double percent_beside_marks(double share) { return 16 + 81 * share; }

class CurvePlot {
 public:
  CurvePlot(const CurveChart& chart, const std::vector<double>& xs, const std::vector<double>& ys) : chart_(chart), height_(height_of(chart)), x_(xs, chart.x_unit), y_(ys, chart.y_unit) {}

  std::string body() const {
    std::string out = tick_lines(x_, chart_.x_unit, head_height, height_, percent_beside_marks);
    for (const double tick : y_.ticks()) {
      out += fmt::format("<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"{0:.1f}\" y2=\"{0:.1f}\"/>", row(tick));
      out += fmt::format("<text class=\"tick\" x=\"0\" y=\"{:.1f}\">{}</text>", row(tick) - 4, escape_html(format_quantity(tick, chart_.y_unit)));
    }
    if (chart_.need && drawable(chart_.need->at)) out += need();
    // The chosen one comes last, on top of the others.
    for (const bool chosen : {false, true})
      for (std::size_t i = 0; i < chart_.curves.size(); ++i)
        if (chart_.curves[i].chosen == chosen) out += lines(chart_.curves[i]) + marks(chart_.curves[i], i);
    return out;
  }

 private:
  double row(double value) const { return height_ - y_.share(value) * (height_ - head_height); }
  double column(double value) const { return percent_beside_marks(x_.share(value)); }

  std::string need() const {
    const double y = row(chart_.need->at);
    return fmt::format("<line class=\"need\" x1=\"0\" x2=\"100%\" y1=\"{0:.1f}\" y2=\"{0:.1f}\"/><text class=\"need\" x=\"100%\" y=\"{1:.1f}\" text-anchor=\"end\">{2}</text>", y, y - 5,
                       escape_html(clipped(chart_.need->says, 40)));
  }

  std::string lines(const Curve& curve) const {
    std::string out;
    const Point* before = nullptr;
    for (const Point& point : curve.points) {
      if (!drawable(point.x) || !drawable(point.y)) continue;
      if (before != nullptr)
        out += fmt::format("<line class=\"curve{}\" x1=\"{:.2f}%\" y1=\"{:.1f}\" x2=\"{:.2f}%\" y2=\"{:.1f}\"/>", curve.chosen ? " chosen" : "", column(before->x), row(before->y),
                           column(point.x), row(point.y));
      before = &point;
    }
    return out;
  }

  // Where there are many curves, each shows its letter at another point.
  std::string marks(const Curve& curve, std::size_t number) const {
    std::string out;
    for (std::size_t i = 0; i < curve.points.size(); ++i) {
      const Point& point = curve.points[i];
      if (!drawable(point.x) || !drawable(point.y)) continue;
      if (chart_.curves.size() > few_curves && i != number % curve.points.size())
        out += fmt::format("<circle class=\"dot{}\" cx=\"{:.2f}%\" cy=\"{:.1f}\" r=\"3\"/>", curve.chosen ? " chosen" : "", column(point.x), row(point.y));
      else
        out += fmt::format("<circle class=\"mark{0}\" cx=\"{1:.2f}%\" cy=\"{2:.1f}\" r=\"8\"/><text class=\"mark{0}\" x=\"{1:.2f}%\" y=\"{3:.1f}\" text-anchor=\"middle\">{4}</text>",
                           curve.chosen ? " chosen" : "", column(point.x), row(point.y), row(point.y) + 4, escape_html(curve.mark));
    }
    return out;
  }

  const CurveChart& chart_;
  int height_;
  LogAxis x_, y_;
};

}  // namespace

std::string clipped(std::string_view text, std::size_t most) {
  std::string shown = printable(text);
  if (display_width(shown) <= most) return shown;
  std::string out;
  std::size_t at = 0;
  while (at < shown.size()) {
    std::size_t next = at + 1;
    while (next < shown.size() && (static_cast<unsigned char>(shown[next]) & 0xC0) == 0x80) ++next;
    if (display_width(out) + display_width(shown.substr(at, next - at)) >= most) break;
    out += shown.substr(at, next - at);
    at = next;
  }
  return out + "…";
}

std::string frame(const Caption& caption, double height, std::string_view body) {
  return fmt::format(
      "<svg class=\"chart\" role=\"img\" aria-labelledby=\"{0}-title {0}-desc\" width=\"100%\" height=\"{1:.0f}\"><title id=\"{0}-title\">{2}</title><desc id=\"{0}-desc\">{3}</desc>{4}</svg>",
      caption.id, height, escape_html(caption.title), escape_html(caption.description), body);
}

std::string draw(const RangeChart& chart) {
  std::vector<const Bar*> bars;
  std::vector<double> values;
  for (const Bar& bar : chart.bars) {
    if (!drawable(bar.from)) continue;
    bars.push_back(&bar);
    values.push_back(bar.from);
    if (bar.to && drawable(*bar.to)) values.push_back(*bar.to);
  }
  if (bars.empty()) return "";
  const bool needed = chart.need && drawable(chart.need->at);
  if (needed) values.push_back(chart.need->at);
  const LogAxis axis(values, chart.unit);
  const int bottom = head_height + row_height * static_cast<int>(bars.size());
  std::string body = tick_lines(axis, chart.unit, head_height, bottom, percent);
  if (needed) body += need_across(*chart.need, axis, bottom);
  for (std::size_t i = 0; i < bars.size(); ++i) body += bar_row(*bars[i], axis, head_height + row_height * static_cast<int>(i));
  return frame(chart.caption, bottom + foot_height, body);
}

std::string draw(const CurveChart& chart) {
  const std::vector<double> xs = values_of(chart, &Point::x);
  std::vector<double> ys = values_of(chart, &Point::y);
  if (xs.empty()) return "";
  if (chart.need && drawable(chart.need->at)) ys.push_back(chart.need->at);
  return frame(chart.caption, height_of(chart) + foot_height, CurvePlot(chart, xs, ys).body());
}

}  // namespace ipc_advisor::report
