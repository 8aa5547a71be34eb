// Starts a program with pipes for its input and output, and holds what it says against what it should.
#include "probe/programs.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ipc_advisor::probe {
namespace {

constexpr int patience_ms = 3000;

// A length-prefixed JSON request, as docs and guides describe it: four bytes of length, most significant first.
std::string framed(const std::string& json) {
  const std::uint32_t length = htonl(static_cast<std::uint32_t>(json.size()));
  return std::string(reinterpret_cast<const char*>(&length), sizeof length) + json;
}

constexpr const char* request = R"({"ask":"what is six by seven"})";
constexpr const char* answer = R"({"answer":42})";

// Starts the program with these arguments; what it writes to its standard output comes back over the pipe.
Result<int> start(const std::vector<std::string>& arguments, int input, int output) {
  auto pid = fork_bound();
  if (!pid || *pid != 0) return pid;
  std::vector<char*> words;
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const int quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 || dup2(quiet, STDERR_FILENO) < 0) _exit(126);
  execv(words[0], words.data());
  _exit(127);
}

// What comes before its end, or before the time is up.
std::string read_all_within(int fd, int milliseconds) {
  std::string text;
  char buffer[256];
  const std::int64_t until = now_ns() + std::int64_t{milliseconds} * 1'000'000;
  for (pollfd wait{fd, POLLIN, 0}; poll(&wait, 1, static_cast<int>((until - now_ns()) / 1'000'000)) == 1;) {
    const ssize_t got = read(fd, buffer, sizeof buffer);
    if (got <= 0) break;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  return text;
}

// The server's part: the request arrives framed as it must, and is answered.
Result<void> answer_framed(int peer) {
  std::string seen(framed(request).size(), '\0');
  if (auto got = read_exactly(peer, std::as_writable_bytes(std::span(seen))); !got) return got;
  if (seen != framed(request)) return fail(ErrorKind::broken, "the request that arrived is not the one that was sent");
  const std::string back = framed(answer);
  if (auto sent = write_exactly(peer, std::as_bytes(std::span(back))); !sent) return sent;
  shutdown(peer, SHUT_WR);
  return {};
}

// Lets the program connect, answers it, and returns what it printed. A program that ends first is not waited for.
Result<std::string> serve_program(const SocketKind& kind, const Place& place, const std::function<std::vector<std::string>(const std::string& address)>& command, const std::string& input) {
  std::string address;
  const auto listener = kind.listen(place, address);
  if (!listener) return tl::unexpected(listener.error());
  auto in = make_pipe(), out = make_pipe();
  if (!in || !out) return fail(ErrorKind::exhausted, "no descriptors are left for the program");
  if (!input.empty() && !write_exactly(in->write_end.get(), std::as_bytes(std::span(input)))) return fail(ErrorKind::io, "the pipe took no input");
  const auto pid = start(command(address), in->read_end.get(), out->write_end.get());
  if (!pid) return tl::unexpected(pid.error());
  out->write_end.reset();
  in->read_end.reset();
  pollfd waits[] = {{listener->get(), POLLIN, 0}, {out->read_end.get(), 0, 0}};
  const bool came = poll(waits, 2, patience_ms) > 0 && (waits[0].revents & POLLIN) != 0;
  const Fd peer(came ? accept4(listener->get(), nullptr, nullptr, SOCK_CLOEXEC) : -1);
  Result<std::string> printed = fail(ErrorKind::timed_out, "the program did not connect");
  if (peer.valid()) {
    const auto answered = answer_framed(peer.get());
    in->write_end.reset();
    printed = answered ? Result<std::string>(read_all_within(out->read_end.get(), patience_ms)) : tl::unexpected(answered.error());
  }
  kill_and_reap(*pid);
  remove_name(address);
  return printed;
}

}  // namespace

std::string installed(const std::string& name) {
  for (const char* folder : {"/usr/bin/", "/bin/", "/usr/local/bin/"})
    if (std::string path = folder + name; access(path.c_str(), X_OK) == 0) return path;
  return "";
}

Result<std::string> output_of(const std::vector<std::string>& words, int milliseconds) {
  auto out = make_pipe();
  if (!out) return tl::unexpected(out.error());
  const Fd nothing(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const auto pid = start(words, nothing.get(), out->write_end.get());
  if (!pid) return tl::unexpected(pid.error());
  out->write_end.reset();
  std::string text = read_all_within(out->read_end.get(), milliseconds);
  kill_and_reap(*pid);
  return text;
}

Trial try_other_language(const SocketKind& kind, const Place& place, const std::string& python) {
  constexpr std::string_view id = "other-language-client";
  if (python.empty()) return not_run(id, "python3 is not installed");
  const std::string program = fmt::format(
      "import json,socket,struct,sys\n"
      "s=socket.socket(socket.AF_UNIX)\ns.connect(sys.argv[1])\n"
      "m=b'{}'\ns.sendall(struct.pack('>I',len(m))+m)\n"
      "n,=struct.unpack('>I',s.recv(4,socket.MSG_WAITALL))\nprint(json.loads(s.recv(n,socket.MSG_WAITALL))['answer'])\n",
      request);
  const auto printed = serve_program(kind, place, [&](const std::string& address) { return std::vector<std::string>{python, "-I", "-c", program, address}; }, "");
  if (!printed) return broken(id, printed.error());
  if (*printed == "42\n") return confirmed(id, "a Python client of six lines sent length-prefixed JSON and read the answer");
  return refuted(id, "the Python client did not read the answer");
}

Trial try_socat(const SocketKind& kind, const Place& place, const std::string& socat) {
  constexpr std::string_view id = "socat-opens";
  if (socat.empty()) return not_run(id, "socat is not installed");
  const auto printed = serve_program(kind, place, [&](const std::string& address) { return std::vector<std::string>{socat, "-t2", "-", "UNIX-CONNECT:" + address}; }, framed(request));
  if (!printed) return broken(id, printed.error());
  if (*printed == framed(answer)) return confirmed(id, "socat sent a request from its standard input and showed the JSON of the answer");
  return refuted(id, "socat did not show the answer");
}

}  // namespace ipc_advisor::probe
