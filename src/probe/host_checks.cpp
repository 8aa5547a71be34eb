// Paths and their folders, then limits, then ports. Every experiment uses a name of its own and takes it away again.
#include "probe/host_checks.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/addresses.hpp"
#include "base/os.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "probe/host.hpp"

namespace ipc_advisor::probe {
namespace {

using Complaint = std::optional<std::string>;

// $NAME and ${NAME}, and ~ at the beginning.
std::string expand(const std::string& path, std::string& unset) {
  std::string out;
  for (std::size_t at = 0; at < path.size();) {
    const bool home = at == 0 && path[0] == '~';
    if (path[at] != '$' && !home) {
      out += path[at++];
      continue;
    }
    const bool braced = path.substr(at, 2) == "${";
    std::size_t begin = at + (braced ? 2 : 1), end = begin;
    while (!home && end < path.size() && (std::isalnum(static_cast<unsigned char>(path[end])) != 0 || path[end] == '_')) ++end;
    const std::string name = home ? "HOME" : path.substr(begin, end - begin);
    const char* value = std::getenv(name.c_str());
    if (value == nullptr && unset.empty()) unset = name;
    out += value == nullptr ? "" : value;
    at = home ? 1 : end + (braced && end < path.size() ? 1 : 0);
  }
  return out;
}

double setting(const char* file) {
  std::ifstream in(file);
  double value = 0;
  in >> value;
  return value;
}

bool is_memory_user(const ChannelHere& channel) { return channel.uses_any({"posix-shm", "sysv-shm", "mapped-file"}); }

// ------------------------------------------------------------------ paths

Complaint variable_unset(const ChannelHere& channel) {
  if (channel.unset.empty()) return std::nullopt;
  return fmt::format("the path names ${}, which is not set here", printable(channel.unset));
}

Complaint path_too_long(const ChannelHere& channel) {
  if (!channel.uses_socket() || channel.path.size() <= 107) return std::nullopt;
  return fmt::format("the path has {} bytes here, and a Unix socket address holds 107", channel.path.size());
}

Complaint folder_missing(const ChannelHere& channel) {
  struct stat status {};
  if (!channel.has_name() || stat(channel.folder().c_str(), &status) == 0) return std::nullopt;
  return fmt::format("the folder {} is not here: {}", printable(channel.folder()), system_error("stat", errno).message);
}

Complaint folder_unfit(const ChannelHere& channel) {
  if (!channel.has_name() || !(channel.uses_socket() || channel.uses == "fifo") || access(channel.folder().c_str(), F_OK) != 0) return std::nullopt;
  const std::string name = fmt::format("{}/.ipc{}", channel.folder(), getpid());
  int number = 0;
  if (channel.uses == "fifo") {
    number = mkfifo(name.c_str(), 0600) == 0 ? 0 : errno;
  } else {
    const Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_un address = path_address(name);
    // A long folder is another rule's matter.
    if (!socket.valid() || name.size() > 107) return std::nullopt;
    number = bind(socket.get(), general(address), sizeof address) == 0 ? 0 : errno;
  }
  if (number == 0) unlink(name.c_str());
  if (number == 0) return std::nullopt;
  return fmt::format("the folder {} takes no {}: {}", printable(channel.folder()), channel.uses == "fifo" ? "FIFO" : "socket", system_error("creating one", number).message);
}

Complaint folder_open(const ChannelHere& channel) {
  struct stat status {};
  if (!channel.has_name() || channel.access != "same-user" || stat(channel.folder().c_str(), &status) != 0) return std::nullopt;
  const auto mode = status.st_mode & 07777u;
  if ((mode & 0022u) == 0) return std::nullopt;
  return fmt::format("the folder {} has mode {:04o}: others may put a socket of their own at that name", printable(channel.folder()), mode);
}

Complaint socket_stale(const ChannelHere& channel) {
  struct stat status {};
  if (!channel.has_name() || !channel.uses_socket() || channel.path.size() > 107 || lstat(channel.path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return std::nullopt;
  const Fd socket(::socket(AF_UNIX, (channel.uses == "unix-dgram" ? SOCK_DGRAM : channel.uses == "unix-seqpacket" ? SOCK_SEQPACKET : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const sockaddr_un address = path_address(channel.path);
  if (connect(socket.get(), general(address), sizeof address) == 0 || errno != ECONNREFUSED) return std::nullopt;
  return "a socket is at the path, and nobody listens: bind will fail until it is unlinked";
}

Complaint path_taken(const ChannelHere& channel) {
  struct stat status {};
  if (!channel.has_name() || lstat(channel.path.c_str(), &status) != 0) return std::nullopt;
  const bool right = (channel.uses_socket() && S_ISSOCK(status.st_mode)) || (channel.uses == "fifo" && S_ISFIFO(status.st_mode)) || (is_memory_user(channel) && S_ISREG(status.st_mode));
  if (right || channel.uses.empty()) return std::nullopt;
  return fmt::format("something else is at the path: {}", S_ISDIR(status.st_mode) ? "a folder" : S_ISREG(status.st_mode) ? "a file" : S_ISLNK(status.st_mode) ? "a link" : "another kind of file");
}

Complaint fifo_protected(const ChannelHere& channel) {
  struct stat status {};
  if (!channel.has_name() || channel.uses != "fifo" || stat(channel.folder().c_str(), &status) != 0) return std::nullopt;
  const bool shared = (status.st_mode & S_ISVTX) != 0 && (status.st_mode & 0022u) != 0;
  const double level = setting("/proc/sys/fs/protected_fifos");
  if (!shared || level == 0) return std::nullopt;
  return fmt::format("fs.protected_fifos is {:.0f}: in the shared folder {} opening another user's FIFO with O_CREAT is refused", level, printable(channel.folder()));
}

// ------------------------------------------------------------------ limits

Complaint memory_too_small(const ChannelHere& channel) {
  if (channel.uses != "posix-shm") return std::nullopt;
  const std::string name = fmt::format("/ipc-advisor-check-{}", getpid());
  const Fd object(shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600));
  if (!object.valid()) return fmt::format("no shared memory can be made here: {}", system_error("shm_open", errno).message);
  shm_unlink(name.c_str());
  const double wanted = std::max(channel.message_size * 2, 65536.0);
  // What a laboratory machine cannot spare is no finding; a gigabyte is asked for at most.
  const int number = posix_fallocate(object.get(), 0, static_cast<off_t>(std::min(wanted, 1e9)));
  if (number == 0) return std::nullopt;
  return fmt::format("/dev/shm has no room for two messages of {}: {}", format_quantity(channel.message_size, Quantity::size), system_error("posix_fallocate", number).message);
}

Complaint too_few_descriptors(const ChannelHere& channel) {
  rlimit limit{};
  constexpr double own = 16;
  if (channel.max_clients == 0 || !(channel.uses_socket() || channel.uses == "tcp") || getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
  if (channel.max_clients + own <= static_cast<double>(limit.rlim_cur)) return std::nullopt;
  return fmt::format("{:.0f} clients need more than the {} descriptors that a process may have here", channel.max_clients, limit.rlim_cur);
}

Complaint backlog_capped(const ChannelHere& channel) {
  const double most = setting("/proc/sys/net/core/somaxconn");
  if (most == 0 || channel.max_clients <= most || !(channel.uses_socket() || channel.uses == "tcp")) return std::nullopt;
  return fmt::format("{:.0f} clients that come at once do not fit the backlog, which net.core.somaxconn caps at {:.0f}", channel.max_clients, most);
}

Complaint queue_short(const ChannelHere& channel) {
  const double length = setting("/proc/sys/net/unix/max_dgram_qlen");
  constexpr double short_queue = 64;
  if (channel.uses != "unix-dgram" || channel.loss_ok || length == 0 || length >= short_queue) return std::nullopt;
  return fmt::format("net.unix.max_dgram_qlen is {:.0f}: that many datagrams wait, then the sender does", length);
}

Complaint pipe_cannot_grow(const ChannelHere& channel) {
  const double most = setting("/proc/sys/fs/pipe-max-size");
  if (!channel.uses_any({"fifo", "anonymous-pipe", "stdio"}) || most == 0 || channel.message_size <= most) return std::nullopt;
  return fmt::format("a message of {} does not fit a pipe, which grows to {} at most", format_quantity(channel.message_size, Quantity::size), format_quantity(most, Quantity::size));
}

Complaint spinning_throttled(const ChannelHere& channel) {
  constexpr double wakes_nobody = 10e-6;
  if (!is_memory_user(channel) || channel.latency == 0 || channel.latency >= wakes_nobody) return std::nullopt;
  const Host host = read_host();
  if (host.usable_cpus < 2) return fmt::format("{} needs both ends to spin, and one CPU is usable", format_quantity(channel.latency, Quantity::duration));
  if (host.cpu_quota && *host.cpu_quota < 2)
    return fmt::format("{} needs both ends to spin, and a quota of {:.2g} CPUs throttles them", format_quantity(channel.latency, Quantity::duration), *host.cpu_quota);
  return std::nullopt;
}

Complaint sockets_forbidden(const ChannelHere& channel) {
  if (!channel.uses_socket() && channel.uses != "tcp" && channel.uses != "udp") return std::nullopt;
  const bool internet = channel.uses == "tcp" || channel.uses == "udp";
  const Fd socket(::socket(internet ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.valid()) return std::nullopt;
  return fmt::format("this process may make no such socket: {}", system_error("socket", errno).message);
}

// ------------------------------------------------------------------ ports

bool has_port(const ChannelHere& channel) { return channel.port > 0 && channel.uses_any({"tcp", "udp", "unix-http-bridge"}); }

Complaint port_ephemeral(const ChannelHere& channel) {
  std::ifstream in("/proc/sys/net/ipv4/ip_local_port_range");
  double low = 0, high = 0;
  if (!has_port(channel) || !(in >> low >> high) || channel.port < low || channel.port > high) return std::nullopt;
  return fmt::format("port {:.0f} lies within {:.0f} to {:.0f}, from which this kernel picks ports for outgoing connections", channel.port, low, high);
}

Complaint port_privileged(const ChannelHere& channel) {
  const double first = setting("/proc/sys/net/ipv4/ip_unprivileged_port_start");
  if (!has_port(channel) || channel.port >= first || geteuid() == 0) return std::nullopt;
  return fmt::format("port {:.0f} is below {:.0f}, where this host lets unprivileged processes begin", channel.port, first);
}

Complaint port_taken(const ChannelHere& channel) {
  if (!has_port(channel)) return std::nullopt;
  const Fd socket(::socket(AF_INET, (channel.uses == "udp" ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0));
  const int on = 1;
  if (channel.uses != "udp") setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const sockaddr_in address = loopback_address(static_cast<int>(channel.port));
  if (bind(socket.get(), general(address), sizeof address) == 0 || errno != EADDRINUSE) return std::nullopt;
  return fmt::format("port {:.0f} is in use on this host", channel.port);
}

Complaint localhost_is_v6(const ChannelHere& channel) {
  if (channel.bind != "localhost") return std::nullopt;
  addrinfo* found = nullptr;
  if (getaddrinfo("localhost", nullptr, nullptr, &found) != 0 || found == nullptr) return "localhost has no address here";
  const bool first_is_v6 = found->ai_family == AF_INET6;
  freeaddrinfo(found);
  if (!first_is_v6) return std::nullopt;
  return "localhost is ::1 first on this host: a client of 127.0.0.1 does not find the server";
}

}  // namespace

bool ChannelHere::has_name() const { return path.starts_with('/') && unset.empty(); }
bool ChannelHere::uses_socket() const { return uses_any({"unix-stream", "unix-dgram", "unix-seqpacket", "unix-http-bridge"}); }
bool ChannelHere::uses_any(std::initializer_list<std::string_view> mechanisms) const { return std::find(mechanisms.begin(), mechanisms.end(), uses) != mechanisms.end(); }

std::string ChannelHere::folder() const {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, std::max<std::size_t>(slash, 1));
}

ChannelHere channel_here(const std::function<const Value*(std::string_view need)>& value_of) {
  const auto text = [&](std::string_view id) {
    const Value* value = value_of(id);
    const auto* word = value == nullptr ? nullptr : std::get_if<std::string>(value);
    return word == nullptr ? std::string() : *word;
  };
  const auto number = [&](std::string_view id) {
    const Value* value = value_of(id);
    const auto* one = value == nullptr ? nullptr : std::get_if<double>(value);
    return one == nullptr ? 0.0 : *one;
  };
  ChannelHere out;
  out.uses = text("uses");
  out.bind = text("bind");
  out.access = text("access");
  out.boundary = text("boundary");
  const Value* platforms = value_of("platforms");
  if (const auto* list = platforms == nullptr ? nullptr : std::get_if<std::vector<std::string>>(platforms)) out.platforms = *list;
  out.path = expand(text("path"), out.unset);
  out.port = number("port");
  out.max_clients = number("max-clients");
  out.message_size = number("message-size");
  out.latency = number("latency");
  const Value* loss = value_of("loss-ok");
  out.loss_ok = loss != nullptr && *loss == Value{true};
  return out;
}

std::span<const HostCheck> all_host_checks() {
  static const std::vector<HostCheck> checks = [] {
    std::vector<HostCheck> all{
        {"variable-unset", variable_unset},
        {"path-too-long", path_too_long},
        {"folder-missing", folder_missing},
        {"folder-unfit", folder_unfit},
        {"folder-open", folder_open},
        {"socket-stale", socket_stale},
        {"path-taken", path_taken},
        {"fifo-protected", fifo_protected},
        {"memory-too-small", memory_too_small},
        {"too-few-descriptors", too_few_descriptors},
        {"backlog-capped", backlog_capped},
        {"queue-short", queue_short},
        {"pipe-cannot-grow", pipe_cannot_grow},
        {"spinning-throttled", spinning_throttled},
        {"sockets-forbidden", sockets_forbidden},
        {"port-ephemeral", port_ephemeral},
        {"port-privileged", port_privileged},
        {"port-taken", port_taken},
        {"localhost-is-v6", localhost_is_v6},
    };
    const auto more = surroundings_checks();
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }();
  return checks;
}

}  // namespace ipc_advisor::probe
