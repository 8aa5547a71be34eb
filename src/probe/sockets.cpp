// Listening, connecting, and ends over sockets.
#include "probe/sockets.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/addresses.hpp"

namespace ipc_advisor::probe {
namespace {

class DescriptorEnd : public End {
 public:
  DescriptorEnd(Fd in, Fd out) : in_(std::move(in)), out_(std::move(out)) {}
  Result<void> send(std::span<const std::byte> bytes) override { return write_exactly(out_.valid() ? out_.get() : in_.get(), bytes); }

  Result<void> receive(std::span<std::byte> bytes) override {
    while (polls_ && !bytes.empty()) {
      const ssize_t got = read(in_.get(), bytes.data(), bytes.size());
      if (got > 0) bytes = bytes.subspan(static_cast<std::size_t>(got));
      else if (got == 0) return fail(ErrorKind::disconnected, "end of file: the peer closed its end");
      else if (errno != EAGAIN && errno != EINTR) return fail_errno("read", errno);
      else if (deadline_passed()) return fail(ErrorKind::timed_out, "read: nothing came before the deadline");
    }
    return bytes.empty() ? Result<void>{} : read_exactly(in_.get(), bytes);
  }

  Result<std::size_t> receive_some(std::span<std::byte> bytes, std::size_t) override {
    for (;;) {
      const ssize_t got = read(in_.get(), bytes.data(), bytes.size());
      if (got > 0) return static_cast<std::size_t>(got);
      if (got == 0) return fail(ErrorKind::disconnected, "end of file: the peer closed its end");
      if (errno != EINTR && !(polls_ && errno == EAGAIN)) return fail_errno("read", errno);
      if (deadline_passed()) return fail(ErrorKind::timed_out, "read: nothing came before the deadline");
    }
  }

  bool poll_busily() override { return polls_ = fcntl(in_.get(), F_SETFL, O_NONBLOCK) == 0; }

 private:
  bool polls_ = false;
  Fd in_, out_;  // out_ is none for a socket, which is both
};

class RecordEnd : public End {
 public:
  explicit RecordEnd(Fd socket) : socket_(std::move(socket)) {}

  Result<void> send(std::span<const std::byte> bytes) override {
    while (::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) {
      if (errno != EINTR) return fail_errno("send", errno);
      if (deadline_passed()) return fail(ErrorKind::timed_out, "send: nothing was taken before the deadline");
    }
    return {};
  }

  bool poll_busily() override { return polls_ = true; }

  // Several records a call, where that many are there (recvmmsg(2)).
  Result<std::size_t> receive_some(std::span<std::byte> bytes, std::size_t message) override {
    constexpr std::size_t most = 64;
    mmsghdr headers[most] = {};
    iovec parts[most];
    const std::size_t wanted = std::min(most, bytes.size() / message);
    for (std::size_t i = 0; i < wanted; ++i) {
      parts[i] = {bytes.data() + i * message, message};
      headers[i].msg_hdr.msg_iov = &parts[i];
      headers[i].msg_hdr.msg_iovlen = 1;
    }
    for (;;) {
      const int got = recvmmsg(socket_.get(), headers, static_cast<unsigned>(wanted), polls_ ? MSG_DONTWAIT : MSG_WAITFORONE, nullptr);
      for (int i = 0; i < got; ++i) {
        if (headers[i].msg_len == 0) return fail(ErrorKind::disconnected, "end of file: the peer closed its end");
        if (headers[i].msg_len != message || (headers[i].msg_hdr.msg_flags & MSG_TRUNC) != 0) return fail(ErrorKind::broken, "a record of another length arrived");
      }
      if (got > 0) return static_cast<std::size_t>(got) * message;
      if (errno != EINTR && !(polls_ && errno == EAGAIN)) return fail_errno("recvmmsg", errno);
      if (deadline_passed()) return fail(ErrorKind::timed_out, "recvmmsg: nothing came before the deadline");
    }
  }

