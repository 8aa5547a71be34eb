// What surrounds this process: other servers, mounts, kernels, policies, and what others left behind. Only looked at,
// nothing is changed; a connection that finds a server is closed at once.
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <sys/socket.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/addresses.hpp"
#include "base/os.hpp"
#include "base/text.hpp"
#include "probe/host_checks.hpp"

namespace ipc_advisor::probe {
namespace {

using Complaint = std::optional<std::string>;

// Empty also where reading fails, as that of a security attribute does on a kernel without one.
std::string text_at(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string text_of(const ChannelHere& channel, const char* file) { return text_at(channel.root + file); }

bool is_on(const ChannelHere& channel, std::string_view platform) {
  return std::find(channel.platforms.begin(), channel.platforms.end(), platform) != channel.platforms.end();
}

Complaint socket_live(const ChannelHere& channel) {
  if (!channel.has_name() || !channel.uses_socket() || channel.path.size() > 107) return std::nullopt;
  const int kind = channel.uses == "unix-dgram" ? SOCK_DGRAM : channel.uses == "unix-seqpacket" ? SOCK_SEQPACKET : SOCK_STREAM;
  const Fd socket(::socket(AF_UNIX, kind | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const sockaddr_un address = path_address(channel.path);
  if (!socket.valid() || connect(socket.get(), general(address), sizeof address) != 0) return std::nullopt;
  return "a server answers at the path: a second one must not unlink it";
}

Complaint socket_mounted(const ChannelHere& channel) {
  if (!channel.has_name() || !channel.uses_socket()) return std::nullopt;
  const auto root = mounted_from(text_of(channel, "/proc/self/mountinfo"), channel.path);
  if (!root) return std::nullopt;
  return root->ends_with("//deleted") ? "the socket itself is mounted, and its file is gone: the server has made another one"
                                      : "the socket itself is mounted, not its folder: it goes stale when the server starts anew";
}

Complaint two_kernels(const ChannelHere& channel) {
  const bool windows = is_on(channel, "windows") || is_on(channel, "windows-before-17063");
  const std::string release = windows && channel.uses_socket() ? text_of(channel, "/proc/sys/kernel/osrelease") : "";
  if (release.find("icrosoft") == std::string::npos) return std::nullopt;
  return "this is Linux inside Windows (WSL): no Unix socket joins the two";
}

Complaint policy_enforced(const ChannelHere& channel) {
  if (!channel.uses_socket()) return std::nullopt;
  if (text_of(channel, "/sys/fs/selinux/enforce").starts_with('1')) return "SELinux enforces its policy here: a client of another domain needs connectto";
  std::string profile = text_of(channel, "/proc/self/attr/current");
  profile.erase(std::min(profile.find_first_of(std::string_view("\n\0", 2)), profile.size()));
  if (!profile.ends_with("(enforce)")) return std::nullopt;
  return fmt::format("AppArmor confines this process by {}: its profile must allow the connection", printable(profile));
}

Complaint kernel_in_between(const ChannelHere& channel) {
  if (channel.boundary != "containers" || !channel.uses_socket()) return std::nullopt;
  if (text_of(channel, "/proc/version").find("gVisor") != std::string::npos) return "gVisor is between this container and the host: sockets on a shared folder do not meet";
  if (text_of(channel, "/proc/cmdline").find("agent.log") != std::string::npos) return "this container is a virtual machine (Kata): sockets on a shared folder do not meet";
  return std::nullopt;
}

Complaint folder_on_overlay(const ChannelHere& channel) {
  constexpr auto overlay = 0x794c7630;  // OVERLAYFS_SUPER_MAGIC of linux/magic.h
  struct statfs status {};
  if (!channel.has_name() || channel.boundary != "containers" || statfs(channel.folder().c_str(), &status) != 0 || status.f_type != overlay) return std::nullopt;
  return fmt::format("the folder {} is on this container's own overlay: another container sees another folder", printable(channel.folder()));
}

Complaint namespace_own(const ChannelHere& channel) {
  for (const char* folder : {"/tmp", "/var/tmp"}) {
    if (!channel.has_name() || !channel.path.starts_with(std::string(folder) + "/")) continue;
    const auto root = mounted_from(text_of(channel, "/proc/self/mountinfo"), folder);
    if (root && root->find("systemd-private-") != std::string::npos) return fmt::format("{} is private to this service (PrivateTmp=): nobody outside sees the path", folder);
  }
  const bool by_network = channel.is_abstract() || (channel.uses_any({"tcp", "udp"}) && (channel.bind == "127.0.0.1" || channel.bind == "::1" || channel.bind == "localhost"));
  char own[64] = {}, first[64] = {};
  // Who may not look at process 1 learns nothing.
  if (!by_network || readlink((channel.root + "/proc/self/ns/net").c_str(), own, sizeof own - 1) < 0 || readlink((channel.root + "/proc/1/ns/net").c_str(), first, sizeof first - 1) < 0) return std::nullopt;
  if (std::string_view(own) == first) return std::nullopt;
  return "this process has a network namespace of its own: names and ports here are not those of the host";
}

Complaint pipe_small(const ChannelHere& channel) {
  int ends[2];
  if (!channel.uses_any({"anonymous-pipe", "stdio", "fifo"}) || pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  const Fd reader(ends[0]), writer(ends[1]);
  const int size = fcntl(writer.get(), F_GETPIPE_SZ);
  if (size <= 0 || size >= 65536) return std::nullopt;
  return fmt::format("a new pipe holds {} bytes here, since this user has many of them", size);
}

Complaint memory_removed(const ChannelHere& channel) {
  constexpr uid_t first_of_people = 1000;  // SYS_UID_MAX of login.defs is 999
  if (!channel.uses_any({"posix-shm", "sysv-shm"}) || geteuid() < first_of_people || access((channel.root + "/run/systemd/system").c_str(), F_OK) != 0) return std::nullopt;
  std::string settings = text_of(channel, "/etc/systemd/logind.conf");
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(channel.root + "/etc/systemd/logind.conf.d", error)) settings += "\n" + text_at(entry.path());
  if (("\n" + settings).find("\nRemoveIPC=no") != std::string::npos) return std::nullopt;
  return "systemd removes this user's shared memory when his last session ends (RemoveIPC=)";
}

Complaint segments_left(const ChannelHere& channel) {
  if (!channel.uses_any({"sysv-shm"})) return std::nullopt;
  std::istringstream table(text_of(channel, "/proc/sysvipc/shm"));
  std::string line;
  std::getline(table, line);  // the heading
  int left = 0;
  while (std::getline(table, line)) {
    std::istringstream fields(line);
    long key = 0, id = 0, mode = 0, size = 0, maker = 0, last = 0, attached = 0;
    if (!(fields >> key >> id >> mode >> size >> maker >> last >> attached) || attached != 0) continue;
    if (kill(static_cast<pid_t>(maker), 0) != 0 && errno == ESRCH) ++left;
  }
  if (left == 0) return std::nullopt;
  return fmt::format("{} System V segment{} whose maker is gone and that nobody is attached to lie{} here", left, left == 1 ? "" : "s", left == 1 ? "s" : "");
}

}  // namespace

std::optional<std::string> mounted_from(std::string_view mountinfo, std::string_view mount_point) {
  std::istringstream lines{std::string(mountinfo)};
  std::optional<std::string> found;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string id, parent, device, root, point;
    // The last one lies on top of those before it.
    if (fields >> id >> parent >> device >> root >> point && point == mount_point) found = root;
  }
  return found;
}

std::span<const HostCheck> surroundings_checks() {
  static constexpr HostCheck checks[] = {{"socket-live", socket_live},             {"socket-mounted", socket_mounted},       {"two-kernels", two_kernels},     {"policy-enforced", policy_enforced},
                                         {"kernel-in-between", kernel_in_between}, {"folder-on-overlay", folder_on_overlay}, {"namespace-own", namespace_own}, {"pipe-small", pipe_small},
                                         {"memory-removed", memory_removed},       {"segments-left", segments_left}};
  return checks;
}

}  // namespace ipc_advisor::probe
