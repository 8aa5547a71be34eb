// termios(3), poll(2) and a self-pipe for signals.
#include "base/terminal.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

namespace ipc_advisor {
namespace {

constexpr std::array noted{SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGWINCH};

volatile std::sig_atomic_t stop_signal = 0;
volatile std::sig_atomic_t resized = 0;
volatile std::sig_atomic_t wake_fd = -1;

void note(int signal) {
  const int number = errno;
  if (signal == SIGWINCH) resized = 1;
  else stop_signal = signal;
  // A full pipe wakes the reader as well.
  if (wake_fd >= 0) (void)!write(wake_fd, "", 1);
  errno = number;
}

}  // namespace

struct NotedSignals::Saved {
  std::array<struct sigaction, noted.size()> actions;
};

NotedSignals::NotedSignals() : saved_(new Saved{}) {
  if (auto made = make_pipe()) {
    pipe_ = std::move(*made);
    for (const int fd : {pipe_.read_end.get(), pipe_.write_end.get()}) fcntl(fd, F_SETFL, O_NONBLOCK);
    wake_fd = pipe_.write_end.get();
  }
  stop_signal = 0;
  resized = 0;
  struct sigaction action {};
  action.sa_handler = note;
  for (std::size_t i = 0; i < noted.size(); ++i) {
    sigaction(noted[i], nullptr, &saved_->actions[i]);
    // What the parent had ignored, as nohup(1) does, stays so.
    if (saved_->actions[i].sa_handler != SIG_IGN) sigaction(noted[i], &action, nullptr);
  }
}

NotedSignals::~NotedSignals() {
  for (std::size_t i = 0; i < noted.size(); ++i) sigaction(noted[i], &saved_->actions[i], nullptr);
  wake_fd = -1;
  delete saved_;
}

int NotedSignals::stop() const { return stop_signal; }

bool NotedSignals::take_resize() {
  const bool was = resized != 0;
  resized = 0;
  return was;
}

void NotedSignals::drain() const {
  std::array<char, 64> away;
  while (read(pipe_.read_end.get(), away.data(), away.size()) > 0) {
  }
}

Wake wait_for_input(int fd, NotedSignals& signals, int timeout_ms, std::string& bytes) {
  for (;;) {
    std::array<pollfd, 2> waiting{{{fd, POLLIN, 0}, {signals.descriptor(), POLLIN, 0}}};
    const int ready = poll(waiting.data(), waiting.size(), timeout_ms);
    signals.drain();
    if (signals.stop() != 0) return Wake::stop;
    if (signals.take_resize()) return Wake::resize;
    if (ready == 0) return Wake::pause;
    if (ready < 0 && errno != EINTR) return Wake::end;
    if (ready < 0 || waiting[0].revents == 0) continue;
    std::array<char, 4096> buffer;
    const ssize_t got = read(fd, buffer.data(), buffer.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0) return Wake::end;
    bytes.assign(buffer.data(), static_cast<std::size_t>(got));
    return Wake::bytes;
  }
}

Result<void> RawMode::enter() {
  if (in_) return {};
  if (tcgetattr(fd_, &before_) != 0) return fail_errno("cannot read the terminal's mode", errno);
  termios raw = before_;
  raw.c_iflag &= ~static_cast<tcflag_t>(ICRNL | INLCR | IGNCR | ISTRIP | IXON | BRKINT);
  raw.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  if (tcsetattr(fd_, TCSADRAIN, &raw) != 0) return fail_errno("cannot set the terminal's mode", errno);
  in_ = true;
  return {};
}

void RawMode::leave() {
  if (!in_) return;
  tcsetattr(fd_, TCSADRAIN, &before_);
  in_ = false;
}

TerminalSize terminal_size(int fd) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return {};
  return {size.ws_col, size.ws_row > 0 ? size.ws_row : 24};
}

bool write_text(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

}  // namespace ipc_advisor
