// What surrounds the process, in a world of files made for it: each check once where it complains and once where all is well.
#include <algorithm>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/os.hpp"
#include "probe/host_checks.hpp"

using namespace ipc_advisor;
using namespace ipc_advisor::probe;

namespace {

// A root of its own, with the files that are put there.
class World {
 public:
  World() : folder_(PrivateFolder::make()) { REQUIRE(folder_); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  // A private folder takes its files along, but no folders: no probe makes any.
  ~World() { std::filesystem::remove_all(folder_->path()); }

  void put(const std::string& path, const std::string& text) const {
    const std::filesystem::path file = folder_->path() + path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }

  const std::string& path() const { return folder_->path(); }

  std::optional<std::string> complaint(std::string_view id, ChannelHere channel) const {
    channel.root = folder_->path();
    const auto found = std::find_if(surroundings_checks().begin(), surroundings_checks().end(), [&](const HostCheck& check) { return check.id == id; });
    REQUIRE(found != surroundings_checks().end());
    return found->run(channel);
  }

 private:
  Result<PrivateFolder> folder_;
};

ChannelHere using_it(const std::string& mechanism, const std::string& path = "") {
  ChannelHere channel;
  channel.uses = mechanism;
  channel.path = path;
  return channel;
}

}  // namespace

TEST_SUITE("probe") {
  TEST_CASE("surroundings: a server that lives, and one that does not") {
    const World world;
    const std::string path = world.path() + "/s";
    CHECK_FALSE(world.complaint("socket-live", using_it("unix-stream", path)));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const Fd listener(socket(AF_UNIX, SOCK_STREAM, 0));
    REQUIRE(bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    CHECK_FALSE(world.complaint("socket-live", using_it("unix-stream", path)));
    REQUIRE(listen(listener.get(), 1) == 0);
    CHECK(world.complaint("socket-live", using_it("unix-stream", path)));
    CHECK_FALSE(world.complaint("socket-live", using_it("fifo", path)));
  }

  TEST_CASE("surroundings: a socket that is a mount, and a /tmp of one's own") {
    const World world;
    const auto with = [&](const std::string& root, const std::string& point) { world.put("/proc/self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n40 22 8:1 " + root + " " + point + " rw - ext4 /dev/sda1 rw\n"); };
    with("/var/lib/a", "/run/a");
    CHECK_FALSE(world.complaint("socket-mounted", using_it("unix-stream", "/run/a/s")));
    with("/var/lib/a/s", "/run/a/s");
    CHECK(world.complaint("socket-mounted", using_it("unix-stream", "/run/a/s"))->find("goes stale") != std::string::npos);
    with("/var/lib/a/s//deleted", "/run/a/s");
    CHECK(world.complaint("socket-mounted", using_it("unix-stream", "/run/a/s"))->find("gone") != std::string::npos);
    with("/tmp", "/tmp");
    CHECK_FALSE(world.complaint("namespace-own", using_it("unix-stream", "/tmp/s")));
    with("/tmp/systemd-private-1f-app.service-x/tmp", "/tmp");
    CHECK(world.complaint("namespace-own", using_it("unix-stream", "/tmp/s")));
    CHECK_FALSE(world.complaint("namespace-own", using_it("unix-stream", "/run/s")));
  }

  TEST_CASE("surroundings: another network namespace than the host's hides abstract names and loopback") {
    const World world;
    const auto link = [&](const char* process, const char* target) {
      const std::string file = world.path() + "/proc/" + process + "/ns/net";
      std::filesystem::create_directories(std::filesystem::path(file).parent_path());
      unlink(file.c_str());
      REQUIRE(symlink(target, file.c_str()) == 0);
    };
    ChannelHere loopback = using_it("tcp");
    loopback.bind = "127.0.0.1";
    CHECK_FALSE(world.complaint("namespace-own", loopback));
    link("self", "net:[1]");
    link("1", "net:[1]");
    CHECK_FALSE(world.complaint("namespace-own", loopback));
    link("self", "net:[2]");
    CHECK(world.complaint("namespace-own", loopback));
    CHECK(world.complaint("namespace-own", using_it("unix-stream", "@app")));
    CHECK_FALSE(world.complaint("namespace-own", using_it("unix-stream", "/run/s")));
  }

  TEST_CASE("surroundings: kernels and policies in between") {
    const World world;
    ChannelHere channel = using_it("unix-stream");
    channel.boundary = "containers";
    channel.platforms = {"linux", "windows"};
    for (const char* id : {"two-kernels", "policy-enforced", "kernel-in-between"}) CHECK_FALSE(world.complaint(id, channel));
    world.put("/proc/sys/kernel/osrelease", "6.1.0-18-amd64\n");
    world.put("/proc/version", "Linux version 6.1.0\n");
    world.put("/proc/self/attr/current", "unconfined\n");
    world.put("/sys/fs/selinux/enforce", "0");
    for (const char* id : {"two-kernels", "policy-enforced", "kernel-in-between"}) CHECK_FALSE(world.complaint(id, channel));
    world.put("/proc/sys/kernel/osrelease", "5.15.153.1-microsoft-standard-WSL2\n");
    CHECK(world.complaint("two-kernels", channel));
    world.put("/proc/self/attr/current", "docker-default\x1b (enforce)\n");
    CHECK(world.complaint("policy-enforced", channel)->find("docker-default\\x1b") != std::string::npos);
    world.put("/sys/fs/selinux/enforce", "1");
    CHECK(world.complaint("policy-enforced", channel)->find("SELinux") != std::string::npos);
    world.put("/proc/cmdline", "quiet agent.log=debug\n");
    CHECK(world.complaint("kernel-in-between", channel)->find("Kata") != std::string::npos);
    world.put("/proc/version", "Linux version 4.4.0 gVisor\n");
    CHECK(world.complaint("kernel-in-between", channel)->find("gVisor") != std::string::npos);
    channel.boundary = "none";
    channel.platforms = {"linux"};
    CHECK_FALSE(world.complaint("kernel-in-between", channel));
    CHECK_FALSE(world.complaint("two-kernels", channel));
  }

  TEST_CASE("surroundings: what cannot be read is no complaint") {
    // read(2) fails on a folder as it does on the security attribute of a kernel that has none.
    const World world;
    std::filesystem::create_directories(world.path() + "/proc/self/attr/current");
    ChannelHere channel;
    channel.uses = "unix-stream";
    CHECK_FALSE(world.complaint("policy-enforced", channel));
  }

  TEST_CASE("surroundings: segments that nobody uses any more") {
    const World world;
    const std::string heading = "       key      shmid perms                  size  cpid  lpid nattch   uid\n";
    world.put("/proc/sysvipc/shm", heading + "         1          0   600                  4096     1     1      0  1000\n");
    // Their maker, process 1, is alive.
    CHECK_FALSE(world.complaint("segments-left", using_it("sysv-shm")));
    const pid_t gone = fork();
    if (gone == 0) _exit(0);
    waitpid(gone, nullptr, 0);
    const std::string maker = std::to_string(gone);
    world.put("/proc/sysvipc/shm", heading + "         1          0   600                  4096  " + maker + "     1      1  1000\n");
    CHECK_FALSE(world.complaint("segments-left", using_it("sysv-shm")));
    world.put("/proc/sysvipc/shm", heading + "         1          0   600                  4096  " + maker + "     1      0  1000\n");
    CHECK(world.complaint("segments-left", using_it("sysv-shm")));
    CHECK_FALSE(world.complaint("segments-left", using_it("posix-shm")));
  }

  TEST_CASE("surroundings: memory that goes at logout, pipes and overlays") {
    const World world;
    CHECK_FALSE(world.complaint("memory-removed", using_it("posix-shm")));
    CHECK_FALSE(world.complaint("pipe-small", using_it("unix-stream")));
    ChannelHere here = using_it("unix-stream", world.path() + "/s");
    CHECK_FALSE(world.complaint("folder-on-overlay", here));
    // As a person, in a child, since there is no way back from it.
    if (geteuid() != 0) return;
    world.put("/run/systemd/system/x", "");
    CHECK_FALSE(world.complaint("memory-removed", using_it("posix-shm")));
    REQUIRE(chmod(world.path().c_str(), 0755) == 0);
    const pid_t person = fork();
    if (person == 0) {
      if (setuid(65534) != 0) _exit(9);
      _exit(world.complaint("memory-removed", using_it("posix-shm")) ? 0 : 1);
    }
    int status = 0;
    waitpid(person, &status, 0);
    CHECK(WEXITSTATUS(status) == 0);
    world.put("/etc/systemd/logind.conf.d/own.conf", "[Login]\nRemoveIPC=no\n");
    const pid_t other = fork();
    if (other == 0) {
      if (setuid(65534) != 0) _exit(9);
      _exit(world.complaint("memory-removed", using_it("posix-shm")) ? 0 : 1);
    }
    waitpid(other, &status, 0);
    CHECK(WEXITSTATUS(status) == 1);
  }
}
