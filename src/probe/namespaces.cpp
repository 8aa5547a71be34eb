// unshare(2) for the namespaces, rtnetlink(7) for the interfaces: no external program is needed.
#include "probe/namespaces.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <string>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/os.hpp"

namespace ipc_advisor::probe {
namespace {

// Outside what is usually routed: reserved for benchmarks (RFC 2544).
constexpr const char* addresses[] = {"198.18.0.1", "198.18.0.2"};
constexpr int prefix_length = 30;
constexpr int cannot_make = 120;

// Without privileges a user namespace of one's own gives the rights over the others (user_namespaces(7)).
bool enter_namespaces(int flags) { return unshare(flags) == 0 || unshare(CLONE_NEWUSER | flags) == 0; }

// One netlink request with nested attributes.
class NetlinkRequest {
 public:
  NetlinkRequest(std::uint16_t type, std::uint16_t flags, const void* header, std::size_t bytes) {
    head().nlmsg_type = type;
    head().nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | NLM_F_ACK | flags);
    head().nlmsg_len = NLMSG_LENGTH(0);
    append(header, bytes);
  }

  void add(std::uint16_t type, const void* data, std::size_t bytes) {
    const rtattr attribute{static_cast<std::uint16_t>(RTA_LENGTH(bytes)), type};
    append(&attribute, sizeof attribute);
    append(data, bytes);
  }

  // Returns where the attribute begins, for close().
  std::size_t open(std::uint16_t type) {
    const std::size_t at = head().nlmsg_len;
    add(type, nullptr, 0);
    return at;
  }

  void close(std::size_t at) {
    rtattr attribute;
    std::memcpy(&attribute, buffer_ + at, sizeof attribute);
    attribute.rta_len = static_cast<std::uint16_t>(head().nlmsg_len - at);
    std::memcpy(buffer_ + at, &attribute, sizeof attribute);
  }

  void append(const void* data, std::size_t bytes) {
    if (bytes > 0) std::memcpy(buffer_ + head().nlmsg_len, data, bytes);
    head().nlmsg_len += static_cast<std::uint32_t>(NLMSG_ALIGN(bytes));
  }

  // 0, or the errno of the kernel's answer.
  int send() {
    const Fd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    if (!socket.valid() || ::send(socket.get(), buffer_, head().nlmsg_len, 0) < 0) return errno;
    alignas(nlmsghdr) char answer[1024];
    const ssize_t got = recv(socket.get(), answer, sizeof answer, 0);
    if (got < static_cast<ssize_t>(NLMSG_LENGTH(sizeof(nlmsgerr)))) return EPROTO;
    nlmsgerr error;
    std::memcpy(&error, answer + NLMSG_HDRLEN, sizeof error);
    return -error.error;
  }

 private:
  nlmsghdr& head() { return *reinterpret_cast<nlmsghdr*>(buffer_); }
  alignas(nlmsghdr) char buffer_[1024] = {};
};

// A pair of interfaces, both called veth0, one here and one in the namespace of that process.
int make_pair_with(int other_pid) {
  const ifinfomsg any{};
  NetlinkRequest request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &any, sizeof any);
  constexpr char name[] = "veth0";
  const auto pid = static_cast<std::uint32_t>(other_pid);
  request.add(IFLA_IFNAME, name, sizeof name);
  const std::size_t info = request.open(IFLA_LINKINFO);
  request.add(IFLA_INFO_KIND, "veth", 4);
  const std::size_t data = request.open(IFLA_INFO_DATA);
  const std::size_t peer = request.open(VETH_INFO_PEER);
  request.append(&any, sizeof any);
  request.add(IFLA_IFNAME, name, sizeof name);
  request.add(IFLA_NET_NS_PID, &pid, sizeof pid);
  request.close(peer);
  request.close(data);
  request.close(info);
  return request.send();
}

int bring_up(const char* address) {
  const unsigned index = if_nametoindex("veth0");
  if (index == 0) return errno;
  ifinfomsg link{};
  link.ifi_index = static_cast<int>(index);
  link.ifi_flags = link.ifi_change = IFF_UP;
  if (const int number = NetlinkRequest(RTM_NEWLINK, 0, &link, sizeof link).send(); number != 0) return number;
  ifaddrmsg name{};
  name.ifa_family = AF_INET;
  name.ifa_prefixlen = prefix_length;
  name.ifa_index = index;
  in_addr binary{};
  inet_pton(AF_INET, address, &binary);
  NetlinkRequest request(RTM_NEWADDR, NLM_F_CREATE, &name, sizeof name);
  request.add(IFA_LOCAL, &binary, sizeof binary);
  request.add(IFA_ADDRESS, &binary, sizeof binary);
  return request.send();
}

bool wait_for_byte(int fd) {
  pollfd wait{fd, POLLIN, 0};
  char byte = 0;
  return poll(&wait, 1, 2000) == 1 && read(fd, &byte, 1) == 1;
}

void tell(int fd) {
  const char byte = 1;
  (void)!write(fd, &byte, 1);
}

Result<int> status_of(int pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status)) return fail(ErrorKind::io, "the other host's process was killed");
  if (WEXITSTATUS(status) == cannot_make) return fail(ErrorKind::forbidden, "this process may make no namespace");
  return WEXITSTATUS(status);
}

}  // namespace

Result<int> on_two_hosts(const std::function<int(const char* own, int ready)>& first, const std::function<int(const char* other)>& second) {
  auto made = make_pipe(), joined = make_pipe(), ready = make_pipe();
  if (!made || !joined || !ready) return fail(ErrorKind::exhausted, "no descriptors are left for two hosts");
  const auto server = fork_bound();
  if (!server) return tl::unexpected(server.error());
  if (*server == 0) {
    if (!enter_namespaces(CLONE_NEWNET)) _exit(cannot_make);
    tell(made->write_end.get());
    if (!wait_for_byte(joined->read_end.get()) || bring_up(addresses[0]) != 0) _exit(cannot_make);
    _exit(first(addresses[0], ready->write_end.get()));
  }
  const auto client = fork_bound();
  if (!client) {
    kill_and_reap(*server);
    return tl::unexpected(client.error());
  }
  if (*client == 0) {
    ready->write_end.reset();
    const bool both = wait_for_byte(made->read_end.get()) && enter_namespaces(CLONE_NEWNET) && make_pair_with(*server) == 0 && bring_up(addresses[1]) == 0;
    if (!both) _exit(cannot_make);
    tell(joined->write_end.get());
    if (!wait_for_byte(ready->read_end.get())) _exit(cannot_make);
    _exit(second(addresses[0]));
  }
  auto outcome = status_of(*client);
  kill_and_reap(*server);
  return outcome;
}

Result<int> on_other_host(const char* hidden_folder, const std::function<int()>& work, const char* size) {
  const auto pid = fork_bound();
  if (!pid) return tl::unexpected(pid.error());
  if (*pid == 0) {
    // What is mounted here must not be seen outside.
    const bool alone = enter_namespaces(CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWIPC) && mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                       (hidden_folder == nullptr || mount("none", hidden_folder, "tmpfs", 0, ("size=" + std::string(size)).c_str()) == 0);
    _exit(alone ? work() : cannot_make);
  }
  return status_of(*pid);
}

Result<int> with_own_objects(const std::function<int()>& work) {
  const auto pid = fork_bound();
  if (!pid) return tl::unexpected(pid.error());
  if (*pid == 0) _exit(enter_namespaces(CLONE_NEWIPC) ? work() : cannot_make);
  return status_of(*pid);
}

}  // namespace ipc_advisor::probe
