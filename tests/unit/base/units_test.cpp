#include "base/units.hpp"

#include <doctest/doctest.h>

using namespace ipc_advisor;

TEST_SUITE("unit") {
  TEST_CASE("units: each form reads to base units") {
    CHECK(parse_quantity("4 KiB", Quantity::size) == 4096.0);
    CHECK(parse_quantity("4KiB", Quantity::size) == 4096.0);
    CHECK(parse_quantity("1 MB", Quantity::size) == 1e6);
    CHECK(parse_quantity("300/s", Quantity::rate) == 300.0);
    CHECK(parse_quantity("2 MB/s", Quantity::byte_rate) == 2e6);
    CHECK(parse_quantity("1.5 ms", Quantity::duration).value() == doctest::Approx(0.0015));
    CHECK(parse_quantity("50 us", Quantity::duration).value() == doctest::Approx(50e-6));
    CHECK(parse_quantity("50 µs", Quantity::duration).value() == doctest::Approx(50e-6));
    CHECK(parse_quantity("32", Quantity::count) == 32.0);
  }

  TEST_CASE("units: what cannot be read says why and what is near") {
    CHECK(parse_quantity("4 KiBs", Quantity::size).error().message.find("did you mean \"KiB\"") != std::string::npos);
    CHECK(parse_quantity("4", Quantity::size).error().message.find("unit is missing") != std::string::npos);
    CHECK(parse_quantity("fast", Quantity::duration).error().message.find("number") != std::string::npos);
    CHECK(parse_quantity("-1 s", Quantity::duration).error().message.find("negative") != std::string::npos);
    for (const char* wrong : {"inf s", "nan s", "1e999 s", "", " ", "1 ms ms"}) CHECK_FALSE(parse_quantity(wrong, Quantity::duration));
    CHECK_FALSE(parse_quantity("1 ms", Quantity::size));
  }

  TEST_CASE("units: what is written can be read again") {
    for (const double value : {1.0, 64.0, 4096.0, 65536.0, 1048576.0}) CHECK(parse_quantity(format_quantity(value, Quantity::size), Quantity::size) == value);
    CHECK(format_quantity(999.9e6, Quantity::byte_rate) == "1 GB/s");
    CHECK(format_quantity(21.34e-6, Quantity::duration) == "21.3 us");
    CHECK(format_quantity(300, Quantity::rate) == "300/s");
    CHECK(format_interval(999e-9, 0.5e-6, 1.5e-6, Quantity::duration) == "999 ns (500 to 1500)");
    CHECK(format_interval(2e9, 1.5e9, 3.25e9, Quantity::byte_rate) == "2 GB/s (1.5 to 3.25)");
  }
}
