#include "base/diff.hpp"

#include <doctest/doctest.h>

using namespace ipc_advisor;

TEST_SUITE("unit") {
  TEST_CASE("diff: texts that are the same have none") {
    CHECK(unified_diff("f", "a\nb\n", "a\nb\n").empty());
    CHECK(unified_diff("f", "", "").empty());
  }

  TEST_CASE("diff: a change with its context, and two far ones as two hunks") {
    CHECK(unified_diff("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nX\n6\n7\n8\n9\n") == "--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+X\n 6\n 7\n 8\n");
    std::string before, after;
    for (int i = 0; i < 30; ++i) {
      before += std::to_string(i) + "\n";
      if (i != 3) after += std::to_string(i) + "\n";
      if (i == 25) after += "new\n";
    }
    const std::string diff = unified_diff("f", before, after);
    CHECK(diff.find("@@ -1,7 +1,6 @@\n 0\n 1\n 2\n-3\n 4") != std::string::npos);
    CHECK(diff.find("@@ -24,6 +23,7 @@\n 23\n 24\n 25\n+new\n") != std::string::npos);
  }

  TEST_CASE("diff: beginnings, ends and a missing last line break") {
    CHECK(unified_diff("f", "", "a\n") == "--- f\n+++ f\n@@ -0,0 +1,1 @@\n+a\n");
    CHECK(unified_diff("f", "a\n", "") == "--- f\n+++ f\n@@ -1,1 +0,0 @@\n-a\n");
    CHECK(unified_diff("f", "a", "a\n") == "--- f\n+++ f\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n");
  }
}
