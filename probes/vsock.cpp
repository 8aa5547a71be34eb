// A vsock stream to this very machine (VMADDR_CID_LOCAL): the same sockets that join a guest and its host.
#include <cerrno>
#include <linux/vm_sockets.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/addresses.hpp"
#include "probe/sockets.hpp"

namespace ipc_advisor::probe {
namespace {

sockaddr_vm address_of(unsigned cid, unsigned port) {
  sockaddr_vm address{};
  address.svm_family = AF_VSOCK;
  address.svm_cid = cid;
  address.svm_port = port;
  return address;
}

// What is missing here says nothing of the road between a guest and its host.
tl::unexpected<Error> no_road(std::string_view call, int number) {
  const Error error = system_error(std::string(call), number);
  const bool absent = number == ENODEV || number == EAFNOSUPPORT || number == EADDRNOTAVAIL || number == ECONNRESET || number == ENETUNREACH || number == EINVAL || number == ETIMEDOUT;
  return fail(absent ? ErrorKind::not_found : error.kind, absent ? "there is no vsock loopback to try it on (" + error.message + ")" : error.message);
}

Result<Fd> listen_vsock(std::string& address) {
  Fd listener(socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!listener.valid()) return no_road("socket", errno);
  sockaddr_vm name = address_of(VMADDR_CID_ANY, VMADDR_PORT_ANY);
  socklen_t length = sizeof name;
  if (bind(listener.get(), general(name), sizeof name) != 0) return no_road("bind", errno);
  if (listen(listener.get(), 1024) != 0) return no_road("listen", errno);
  if (getsockname(listener.get(), reinterpret_cast<sockaddr*>(&name), &length) != 0) return no_road("getsockname", errno);
  address = std::to_string(name.svm_port);
  return listener;
}

Result<Fd> connect_vsock(const std::string& address) {
  Fd out(socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!out.valid()) return no_road("socket", errno);
  // Where only the hypervisor's device is there, nobody answers; two seconds, the default, would be most of a budget.
  const timeval patience{0, 200'000};
  setsockopt(out.get(), AF_VSOCK, SO_VM_SOCKETS_CONNECT_TIMEOUT, &patience, sizeof patience);
  const sockaddr_vm name = address_of(VMADDR_CID_LOCAL, static_cast<unsigned>(std::stoul(address)));
  if (connect(out.get(), general(name), sizeof name) != 0) return no_road("connect", errno);
  return out;
}

SocketKind kind() {
  return {"vsock", SOCK_STREAM, [](const Place&, std::string& address) { return listen_vsock(address); }, connect_vsock};
}

Result<std::unique_ptr<Link>> prepare(const Place& place) {
  std::string address;
  const auto listener = listen_vsock(address);
  if (!listener) return tl::unexpected(listener.error());
  if (const auto client = connect_vsock(address); !client) return tl::unexpected(client.error());
  return socket_link(kind(), place);
}

}  // namespace

extern const Probe vsock_probe;
const Probe vsock_probe{
    .id = "vsock",
    .polls = true,
    .prepare = prepare,
    .trials = {{"two-way", [](const Place& place) { return try_two_way(pair_of(kind()), place); }},
               {"stream-merges", [](const Place& place) { return try_merging(pair_of(kind()), place); }},
               {"clients-at-once", [](const Place& place) { return try_clients_at_once(kind(), place); }},
               {"peer-death-seen", [](const Place& place) { return try_peer_death(kind(), place); }}},
};

}  // namespace ipc_advisor::probe
