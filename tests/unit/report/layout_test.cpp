#include "report/layout.hpp"

#include <doctest/doctest.h>

using namespace ipc_advisor;
using report::Page;

TEST_SUITE("unit") {
  TEST_CASE("layout: a last column that does not fit goes below, and an empty one takes no line") {
    Page page({false, true, 30, false});
    page.table({{"posix-shm", "64 B: 100 ns; 200 ns", "9 GB/s"}, {"  spinning", "64 B: 98 ns; 200 ns", ""}});
    CHECK(page.take() == "  posix-shm   64 B: 100 ns; 200 ns\n      9 GB/s\n    spinning  64 B: 98 ns; 200 ns\n");
  }

  TEST_CASE("layout: a heading is broken at spaces, each line of it painted") {
    Page plain({false, true, 20, false});
    plain.heading("Round trips from median to 99th percentile");
    CHECK(plain.take() == "Round trips from\nmedian to 99th\npercentile\n");
    Page painted({true, true, 20, false});
    painted.heading("Round trips from median");
    CHECK(painted.take() == "\x1b[1mRound trips from\x1b[0m\n\x1b[1mmedian\x1b[0m\n");
  }
}
