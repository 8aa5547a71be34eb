#include "base/os.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <filesystem>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace ipc_advisor;

TEST_SUITE("unit") {
  TEST_CASE("os: a private folder is private and goes with its owner") {
    std::string path;
    {
      const auto folder = PrivateFolder::make();
      REQUIRE(folder);
      path = folder->path();
      CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::all) == std::filesystem::perms::owner_all);
      CHECK(memory_name(path) == path.substr(path.rfind('/')));
    }
    CHECK_FALSE(std::filesystem::exists(path));
  }

  TEST_CASE("os: a private folder goes when its owner is killed") {
    auto pipe = make_pipe();
    REQUIRE(pipe);
    const pid_t child = fork();
    if (child == 0) {
      const auto folder = PrivateFolder::make();
      if (!folder || shmget(memory_key(folder->path()), 4096, IPC_CREAT | IPC_EXCL | 0600) < 0) _exit(1);
      const std::string text = folder->path() + "\n";
      (void)write_exactly(pipe->write_end.get(), std::as_bytes(std::span(text)));
      raise(SIGKILL);
    }
    pipe->write_end.reset();
    std::string path;
    char c = 0;
    while (read(pipe->read_end.get(), &c, 1) == 1 && c != '\n') path += c;
    waitpid(child, nullptr, 0);
    REQUIRE_FALSE(path.empty());
    const auto gone = [&] { return !std::filesystem::exists(path) && shmget(memory_key(path), 0, 0) < 0; };
    for (int i = 0; i < 500 && !gone(); ++i) usleep(10000);
    CHECK(gone());
  }

  TEST_CASE("os: end of file and the deadline are told apart") {
    auto pipe = make_pipe();
    REQUIRE(pipe);
    std::byte byte{};
    const pid_t child = fork();
    if (child == 0) {
      arm_deadline(0.05);
      const auto got = read_exactly(pipe->read_end.get(), std::span(&byte, 1));
      _exit(!got && got.error().kind == ErrorKind::timed_out ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    CHECK(status == 0);
    pipe->write_end.reset();
    CHECK(read_exactly(pipe->read_end.get(), std::span(&byte, 1)).error().kind == ErrorKind::disconnected);
  }
}
