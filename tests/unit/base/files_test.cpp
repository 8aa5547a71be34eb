#include "base/files.hpp"

#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

using namespace ipc_advisor;

namespace {
struct Folder {
  std::string path = "/tmp/ipc-advisor-test-XXXXXX";
  Folder() { REQUIRE(mkdtemp(path.data()) != nullptr); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path), std::filesystem::directory_iterator{}));
  }
};
}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("files: written whole, read back, mode kept, nothing beside it") {
    const Folder folder;
    const std::string file = folder.path + "/a";
    REQUIRE(write_file(file, "first"));
    chmod(file.c_str(), 0640);
    REQUIRE(write_file(file, "second"));
    CHECK(read_file(file) == std::string("second"));
    struct stat info {};
    stat(file.c_str(), &info);
    CHECK((info.st_mode & 0777) == 0640);
    CHECK(folder.entries() == 1);
  }

  TEST_CASE("files: what cannot be written leaves nothing") {
    const Folder folder;
    CHECK_FALSE(write_file(folder.path + "/no/such/folder/a", "x"));
    CHECK(folder.entries() == 0);
  }

  TEST_CASE("files: missing, a folder, too large: an error with the name") {
    const Folder folder;
    CHECK(read_file(folder.path + "/missing").error().kind == ErrorKind::not_found);
    CHECK(read_file(folder.path).error().message.find("directory") != std::string::npos);
    REQUIRE(write_file(folder.path + "/big", std::string(3000, 'x')));
    CHECK(read_file(folder.path + "/big", 2000).error().kind == ErrorKind::usage);
  }

  TEST_CASE("files: a FIFO without a writer does not hang") {
    const Folder folder;
    REQUIRE(mkfifo((folder.path + "/fifo").c_str(), 0600) == 0);
    CHECK(read_file(folder.path + "/fifo") == std::string());
  }
}
