#include <cmath>
#include <doctest/doctest.h>
#include <limits>
#include <regex>

#include "report/chart.hpp"

using namespace ipc_advisor;
using report::draw;

namespace {

const std::string hostile = "</svg><script>\x1b \xe2\x80\xae\"'&";

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

// The first number after `before`, which has to be there.
double number_after(const std::string& text, const std::string& before) {
  const auto at = text.find(before);
  REQUIRE_MESSAGE(at != std::string::npos, before);
  return std::stod(text.substr(at + before.size()));
}

void check_harmless(const std::string& svg) {
  CHECK(svg.starts_with("<svg"));
  CHECK(svg.ends_with("</svg>"));
  CHECK(count(svg, "<svg") == 1);
  CHECK_FALSE(contains(svg, "<script"));
  CHECK_FALSE(contains(svg, "\x1b"));
  CHECK_FALSE(contains(svg, "\xe2\x80\xae"));
  CHECK_FALSE(contains(svg, "nan"));
  CHECK_FALSE(contains(svg, "inf%"));
}

report::RangeChart two_ranges() {
  report::RangeChart chart;
  chart.caption = {"a", "Ranges", "Two of them."};
  chart.bars = {{"first", 1e-5, 1e-4, "10 us to 100 us", true}, {"second", 1e-4, std::nullopt, "100 us", false}};
  return chart;
}

// One question with three answers; two of them end at once and at the same place, the third asks on.
TreeShape small_tree() {
  return {"guide", {{"root", "reach", "Where do they run?", {{"here", 1}, {"there", 2}, {"anywhere", 2}}}, {"more", "clients", "How many?", {{"two", 3}, {"many", 4}}},
                    {"tcp", "", "tcp", {}}, {"pipe", "", "fifo", {}}, {"kept", "", "", {}}}};
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("chart: a range lies where its figures are on a logarithmic axis, and is named for screen readers") {
    const std::string svg = draw(two_ranges());
    check_harmless(svg);
    // The axis is the one decade from 10 us to 100 us, drawn from 3 % to 97 % of the width.
    CHECK(number_after(svg, "<line class=\"bar chosen\" x1=\"") == doctest::Approx(3.0));
    CHECK(number_after(svg, "<circle class=\"median\" cx=\"") == doctest::Approx(97.0));
    CHECK(count(svg, "<line class=\"bar") == 1);
    CHECK(contains(svg, "role=\"img\" aria-labelledby=\"a-title a-desc\""));
    CHECK(contains(svg, "<title id=\"a-title\">Ranges</title>"));
    CHECK(contains(svg, "▸ first"));
    CHECK_FALSE(contains(svg, "class=\"need\""));
  }

  TEST_CASE("chart: the need is a line with its words, and the axis reaches it") {
    report::RangeChart chart = two_ranges();
    chart.need = report::Limit{1e-3, "need: 1 ms"};
    const std::string svg = draw(chart);
    CHECK(number_after(svg, "<line class=\"need\" x1=\"") == doctest::Approx(97.0));
    CHECK(number_after(svg, "<circle class=\"median\" cx=\"") == doctest::Approx(50.0));
    CHECK(contains(svg, "need: 1 ms"));
  }

  TEST_CASE("chart: what is no figure is left out, and nothing at all is no picture") {
    report::RangeChart chart = two_ranges();
    for (const double wrong : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) chart.bars.push_back({"wrong", wrong, wrong, "", false});
    chart.need = report::Limit{0, "none"};
    const std::string svg = draw(chart);
    check_harmless(svg);
    CHECK_FALSE(contains(svg, "wrong"));
    CHECK_FALSE(contains(svg, "none"));
    chart.bars.clear();
    CHECK(draw(chart).empty());
    CHECK(draw(report::CurveChart{}).empty());
    CHECK(draw(report::TreeChart{}).empty());
  }

  TEST_CASE("chart: extreme figures keep a handful of marks") {
    report::RangeChart chart = two_ranges();
    chart.bars.push_back({"far", 1e300, 1e-300, "", false});
    const std::string svg = draw(chart);
    check_harmless(svg);
    CHECK(count(svg, "class=\"tick\"") <= 6);
  }

  TEST_CASE("chart: a curve carries its letter at every point, sizes have round marks, the need runs across") {
    report::CurveChart chart;
    chart.caption = {"b", "Curves", "One."};
    chart.curves = {{"A", {{64, 1e6}, {4096, 1e8}, {0, 5}}, true}};
    chart.need = report::Limit{1e7, "need: 10 MB/s"};
    const std::string svg = draw(chart);
    check_harmless(svg);
    CHECK(count(svg, ">A</text>") == 2);
    CHECK(count(svg, "<line class=\"curve chosen\"") == 1);
    CHECK(contains(svg, ">64 B</text>"));
    CHECK(contains(svg, ">4 KiB</text>"));
    // From the lower left corner to the upper right one, with the need half way up.
    CHECK(contains(svg, "<line class=\"curve chosen\" x1=\"16.00%\" y1=\"240.0\" x2=\"97.00%\" y2=\"22.0\"/>"));
    CHECK(number_after(svg, "<line class=\"need\" x1=\"0\" x2=\"100%\" y1=\"") == doctest::Approx(131.0));
  }

  TEST_CASE("chart: among many curves each has its letter once, and a dot elsewhere") {
    report::CurveChart chart;
    for (const char* mark : {"A", "B", "C", "D", "E", "F"}) chart.curves.push_back({mark, {{64, 1e6}, {4096, 1e8}}, false});
    const std::string svg = draw(chart);
    check_harmless(svg);
    CHECK(count(svg, ">F</text>") == 1);
    CHECK(count(svg, "<circle class=\"dot\"") == 6);
  }

  TEST_CASE("chart: hostile words stay words") {
    report::RangeChart ranges = two_ranges();
    ranges.caption.title = ranges.caption.description = ranges.bars[0].label = ranges.bars[0].says = hostile;
    ranges.need = report::Limit{1e-3, hostile};
    check_harmless(draw(ranges));
    TreeShape tree = small_tree();
    for (TreeVertex& vertex : tree.vertices) vertex.says = vertex.need = hostile;
    tree.vertices[0].branches[0].first = hostile;
    check_harmless(draw(report::TreeChart{{"c", hostile, hostile}, &tree, {0}, true, hostile}));
    CHECK(contains(draw(ranges), "&#60;/svg"));
  }

  TEST_CASE("chart: the way taken is marked, answers to one place are one branch, the rest is a stub or whole") {
    const TreeShape tree = small_tree();
    const std::string whole = draw(report::TreeChart{{"d", "t", "d"}, &tree, {1}, true, "tcp it is"});
    check_harmless(whole);
    CHECK(contains(whole, "✓ there"));
    CHECK(contains(whole, "■ tcp it is"));
    CHECK(contains(whole, "How many?"));
    const std::string stubs = draw(report::TreeChart{{"e", "t", "d"}, &tree, {1}, false, ""});
    CHECK(contains(stubs, "here → clients?"));
    CHECK(contains(stubs, "anywhere → tcp"));
    CHECK_FALSE(contains(stubs, "How many?"));
    const std::string straight = draw(report::TreeChart{{"f", "t", "d"}, &tree, {0, 1}, false, ""});
    CHECK(contains(straight, "there or anywhere → tcp"));
    CHECK(contains(straight, "■ as the guide says"));
    CHECK(count(straight, "class=\"question taken\"") == 4);
  }

  TEST_CASE("chart: a way that the tree does not have ends where it leaves it") {
    const TreeShape tree = small_tree();
    check_harmless(draw(report::TreeChart{{"g", "t", "d"}, &tree, {7, 7, 7}, true, "x"}));
  }
}
