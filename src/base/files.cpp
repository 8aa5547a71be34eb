// Reads with a limit; writes through a temporary file beside the target.
#include "base/files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

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
    // A pipe whose writer has not written yet, as in `lint <(command)`.
    if (pollfd ready{fd, POLLIN, 0}; got < 0 && errno == EAGAIN && poll(&ready, 1, -1) >= 0) continue;
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

namespace {

// A file on its way: its neighbour is written, and goes again unless it takes the file's place.
class Staged {
 public:
  explicit Staged(const std::string& path) : path_(path), target_(path) {
    std::error_code error;
    if (const auto real = std::filesystem::canonical(path, error); !error) target_ = real;
  }
  Staged(Staged&& other) noexcept : path_(std::move(other.path_)), target_(std::move(other.target_)), temporary_(std::exchange(other.temporary_, "")) {}
  Staged(const Staged&) = delete;
  Staged& operator=(const Staged&) = delete;
  Staged& operator=(Staged&&) = delete;
  ~Staged() {
    if (!temporary_.empty()) unlink(temporary_.c_str());
  }

  Result<void> write(std::string_view bytes) {
    struct stat old {};
    const bool exists = stat(target_.c_str(), &old) == 0;
    // A device or a pipe such as /dev/stdout cannot be renamed over.
    if (exists && !S_ISREG(old.st_mode)) return write_through(bytes);
    if (exists && access(target_.c_str(), W_OK) != 0) return wrong(errno);
    std::string name = target_ + ".XXXXXX";
    const int fd = mkostemp(name.data(), O_CLOEXEC);
    if (fd < 0) return wrong(errno);
    temporary_ = name;
    const mode_t mask = umask(0);
    umask(mask);
    const mode_t mode = exists ? old.st_mode & 07777u : 0666u & ~mask;
    const bool written = write_all(fd, bytes) && fchmod(fd, mode) == 0 && fsync(fd) == 0;
    const int number = errno;
    if (close(fd) != 0 && written) return wrong(errno);
    if (!written) return wrong(number);
    return {};
  }

  Result<void> take_place() {
    if (temporary_.empty()) return {};
    if (rename(temporary_.c_str(), target_.c_str()) != 0) return wrong(errno);
    temporary_.clear();
    return {};
  }

 private:
  tl::unexpected<Error> wrong(int number) const { return fail_errno("cannot write " + quoted(path_), number); }

  Result<void> write_through(std::string_view bytes) const {
    const int fd = open(target_.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return wrong(errno);
    const bool written = write_all(fd, bytes);
    const int number = errno;
    close(fd);
    if (!written) return wrong(number);
    return {};
  }

  std::string path_, target_, temporary_;
};

}  // namespace

Result<void> write_files(const std::vector<std::pair<std::string, std::string_view>>& files) {
  std::vector<Staged> staged;
  for (const auto& [path, bytes] : files)
    if (auto written = staged.emplace_back(path).write(bytes); !written) return written;
  for (Staged& one : staged)
    if (auto placed = one.take_place(); !placed) return placed;
  return {};
}

Result<void> write_file(const std::string& path, std::string_view bytes) { return write_files({{path, bytes}}); }

Result<void> append_to_file(const std::string& path, std::string_view bytes) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd < 0) return fail_errno("cannot write " + quoted(path), errno);
  const bool written = write_all(fd, bytes);
  const int number = errno;
  close(fd);
  if (!written) return fail_errno("cannot write " + quoted(path), number);
  return {};
}

}  // namespace ipc_advisor
