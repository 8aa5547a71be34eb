// Each check of the host in a situation that is made for it, and in one where all is well.
#include "probe/host_checks.hpp"

#include <algorithm>
#include <cstdlib>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <set>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/os.hpp"
#include "rules_for_tests.hpp"

using namespace ipc_advisor;
using namespace ipc_advisor::probe;

namespace {

ChannelHere channel(const std::string& body) {
  const Channel stated = tests::channel_of(body);
  return channel_here([&](std::string_view id) {
    const auto index = tests::embedded_rules().vocabulary.find(id);
    return index ? &stated.needs[*index].value : nullptr;
  });
}

std::optional<std::string> complaint(std::string_view id, const std::string& body) {
  const auto found = std::find_if(all_host_checks().begin(), all_host_checks().end(), [&](const HostCheck& check) { return check.id == id; });
  REQUIRE(found != all_host_checks().end());
  return found->run(channel(body));
}

int listener_at(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int number = socket(AF_UNIX, SOCK_STREAM, 0);
  REQUIRE(bind(number, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(listen(number, 1) == 0);
  return number;
}

}  // namespace

TEST_SUITE("probe") {
  TEST_CASE("host checks: every rule of the host names one, and every one has a rule") {
    std::set<std::string> named, there;
    for (const rules::LintRule& rule : tests::embedded_rules().lint)
      if (!rule.host.empty()) named.insert(rule.host);
    for (const HostCheck& check : all_host_checks()) there.insert(std::string(check.id));
    CHECK(named == there);
  }

  TEST_CASE("host checks: variables in a path are replaced, and one that is not set is told") {
    setenv("IPC_ADVISOR_TEST", "/somewhere", 1);
    unsetenv("IPC_ADVISOR_NONE");
    CHECK(channel("path = \"$IPC_ADVISOR_TEST/a-${IPC_ADVISOR_TEST}.b\"").path == "/somewhere/a-/somewhere.b");
    CHECK(complaint("variable-unset", "path = \"$IPC_ADVISOR_NONE/x\"").has_value());
    CHECK_FALSE(complaint("variable-unset", "path = \"$IPC_ADVISOR_TEST/x\"").has_value());
    setenv("IPC_ADVISOR_TEST", std::string(120, 'x').c_str(), 1);
    CHECK(complaint("path-too-long", "uses = \"unix-stream\"\npath = \"/$IPC_ADVISOR_TEST\"").has_value());
    CHECK_FALSE(complaint("path-too-long", "uses = \"fifo\"\npath = \"/$IPC_ADVISOR_TEST\"").has_value());
  }

  TEST_CASE("host checks: folders that are missing, unfit, open to others") {
    const auto folder = PrivateFolder::make();
    REQUIRE(folder);
    const auto at = [&](const std::string& path) { return "uses = \"unix-stream\"\naccess = \"same-user\"\npath = \"" + path + "\""; };
    CHECK(complaint("folder-missing", at(folder->path() + "/none/s")).has_value());
    CHECK_FALSE(complaint("folder-missing", at(folder->path() + "/s")).has_value());
    CHECK(complaint("folder-unfit", at("/proc/s")).has_value());
    CHECK_FALSE(complaint("folder-unfit", at(folder->path() + "/s")).has_value());
    CHECK_FALSE(complaint("folder-open", at(folder->path() + "/s")).has_value());
    chmod(folder->path().c_str(), 01777);
    CHECK(complaint("folder-open", at(folder->path() + "/s")).has_value());
    CHECK_FALSE(complaint("fifo-protected", at(folder->path() + "/s")).has_value());
    chmod(folder->path().c_str(), 0700);
  }

  TEST_CASE("host checks: a dead server's socket, a live one's, and something else") {
    const auto folder = PrivateFolder::make();
    REQUIRE(folder);
    const std::string path = folder->path() + "/s", body = "uses = \"unix-stream\"\npath = \"" + path + "\"";
    CHECK_FALSE(complaint("socket-stale", body).has_value());
    const int listener = listener_at(path);
    CHECK_FALSE(complaint("socket-stale", body).has_value());
    CHECK_FALSE(complaint("path-taken", body).has_value());
    close(listener);
    CHECK(complaint("socket-stale", body).has_value());
    unlink(path.c_str());
    REQUIRE(mkdir(path.c_str(), 0700) == 0);
    CHECK(complaint("path-taken", body)->find("a folder") != std::string::npos);
    rmdir(path.c_str());
  }

  TEST_CASE("host checks: limits against what is needed") {
    CHECK(complaint("memory-too-small", "uses = \"posix-shm\"\nmessage-size = \"4 KiB\"") == std::nullopt);
    CHECK(complaint("backlog-capped", "uses = \"unix-stream\"\nmax-clients = 100000000").has_value());
    CHECK_FALSE(complaint("backlog-capped", "uses = \"unix-stream\"\nmax-clients = 2").has_value());
    CHECK(complaint("pipe-cannot-grow", "uses = \"fifo\"\nmessage-size = \"1 TiB\"").has_value());
    CHECK_FALSE(complaint("pipe-cannot-grow", "uses = \"unix-stream\"\nmessage-size = \"1 TiB\"").has_value());
    CHECK_FALSE(complaint("queue-short", "uses = \"unix-stream\"").has_value());
    CHECK_FALSE(complaint("queue-short", "uses = \"unix-dgram\"\nloss-ok = true").has_value());
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    const auto most = std::min<rlim_t>(limit.rlim_cur, 900000000);
    CHECK(complaint("too-few-descriptors", "uses = \"tcp\"\nmax-clients = " + std::to_string(most)).has_value());
    CHECK_FALSE(complaint("too-few-descriptors", "uses = \"tcp\"\nmax-clients = 2").has_value());
    CHECK_FALSE(complaint("spinning-throttled", "uses = \"unix-stream\"\nlatency = \"1 us\"").has_value());
    CHECK_FALSE(complaint("sockets-forbidden", "uses = \"unix-stream\"").has_value());
  }

  TEST_CASE("host checks: ports that are taken, the kernel's, or not this user's") {
    const int holder = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    REQUIRE(bind(holder, reinterpret_cast<const sockaddr*>(&address), length) == 0);
    REQUIRE(listen(holder, 1) == 0);
    getsockname(holder, reinterpret_cast<sockaddr*>(&address), &length);
    const std::string body = "uses = \"tcp\"\nport = " + std::to_string(ntohs(address.sin_port));
    CHECK(complaint("port-taken", body).has_value());
    // The kernel chose it, so it lies in the kernel's range.
    CHECK(complaint("port-ephemeral", body).has_value());
    close(holder);
    CHECK_FALSE(complaint("port-taken", body).has_value());
    CHECK_FALSE(complaint("port-ephemeral", "uses = \"tcp\"\nport = 1").has_value());
    CHECK_FALSE(complaint("port-taken", "uses = \"fifo\"\nport = 1").has_value());
    if (geteuid() == 0) CHECK_FALSE(complaint("port-privileged", "uses = \"tcp\"\nport = 80").has_value());
    CHECK_FALSE(complaint("localhost-is-v6", "uses = \"tcp\"\nbind = \"127.0.0.1\"").has_value());
  }
}
