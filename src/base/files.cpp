// Reads with a limit; writes through a temporary file beside the target.
#include "base/files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.hpp"

namespace ipc_advisor {
namespace {

std::string quoted(const std::string& path) { return "\"" + printable(path) + "\""; }

Result<std::string> read_all(int fd, const std::string& path, std::uint64_t limit) {
  std::string text;
  char buffer[65536];
  for (;;) {
    const ssize_t got = read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno("read " + quoted(path), errno);
    if (got == 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
    if (text.size() > limit)
      return fail(ErrorKind::usage, fmt::format("{} is larger than {} MiB, the most that is read", quoted(path), limit >> 20));
  }
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::uint64_t limit) {
  if (path == "-") return read_all(STDIN_FILENO, "standard input", limit);
  // O_NONBLOCK: a FIFO without a writer must not hang the tool.
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return fail_errno("cannot open " + quoted(path), errno);
  struct stat info {};
  if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
    close(fd);
    return fail(ErrorKind::usage, quoted(path) + " is a directory, expected a file");
  }
  auto text = read_all(fd, path, limit);
  close(fd);
  return text;
}

Result<std::vector<std::string>> list_files(const std::string& folder, std::string_view ending) {
  namespace fs = std::filesystem;
  std::vector<std::string> out;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename();
    if (name.starts_with(".")) at.disable_recursion_pending();
    else if (name.ends_with(ending) && at->is_regular_file(error)) out.push_back(fs::relative(at->path(), folder));
  }
  if (error) return fail_errno("cannot list " + quoted(folder), error.value());
  std::sort(out.begin(), out.end());
  return out;
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
  struct stat old {};
  const bool exists = stat(path.c_str(), &old) == 0;
  if (exists && !S_ISREG(old.st_mode)) {
    // A device or a pipe such as /dev/stdout cannot be renamed over.
    const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return fail_errno("cannot write " + quoted(path), errno);
    const bool written = write_all(fd, bytes);
    const int number = errno;
    close(fd);
    if (!written) return fail_errno("cannot write " + quoted(path), number);
    return {};
  }
  std::string temporary = path + ".XXXXXX";
  const int fd = mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return fail_errno("cannot write " + quoted(path), errno);
  const mode_t mask = umask(0);
  umask(mask);
  const mode_t mode = exists ? old.st_mode & 07777u : 0666u & ~mask;
  const bool written = write_all(fd, bytes) && fchmod(fd, mode) == 0 && fsync(fd) == 0;
  int number = errno;
  const bool closed = close(fd) == 0;
  if (written && closed && rename(temporary.c_str(), path.c_str()) == 0) return {};
  if (written) number = errno;
  unlink(temporary.c_str());
  return fail_errno("cannot write " + quoted(path), number);
}

}  // namespace ipc_advisor
