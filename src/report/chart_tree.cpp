// The decision tree as a line that runs down the way taken, with the other answers branching off to the right.
#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "base/text.hpp"
#include "report/chart.hpp"
#include "report/chart_parts.hpp"
#include "report/markup.hpp"

namespace ipc_advisor::report {
namespace {

constexpr double first_x = 9, step_x = 20, line_height = 18, gap = 8;

// Answers that lead to the same place are one branch of the picture.
struct Branch {
  std::string label;
  std::size_t to = 0;
};

class TreeDrawing {
 public:
  explicit TreeDrawing(const TreeChart& chart) : chart_(chart), vertices_(chart.shape->vertices) {}

  std::string run() {
    vertex(0, 0, 0, true);
    return frame(chart_.caption, y_ + gap, lines_ + marks_);
  }

 private:
  static double x_of(int depth) { return first_x + step_x * depth; }
  static const char* look(bool taken) { return taken ? " taken" : ""; }

  bool is_end(std::size_t index) const { return vertices_[index].branches.empty(); }

  void line(double x1, double y1, double x2, double y2, bool taken) {
    lines_ += fmt::format("<line class=\"branch{}\" x1=\"{:.0f}\" y1=\"{:.0f}\" x2=\"{:.0f}\" y2=\"{:.0f}\"/>", look(taken), x1, y1, x2, y2);
  }

  // The text right of a depth's line, over as many rows as it takes on a narrow page; returns the first row's middle.
  double rows(int depth, std::string_view text, std::string_view kind, bool taken) {
    const double top = y_;
    const int columns = 42 - 4 * depth;
    for (const std::string& part : wrap(clipped(text, 160), static_cast<std::size_t>(std::max(columns, 16)))) {
      marks_ += fmt::format("<text class=\"{}{}\" x=\"{:.0f}\" y=\"{:.0f}\">{}</text>", kind, look(taken), x_of(depth) + 14, y_ + 13, escape_html(clipped(part, 42)));
      y_ += line_height;
    }
    return top + line_height / 2;
  }

  double dot(int depth, double y, std::string_view kind, bool taken) {
    marks_ += fmt::format("<circle class=\"{}{}\" cx=\"{:.0f}\" cy=\"{:.0f}\" r=\"6\"/>", kind, look(taken), x_of(depth), y);
    return y;
  }

  std::string name_of(std::size_t index) const {
    const TreeVertex& vertex = vertices_[index];
    if (!is_end(index)) return fmt::format("{}?", vertex.need);
    return vertex.says.empty() ? "as the guide says" : vertex.says;
  }

  /// Draws a vertex and all below it; returns the height of its dot. `step` counts the questions on the way taken.
  double vertex(std::size_t index, int depth, std::size_t step, bool taken) {
    if (is_end(index)) {
      const std::string says = taken && !chart_.end.empty() ? chart_.end : name_of(index);
      return dot(depth, rows(depth, fmt::format("{}{}", taken ? "■ " : "", says), "leaf", taken), "leaf", taken);
    }
    seen_.insert(index);
    const double top = dot(depth, rows(depth, vertices_[index].says, "question", taken), "question", taken);
    const bool known = taken && step < chart_.path.size() && chart_.path[step] < vertices_[index].branches.size();
    const std::size_t tail = known ? chart_.path[step] : tail_of(index);
    for (const Branch& branch : sides_of(index, tail)) side(branch, depth, top);
    const auto& [label, to] = vertices_[index].branches[tail];
    rows(depth, fmt::format("{}{}", known ? "✓ " : "", label), "answer", known);
    y_ += gap / 2;
    // A tree of rules has no cycle; a node met twice is drawn once.
    const double bottom = known || !seen_.contains(to) ? vertex(to, depth, step + 1, known) : dot(depth, rows(depth, name_of(to), "leaf", false), "leaf", false);
    line(x_of(depth), top, x_of(depth), bottom, known);
    return top;
  }

  void side(const Branch& branch, int depth, double top) {
    const bool folded = is_end(branch.to) || !chart_.whole || seen_.contains(branch.to);
    const double y = rows(depth, folded ? fmt::format("{} → {}", branch.label, name_of(branch.to)) : branch.label, "answer", false);
    line(x_of(depth), top, x_of(depth), y, false);
    line(x_of(depth), y, x_of(depth) + 10, y, false);
    if (folded) return;
    const double below = vertex(branch.to, depth + 1, 0, false);
    line(x_of(depth), y, x_of(depth), below, false);
    line(x_of(depth), below, x_of(depth + 1), below, false);
  }

  // Off the way taken the last question goes straight down, which keeps the picture narrow.
  std::size_t tail_of(std::size_t index) const {
    const auto& branches = vertices_[index].branches;
    for (std::size_t i = branches.size(); i-- > 0;)
      if (!is_end(branches[i].second)) return i;
    return branches.size() - 1;
  }

  std::vector<Branch> sides_of(std::size_t index, std::size_t tail) const {
    std::vector<Branch> out;
    const auto& branches = vertices_[index].branches;
    for (std::size_t i = 0; i < branches.size(); ++i) {
      const auto& [label, to] = branches[i];
      if (i == tail) continue;
      const std::size_t target = to;
      const auto same = std::find_if(out.begin(), out.end(), [target](const Branch& branch) { return branch.to == target; });
      if (same == out.end()) out.push_back({label, to});
      else same->label += fmt::format(" or {}", label);
    }
    return out;
  }

  const TreeChart& chart_;
  const std::vector<TreeVertex>& vertices_;
  std::set<std::size_t> seen_;
  std::string lines_, marks_;
  double y_ = gap / 2;
};

}  // namespace

std::string draw(const TreeChart& chart) {
  if (chart.shape == nullptr || chart.shape->vertices.empty()) return "";
  return TreeDrawing(chart).run();
}

}  // namespace ipc_advisor::report
