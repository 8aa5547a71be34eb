// Listening, connecting, and ends over sockets.
#include "probe/sockets.hpp"

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
      if (errno != EINTR) return fail_errno("read", errno);
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
  SocketLink(const SocketKind& kind, Fd listener, std::string address, bool expert)
      : kind_(kind), listener_(std::move(listener)), address_(std::move(address)), expert_(expert) {}

  Result<std::unique_ptr<End>> open(Side side) override {
    auto socket = side == Side::server ? accept_one(listener_.get()) : kind_.connect(address_);
    if (!socket) return tl::unexpected(socket.error());
    // The name's descriptor is of no more use, and one more holder would hide the peer's death.
    listener_.reset();
    if (kind_.mechanism == "tcp") {
      const int on = 1;
      setsockopt(socket->get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    // TCP tunes its buffers itself, and better than a fixed size would (tcp(7)).
    if (expert_ && kind_.mechanism != "tcp") {
      // As much as the host allows to anybody (socket(7)); the kernel doubles it.
      const int bytes = 1 << 20;
      setsockopt(socket->get(), SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
      setsockopt(socket->get(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    }
    if (kind_.type == SOCK_SEQPACKET) return record_end(std::move(*socket));
    return descriptor_end(std::move(*socket), Fd());
  }

  void unlink_names() override {
    if (address_.front() == '/') unlink(address_.c_str());
  }

 private:
  SocketKind kind_;
  Fd listener_;
  std::string address_;
  bool expert_;
};

Result<Fd> new_socket(int family, int type) {
  const int number = socket(family, type | SOCK_CLOEXEC, 0);
  if (number < 0) return fail_errno("socket", errno);
  return Fd(number);
}

Result<Fd> listen_unix(const Place& place, int type, std::string& address) {
  auto listener = new_socket(AF_UNIX, type);
  if (!listener) return listener;
  address = place.folder + "/s";
  unlink(address.c_str());
  const sockaddr_un name = path_address(address);
  if (bind(listener->get(), general(name), sizeof name) != 0) return fail_errno("bind " + address, errno);
  chmod(address.c_str(), 0600);
  if (listen(listener->get(), 1024) != 0) return fail_errno("listen", errno);
  return listener;
}

Result<Fd> listen_tcp(std::string& address) {
  auto listener = new_socket(AF_INET, SOCK_STREAM);
  if (!listener) return listener;
  sockaddr_in name = loopback_address(0);
  socklen_t length = sizeof name;
  if (bind(listener->get(), general(name), sizeof name) != 0) return fail_errno("bind 127.0.0.1", errno);
  if (listen(listener->get(), 1024) != 0) return fail_errno("listen", errno);
  if (getsockname(listener->get(), reinterpret_cast<sockaddr*>(&name), &length) != 0) return fail_errno("getsockname", errno);
  address = std::to_string(ntohs(name.sin_port));
  return listener;
}

template <typename Address>
Result<Fd> connect_to(int family, int type, const Address& address) {
  auto out = new_socket(family, type);
  if (!out) return out;
  if (connect(out->get(), general(address), sizeof address) != 0) return fail_errno("connect", errno);
  return out;
}

}  // namespace

SocketKind unix_kind(std::string mechanism, int type) {
  return {std::move(mechanism), type, [type](const Place& place, std::string& address) { return listen_unix(place, type, address); },
          [type](const std::string& address) { return connect_to(AF_UNIX, type, path_address(address)); }};
}

SocketKind tcp_kind() {
  return {"tcp", SOCK_STREAM, [](const Place&, std::string& address) { return listen_tcp(address); },
          [](const std::string& address) { return connect_to(AF_INET, SOCK_STREAM, loopback_address(std::stoi(address))); }};
}

Result<std::unique_ptr<Link>> socket_link(const SocketKind& kind, const Place& place) {
  std::string address;
  auto listener = kind.listen(place, address);
  if (!listener) return tl::unexpected(listener.error());
  return std::make_unique<SocketLink>(kind, std::move(*listener), std::move(address), place.mode == "expert");
}

std::unique_ptr<End> descriptor_end(Fd in, Fd out) { return std::make_unique<DescriptorEnd>(std::move(in), std::move(out)); }
std::unique_ptr<End> record_end(Fd socket) { return std::make_unique<RecordEnd>(std::move(socket)); }

}  // namespace ipc_advisor::probe
