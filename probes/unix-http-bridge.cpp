// An HTTP server on a Unix socket, and a bridge on 127.0.0.1 that passes requests on to it.
#include <fmt/format.h>
#include <httplib.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "base/os.hpp"
#include "probe/programs.hpp"

namespace ipc_advisor::probe {
namespace {

std::string socket_path(const std::string& folder) { return folder + "/http"; }

httplib::Client backend_client(const std::string& folder) {
  httplib::Client client(socket_path(folder));
  client.set_address_family(AF_UNIX);
  client.set_keep_alive(true);
  return client;
}

// What a browser is shown: it asks the service through the bridge, and writes the answer where a person would see it.
constexpr const char* page = R"(<!doctype html><meta charset="utf-8"><title>bridge</title><p id="answer"></p>
<script>fetch("/echo", {method: "POST", body: "asked by a page"}).then(r => r.text()).then(t => { document.getElementById("answer").textContent = "answered: " + t; });</script>)";

// The service itself: it answers each POST with its body, and has a page that asks so.
class Backend {
 public:
  explicit Backend(const std::string& folder) : folder_(folder) {
    server_.set_address_family(AF_UNIX);
    server_.set_keep_alive_max_count(1'000'000'000);
    server_.Post("/echo", [](const httplib::Request& request, httplib::Response& response) { response.set_content(request.body, "application/octet-stream"); });
    server_.Get("/", [](const httplib::Request&, httplib::Response& response) { response.set_content(page, "text/html"); });
    thread_ = std::thread([this] { server_.listen(socket_path(folder_), 80); });
    for (int i = 0; i < 200 && !server_.is_running(); ++i) usleep(500);
    chmod(socket_path(folder_).c_str(), 0600);
  }
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;
  ~Backend() {
    server_.stop();
    thread_.join();
  }
  bool running() const { return server_.is_running(); }

 private:
  std::string folder_;
  httplib::Server server_;
  std::thread thread_;
};

// The bridge: each thread of the server keeps a connection of its own to the backend.
class Bridge {
 public:
  explicit Bridge(const std::string& folder) {
    server_.set_tcp_nodelay(true);
    server_.set_keep_alive_max_count(1'000'000'000);
    server_.Post("/echo", [folder](const httplib::Request& request, httplib::Response& response) {
      thread_local httplib::Client backend = backend_client(folder);
      const auto answer = backend.Post("/echo", request.body, "application/octet-stream");
      if (answer) response.set_content(answer->body, "application/octet-stream");
      else response.status = 502;
    });
    server_.Get("/", [folder](const httplib::Request&, httplib::Response& response) {
      const auto answer = backend_client(folder).Get("/");
      if (answer) response.set_content(answer->body, "text/html");
      else response.status = 502;
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
  }
  int port() const { return port_; }
  void run() { server_.listen_after_bind(); }
  void stop() { server_.stop(); }
  bool running() const { return server_.is_running(); }

 private:
  httplib::Server server_;
  int port_ = -1;
};

httplib::Client loopback_client(int port) {
  httplib::Client client("127.0.0.1", port);
  client.set_keep_alive(true);
  client.set_tcp_nodelay(true);
  return client;
}

class HttpEnd : public End {
 public:
  explicit HttpEnd(httplib::Client client) : client_(std::move(client)) { client_.set_read_timeout(1, 0); }

  Result<void> send(std::span<const std::byte> bytes) override {
    body_.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }

  // The exchange is one call of the library, so that it happens here.
  Result<void> receive(std::span<std::byte> bytes) override {
    const auto answer = client_.Post("/echo", body_, "application/octet-stream");
    if (!answer) return fail(ErrorKind::disconnected, "POST through the bridge: " + httplib::to_string(answer.error()));
    if (answer->status != 200) return fail(ErrorKind::io, fmt::format("POST through the bridge: status {}", answer->status));
    if (answer->body.size() != bytes.size()) return fail(ErrorKind::broken, "a body of another length came back");
    std::copy_n(reinterpret_cast<const std::byte*>(answer->body.data()), bytes.size(), bytes.data());
    return {};
  }

 private:
  httplib::Client client_;
  std::string body_;
};

// With the bridge, or straight to the service on its Unix socket: the difference is what the bridge costs.
class BridgeLink : public Link {
 public:
  BridgeLink(std::string folder, Pipe news, bool bridged) : folder_(std::move(folder)), news_(std::move(news)), bridged_(bridged) {}

  bool serves_itself() const override { return true; }

  void serve() override {
    const Backend backend(folder_);
    Bridge bridge(folder_);
    const int port = backend.running() ? bridge.port() : -1;
    if (write_exactly(news_.write_end.get(), std::as_bytes(std::span(&port, 1)))) bridge.run();
  }

  // The loopback port, once both are listening.
  Result<int> port() {
    int port = -1;
    news_.write_end.reset();
    if (auto told = read_exactly(news_.read_end.get(), std::as_writable_bytes(std::span(&port, 1))); !told) return tl::unexpected(told.error());
    if (port <= 0) return fail(ErrorKind::forbidden, "the bridge could not listen on 127.0.0.1 or on its Unix socket");
    return port;
  }

  Result<std::unique_ptr<End>> open(Side) override {
    const auto number = port();
    if (!number) return tl::unexpected(number.error());
    return std::make_unique<HttpEnd>(bridged_ ? loopback_client(*number) : backend_client(folder_));
  }

  // The bridge connects when the first request comes, so the name stays until the folder goes.

 private:
  std::string folder_;
  Pipe news_;
  bool bridged_;
};

Result<std::unique_ptr<BridgeLink>> prepare_bridge(const Place& place) {
  // Said by the first call that a filter forbids, rather than by a library that only says "failed".
  for (const int family : {AF_INET, AF_UNIX}) {
    const Fd allowed(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!allowed.valid()) return fail_errno("socket", errno);
  }
  auto news = make_pipe();
  if (!news) return tl::unexpected(news.error());
  unlink(socket_path(place.folder).c_str());
  return std::make_unique<BridgeLink>(place.folder, std::move(*news), place.mode != "without-bridge");
}

// Backend and bridge in a child; the trial talks to them from outside, as a browser would.
template <typename Talk>
Trial with_bridge(std::string_view id, const Place& place, Talk talk) {
  auto link = prepare_bridge(place);
  if (!link) return broken(id, link.error());
  const auto pid = fork_bound();
  if (!pid) return broken(id, pid.error());
  if (*pid == 0) {
    (*link)->serve();
    _exit(0);
  }
  const auto port = (*link)->port();
  Trial trial = port ? talk(*port) : broken(id, port.error());
  kill_and_reap(*pid);
  unlink(socket_path(place.folder).c_str());
  return trial;
}

Trial try_answers(std::string_view id, const Place& place) {
  return with_bridge(id, place, [id](int port) {
    HttpEnd end(loopback_client(port));
    const std::string text = "{\"hello\": 1}";
    std::vector<std::byte> back(text.size());
    (void)end.send(std::as_bytes(std::span(text)));
    if (const auto got = end.receive(back); !got) return broken(id, got.error());
    const bool same = std::equal(back.begin(), back.end(), std::as_bytes(std::span(text)).begin());
    return same ? confirmed(id, "a POST to the loopback port was answered by the service on the Unix socket") : refuted(id, "another body came back");
  });
}

Trial try_curl(const Place& place) {
  constexpr std::string_view id = "curl-answers";
  const std::string curl = installed("curl");
  if (curl.empty()) return not_run(id, "curl is not installed");
  return with_bridge(id, place, [&](int port) {
    const std::string text = "{\"hello\": 1}";
    const auto printed = output_of({curl, "-s", "--noproxy", "*", "--max-time", "5", "--data-binary", text, fmt::format("http://127.0.0.1:{}/echo", port)}, 6000);
    if (!printed) return broken(id, printed.error());
    return *printed == text ? confirmed(id, "curl sent JSON to the loopback port and showed the answer of the service on the Unix socket") : refuted(id, "curl did not show the answer");
  });
}

Trial try_other_user_on_socket(const Place& place) {
  constexpr std::string_view id = "other-user-refused";
  return with_bridge(id, place, [&](int) {
    const SocketKind kind = unix_kind("unix-stream", SOCK_STREAM);
    const auto outcome = as_other_user([&] {
      errno = 0;
      const auto client = kind.connect(socket_path(place.folder));
      return client ? 0 : errno;
    });
    Trial trial = judge_other_user(id, outcome, true, "connect to the Unix socket");
    if (trial.verdict == Verdict::confirmed) trial.because += "; the loopback port is open to every user and needs a token";
    return trial;
  });
}

Trial try_clients(const Place& place) {
  constexpr std::string_view id = "clients-at-once";
  return with_bridge(id, place, [&](int port) {
    HttpEnd end(loopback_client(port));
    // Each thread of the library's pool serves one connection at a time, so a client here is one request in a row.
    int answered = 0;
    const std::string text = "x";
    std::vector<std::byte> back(1);
    for (int i = 0; i < place.clients; ++i) {
      (void)end.send(std::as_bytes(std::span(text)));
      if (end.receive(back)) ++answered;
    }
    Trial trial = not_run(id, fmt::format("{} requests one after the other were answered; how many clients at once is the bridge's own setting", answered));
    trial.figure = answered;
    trial.unit = "requests";
    return trial;
  });
}

}  // namespace

// A module of its own, for its library's sake: see load_probe().
extern "C" const Probe unix_http_bridge_probe;
const Probe unix_http_bridge_probe{
    .id = "unix-http-bridge",
    .modes = {"", "without-bridge"},
    .flows = false,
    .prepare = [](const Place& place) -> Result<std::unique_ptr<Link>> { return prepare_bridge(place); },
    .trials = {{"two-way", [](const Place& place) { return try_answers("two-way", place); }},
               {"http-answers", [](const Place& place) { return try_answers("http-answers", place); }},
               {"curl-answers", try_curl},
               {"clients-at-once", try_clients},
               {"other-user-refused", try_other_user_on_socket}},
};

}  // namespace ipc_advisor::probe