  Result<void> receive(std::span<std::byte> bytes) override {
    for (;;) {
      const ssize_t got = recv(socket_.get(), bytes.data(), bytes.size(), MSG_TRUNC | (polls_ ? MSG_DONTWAIT : 0));
      if (got == static_cast<ssize_t>(bytes.size())) return {};
      if (got == 0) return fail(ErrorKind::disconnected, "end of file: the peer closed its end");
      if (got > 0) return fail(ErrorKind::broken, "a record of another length arrived");
      if (errno != EINTR && !(polls_ && errno == EAGAIN)) return fail_errno("recv", errno);
      if (deadline_passed()) return fail(ErrorKind::timed_out, "recv: nothing came before the deadline");
    }
  }

 private:
  Fd socket_;
  bool polls_ = false;
};

Result<Fd> accept_one(int listener) {
  for (;;) {
    const int number = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (number >= 0) return Fd(number);
    if (errno != EINTR) return fail_errno("accept", errno);
    if (deadline_passed()) return fail(ErrorKind::timed_out, "accept: nobody connected before the deadline");
  }
}

class SocketLink : public Link {
 public:
  SocketLink(const SocketKind& kind, Fd listener, std::string address, const Place& place)
      : kind_(kind), listener_(std::move(listener)), address_(std::move(address)), buffer_(place.buffer), gathers_(place.gather) {}

  Result<std::unique_ptr<End>> open(Side side) override {
    auto socket = side == Side::server ? accept_one(listener_.get()) : kind_.connect(address_);
    if (!socket) return tl::unexpected(socket.error());
    // The name's descriptor is of no more use, and one more holder would hide the peer's death.
    listener_.reset();
    if (kind_.mechanism == "tcp" && !gathers_) {
      const int on = 1;
      setsockopt(socket->get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    if (buffer_ > 0) ask_for_buffers(socket->get(), buffer_);
    if (kind_.type == SOCK_SEQPACKET) return record_end(std::move(*socket));
    return descriptor_end(std::move(*socket), Fd());
  }

  void unlink_names() override { remove_name(address_); }

 private:
  SocketKind kind_;
  Fd listener_;
  std::string address_;
  std::uint64_t buffer_;
  bool gathers_;
};

class PairLink : public Link {
 public:
  PairLink(ConnectedPair pair, bool keeps_records) : pair_(std::move(pair)), keeps_records_(keeps_records) {}

  Result<std::unique_ptr<End>> open(Side side) override {
    Fd mine = std::move(side == Side::server ? pair_.second : pair_.first);
    // A kept copy of the other end would answer oneself, or hide the peer's death.
    pair_.first.reset();
    pair_.second.reset();
    return keeps_records_ ? record_end(std::move(mine)) : descriptor_end(std::move(mine), Fd());
  }

 private:
  ConnectedPair pair_;
  bool keeps_records_;
};

// 127.0.0.1 or ::1 with that port; long enough for either.
struct Loopback {
  sockaddr_storage address{};
  socklen_t length = 0;

  Loopback(int family, int port) {
    if (family == AF_INET6) {
      auto& name = reinterpret_cast<sockaddr_in6&>(address);
      name.sin6_family = AF_INET6;
      name.sin6_addr = in6addr_loopback;
      name.sin6_port = htons(static_cast<std::uint16_t>(port));
      length = sizeof name;
    } else {
      const sockaddr_in name = loopback_address(port);
      std::memcpy(&address, &name, length = sizeof name);
    }
  }

  // Both families have the port at the same place.
  int port() const { return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port); }
};

Result<Fd> new_socket(int family, int type) {
  const int number = socket(family, type | SOCK_CLOEXEC, 0);
  if (number < 0) return fail_errno("socket", errno);
  return Fd(number);
}

int start_listening(const Fd& socket, int type) { return type == SOCK_DGRAM ? 0 : listen(socket.get(), 1024); }

Result<Fd> listen_unix(const Place& place, int type, std::string& address) {
  auto listener = new_socket(AF_UNIX, type);
  if (!listener) return listener;
  address = place.folder + "/s";
  unlink(address.c_str());
  const sockaddr_un name = path_address(address);
  if (bind(listener->get(), general(name), sizeof name) != 0) return fail_errno("bind " + address, errno);
  chmod(address.c_str(), 0600);
  if (start_listening(*listener, type) != 0) return fail_errno("listen", errno);
  return listener;
}

Result<Fd> listen_loopback(int family, int type, std::string& address) {
  auto listener = new_socket(family, type);
  if (!listener) return listener;
  Loopback name(family, 0);
  if (bind(listener->get(), general(name.address), name.length) != 0) return fail_errno(family == AF_INET6 ? "bind ::1" : "bind 127.0.0.1", errno);
  if (start_listening(*listener, type) != 0) return fail_errno("listen", errno);
  if (getsockname(listener->get(), reinterpret_cast<sockaddr*>(&name.address), &name.length) != 0) return fail_errno("getsockname", errno);
  address = std::to_string(name.port());
  return listener;
}

template <typename Address>
Result<Fd> connect_to(int family, int type, const Address& address, socklen_t length) {
  auto out = new_socket(family, type);
  if (!out) return out;
  if (connect(out->get(), general(address), length) != 0) return fail_errno("connect", errno);
  return out;
}

}  // namespace

SocketKind unix_kind(std::string mechanism, int type) {
  return {std::move(mechanism), type, [type](const Place& place, std::string& address) { return listen_unix(place, type, address); },
          [type](const std::string& address) { return connect_to(AF_UNIX, type, path_address(address), sizeof(sockaddr_un)); }};
}

namespace {

SocketKind loopback_kind(std::string mechanism, int family, int type) {
  return {std::move(mechanism), type, [family, type](const Place&, std::string& address) { return listen_loopback(family, type, address); },
          [family, type](const std::string& address) {
            const Loopback name(family, std::stoi(address));
            return connect_to(family, type, name.address, name.length);
          }};
}

// A zero byte, and the words of the address without their @.
std::pair<sockaddr_un, socklen_t> abstract_address(const std::string& address) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  address.copy(name.sun_path + 1, sizeof name.sun_path - 2, 1);
  return {name, static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size())};
}

}  // namespace

