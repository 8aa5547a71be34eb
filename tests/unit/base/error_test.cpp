#include "base/error.hpp"

#include <cerrno>
#include <doctest/doctest.h>

using namespace ipc_advisor;

TEST_SUITE("unit") {
  TEST_CASE("error: errno values get a kind and the manual's symbol") {
    CHECK(classify_errno(EACCES) == ErrorKind::forbidden);
    CHECK(classify_errno(EMFILE) == ErrorKind::exhausted);
    CHECK(classify_errno(EAFNOSUPPORT) == ErrorKind::unsupported);
    CHECK(classify_errno(EPIPE) == ErrorKind::disconnected);
    CHECK(classify_errno(EIO) == ErrorKind::io);
    CHECK(system_error("open", ENOENT).message == "open: No such file or directory (ENOENT)");
  }
}
