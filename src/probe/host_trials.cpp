// Experiments on who can reach a socket from where, and with what.
#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/addresses.hpp"
#include "probe/namespaces.hpp"
#include "probe/sockets.hpp"

namespace ipc_advisor::probe {
namespace {

constexpr std::uint16_t far_port = 4242;

sockaddr_in far_address(const char* host) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(far_port);
  inet_pton(AF_INET, host, &address.sin_addr);
  return address;
}

// Answers one byte on one connection.
int serve_far(const char* own, int ready) {
  const Fd listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = far_address(own);
  if (bind(listener.get(), general(address), sizeof address) != 0 || listen(listener.get(), 1) != 0) return errno;
  char byte = 1;
  if (write(ready, &byte, 1) != 1) return errno;
  const Fd peer(accept(listener.get(), nullptr, nullptr));
  if (read(peer.get(), &byte, 1) != 1) return EIO;
  byte = static_cast<char>(byte + 1);
  if (write(peer.get(), &byte, 1) != 1) return EIO;
  // The connection must not end before the answer is there.
  pause();
  return 0;
}

int ask_far(const char* other) {
  const Fd client(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = far_address(other);
  const timeval patience{2, 0};
  setsockopt(client.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(client.get(), general(address), sizeof address) != 0) return errno;
  char byte = 41;
  if (write(client.get(), &byte, 1) != 1 || read(client.get(), &byte, 1) != 1) return EIO;
  return byte == 42 ? 0 : EIO;
}

struct Abstract {
  sockaddr_un address{};
  socklen_t length = 0;
};

// A name in the abstract namespace (unix(7)): it starts with a zero byte and is no file.
Abstract abstract_name(const Place& place) {
  Abstract out;
  out.address.sun_family = AF_UNIX;
  const std::string name = place.folder.substr(place.folder.rfind('/') + 1);
  name.copy(out.address.sun_path + 1, sizeof out.address.sun_path - 2);
  out.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  return out;
}

Result<Fd> listen_abstract(const Abstract& name) {
  Fd listener(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!listener.valid()) return fail_errno("socket", errno);
  if (bind(listener.get(), general(name.address), name.length) != 0) return fail_errno("bind an abstract name", errno);
  if (listen(listener.get(), 4) != 0) return fail_errno("listen", errno);
  return listener;
}

int connect_abstract(const Abstract& name) {
  const Fd client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return connect(client.get(), general(name.address), name.length) == 0 ? 0 : errno;
}

// Which program of that name would be run; empty where none is installed.
std::string installed(const std::string& name) {
  for (const char* folder : {"/usr/bin/", "/bin/", "/usr/local/bin/"})
    if (std::string path = folder + name; access(path.c_str(), X_OK) == 0) return path;
  return "";
}

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

std::string read_all_within(int fd, int milliseconds) {
  std::string text;
  char buffer[256];
  for (pollfd wait{fd, POLLIN, 0}; poll(&wait, 1, milliseconds) == 1;) {
    const ssize_t got = read(fd, buffer, sizeof buffer);
    if (got <= 0) break;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  return text;
}

// Lets a foreign program connect, checks that its request arrives framed as it must, answers, and returns what the
// program printed.
Result<std::string> serve_program(const SocketKind& kind, const Place& place, const std::function<std::vector<std::string>(const std::string& address)>& command, const std::string& input) {
  std::string address;
  auto listener = kind.listen(place, address);
  if (!listener) return tl::unexpected(listener.error());
  auto in = make_pipe(), out = make_pipe();
  if (!in || !out) return fail(ErrorKind::exhausted, "no descriptors are left for the program");
  if (!input.empty() && !write_exactly(in->write_end.get(), std::as_bytes(std::span(input)))) return fail(ErrorKind::io, "the pipe took no input");
  const auto pid = start(command(address), in->read_end.get(), out->write_end.get());
  if (!pid) return tl::unexpected(pid.error());
  out->write_end.reset();
  in->read_end.reset();
  pollfd wait{listener->get(), POLLIN, 0};
  const Fd peer(poll(&wait, 1, 3000) == 1 ? accept4(listener->get(), nullptr, nullptr, SOCK_CLOEXEC) : -1);
  Result<std::string> printed = fail(ErrorKind::timed_out, "the program did not connect within three seconds");
  if (peer.valid()) {
    std::string seen(framed(request).size(), '\0');
    const auto got = read_exactly(peer.get(), std::as_writable_bytes(std::span(seen)));
    const std::string back = framed(answer);
    if (!got) printed = tl::unexpected(got.error());
    else if (seen != framed(request)) printed = fail(ErrorKind::broken, "the request that arrived is not the one that was sent");
    else if (auto sent = write_exactly(peer.get(), std::as_bytes(std::span(back))); !sent) printed = tl::unexpected(sent.error());
    else {
      in->write_end.reset();
      shutdown(peer.get(), SHUT_WR);
      printed = read_all_within(out->read_end.get(), 3000);
    }
  }
  kill_and_reap(*pid);
  if (address.front() == '/') unlink(address.c_str());
  return printed;
}

}  // namespace

Trial try_other_host_reached() {
  constexpr std::string_view id = "other-namespace-reached";
  const auto status = on_two_hosts(serve_far, ask_far);
  if (!status) return not_run(id, status.error().message);
  if (*status == 0) return confirmed(id, "a request and its answer between two network namespaces joined by a pair of virtual interfaces");
  return refuted(id, system_error("the other network namespace was not reached", *status).message);
}

Trial try_other_host_refused(const SocketKind& kind, const Place& place) {
  constexpr std::string_view id = "other-namespace-refused";
  std::string path;
  const auto listener = kind.listen(place, path);
  if (!listener) return broken(id, listener.error());
  const Abstract name = abstract_name(place);
  const auto abstract_listener = listen_abstract(name);
  if (!abstract_listener) return broken(id, abstract_listener.error());
  // Both are there for a neighbour on this host, or the refusals would show nothing.
  const bool here = connect_abstract(name) == 0 && kind.connect(path).has_value();
  const auto status = on_other_host(place.folder.c_str(), [&] {
    const bool by_path = kind.connect(path).has_value();
    return (by_path ? 1 : 0) | (connect_abstract(name) == 0 ? 2 : 0);
  });
  unlink(path.c_str());
  if (!here) return broken(id, {ErrorKind::io, "the socket could not be reached from this host either"});
  if (!status) return not_run(id, status.error().message);
  if (*status == 0) return confirmed(id, "from another network namespace that shares no files, neither its path nor its abstract name could be reached");
  return refuted(id, fmt::format("from another network namespace it was reached by its {}", *status == 1 ? "path" : "abstract name"));
}

Trial try_abstract_name(const Place& place) {
  constexpr std::string_view id = "abstract-name";
  const Abstract name = abstract_name(place);
  const auto listener = listen_abstract(name);
  if (!listener) return broken(id, listener.error());
  if (const int number = connect_abstract(name); number != 0) return refuted(id, system_error("the abstract name could not be reached", number).message);
  const bool is_file = access((name.address.sun_path + 1), F_OK) == 0;
  if (is_file) return refuted(id, "the abstract name is a file");
  const auto other = as_other_user([&] { return connect_abstract(name); });
  const std::string open_to_all = other && *other == 0 ? "; user 65534 could connect too, since no file mode guards it" : "";
  return confirmed(id, "a client connected to an address that is no file" + open_to_all);
}

Trial try_other_language(const SocketKind& kind, const Place& place) {
  constexpr std::string_view id = "other-language-client";
  const std::string python = installed("python3");
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

Trial try_socat(const SocketKind& kind, const Place& place) {
  constexpr std::string_view id = "socat-opens";
  const std::string socat = installed("socat");
  if (socat.empty()) return not_run(id, "socat is not installed");
  const auto printed = serve_program(kind, place, [&](const std::string& address) { return std::vector<std::string>{socat, "-t2", "-", "UNIX-CONNECT:" + address}; }, framed(request));
  if (!printed) return broken(id, printed.error());
  if (*printed == framed(answer)) return confirmed(id, "socat sent a request from its standard input and showed the JSON of the answer");
  return refuted(id, "socat did not show the answer");
}

}  // namespace ipc_advisor::probe