SocketKind tcp_kind(int family) { return loopback_kind("tcp", family, SOCK_STREAM); }
SocketKind udp_kind() { return loopback_kind("udp", AF_INET, SOCK_DGRAM); }

SocketKind abstract_kind() {
  return {"unix-stream", SOCK_STREAM,
          [](const Place& place, std::string& address) -> Result<Fd> {
            auto listener = new_socket(AF_UNIX, SOCK_STREAM);
            if (!listener) return listener;
            address = "@" + place.folder.substr(place.folder.rfind('/') + 1);
            const auto [name, length] = abstract_address(address);
            if (bind(listener->get(), general(name), length) != 0) return fail_errno("bind an abstract name", errno);
            if (listen(listener->get(), 16) != 0) return fail_errno("listen", errno);
            return listener;
          },
          [](const std::string& address) {
            const auto [name, length] = abstract_address(address);
            return connect_to(AF_UNIX, SOCK_STREAM, name, length);
          }};
}

void remove_name(const std::string& address) {
  if (!address.empty() && address.front() == '/') unlink(address.c_str());
}

Result<std::unique_ptr<Link>> socket_link(const SocketKind& kind, const Place& place) {
  std::string address;
  auto listener = kind.listen(place, address);
  if (!listener) return tl::unexpected(listener.error());
  return std::make_unique<SocketLink>(kind, std::move(*listener), std::move(address), place);
}

std::unique_ptr<Link> pair_link(ConnectedPair pair, const Place& place, bool keeps_records) {
  if (place.buffer > 0)
    for (const Fd* end : {&pair.first, &pair.second}) ask_for_buffers(end->get(), place.buffer);
  return std::make_unique<PairLink>(std::move(pair), keeps_records);
}

void ask_for_buffers(int socket, std::uint64_t bytes) {
  const int wanted = static_cast<int>(bytes);
  setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &wanted, sizeof wanted);
  setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &wanted, sizeof wanted);
}

std::unique_ptr<End> descriptor_end(Fd in, Fd out) { return std::make_unique<DescriptorEnd>(std::move(in), std::move(out)); }
std::unique_ptr<End> record_end(Fd socket) { return std::make_unique<RecordEnd>(std::move(socket)); }

}  // namespace ipc_advisor::probe
