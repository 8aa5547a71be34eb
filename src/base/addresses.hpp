// Socket addresses in the shapes that bind(2) and connect(2) take.
#pragma once

#include <cstdint>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>

namespace ipc_advisor {

/// The general form of an address, as the socket calls want it. Refers to its argument.
template <typename Address>
const sockaddr* general(const Address& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

/// A socket's path (unix(7)), cut where sun_path ends: who takes a user's path checks its length first.
inline sockaddr_un path_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

/// A port of 127.0.0.1; 0 lets the kernel choose one (ip(7)).
inline sockaddr_in loopback_address(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

}  // namespace ipc_advisor
