#include "base/terminal.hpp"

#include <csignal>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

using namespace ipc_advisor;

namespace {

// Both ends of a pseudo-terminal.
struct Pseudo {
  Fd ours{posix_openpt(O_RDWR | O_NOCTTY)}, theirs;

  Pseudo() {
    REQUIRE(grantpt(ours.get()) == 0);
    REQUIRE(unlockpt(ours.get()) == 0);
    theirs = Fd(open(ptsname(ours.get()), O_RDWR | O_NOCTTY));
    REQUIRE(theirs.valid());
  }
};

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("terminal: raw mode ends as it began, and its size is read") {
    const Pseudo pseudo;
    termios before{}, within{}, after{};
    tcgetattr(pseudo.theirs.get(), &before);
    {
      RawMode raw(pseudo.theirs.get());
      REQUIRE(raw.enter());
      tcgetattr(pseudo.theirs.get(), &within);
      CHECK((within.c_lflag & (ECHO | ICANON | ISIG)) == 0);
    }
    tcgetattr(pseudo.theirs.get(), &after);
    CHECK(after.c_lflag == before.c_lflag);
    CHECK(after.c_iflag == before.c_iflag);
    winsize size{12, 40, 0, 0};
    REQUIRE(ioctl(pseudo.theirs.get(), TIOCSWINSZ, &size) == 0);
    CHECK(terminal_size(pseudo.theirs.get()).columns == 40);
    CHECK(terminal_size(pseudo.theirs.get()).rows == 12);
    CHECK_FALSE(RawMode(-1).enter());
  }

  TEST_CASE("terminal: a wait ends with bytes, a resize, a signal, a pause or the end") {
    auto pipe = make_pipe();
    REQUIRE(pipe);
    NotedSignals signals;
    std::string bytes;
    CHECK(wait_for_input(pipe->read_end.get(), signals, 0, bytes) == Wake::pause);
    CHECK(write_text(pipe->write_end.get(), "abc"));
    CHECK(wait_for_input(pipe->read_end.get(), signals, -1, bytes) == Wake::bytes);
    CHECK(bytes == "abc");
    raise(SIGWINCH);
    CHECK(wait_for_input(pipe->read_end.get(), signals, -1, bytes) == Wake::resize);
    pipe->write_end.reset();
    CHECK(wait_for_input(pipe->read_end.get(), signals, -1, bytes) == Wake::end);
    raise(SIGTERM);
    CHECK(wait_for_input(pipe->read_end.get(), signals, -1, bytes) == Wake::stop);
    CHECK(signals.stop() == SIGTERM);
  }
}
