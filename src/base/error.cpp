// Classifies errno values and words them for people.
#include "base/error.hpp"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>

namespace ipc_advisor {

ErrorKind classify_errno(int number) {
  switch (number) {
    case ENOENT: case ENOTDIR: case ESRCH: case ENODEV: case ENXIO: return ErrorKind::not_found;
    case EPERM: case EACCES: case EROFS: return ErrorKind::forbidden;
    case ENOSYS: case EAFNOSUPPORT: case EPROTONOSUPPORT: case EOPNOTSUPP: case ESOCKTNOSUPPORT: case EADDRNOTAVAIL:
      return ErrorKind::unsupported;
    case EMFILE: case ENFILE: case ENOMEM: case ENOSPC: case EDQUOT: case ENOBUFS: case EMSGSIZE: case EAGAIN:
      return ErrorKind::exhausted;
    case ETIMEDOUT: return ErrorKind::timed_out;
    case EPIPE: case ECONNRESET: case ECONNREFUSED: case ENOTCONN: case ECONNABORTED: return ErrorKind::disconnected;
    default: return ErrorKind::io;
  }
}

Error system_error(std::string_view what, int number) {
  // strerrorname_np (glibc 2.32) gives the symbol that the manual pages use.
  const char* symbol = strerrorname_np(number);
  const char* text = strerrordesc_np(number);
  return {classify_errno(number), fmt::format("{}: {} ({})", what, text == nullptr ? "unknown error" : text,
                                              symbol == nullptr ? fmt::to_string(number) : std::string(symbol))};
}

tl::unexpected<Error> fail_errno(std::string_view what, int number) { return tl::unexpected<Error>(system_error(what, number)); }

}  // namespace ipc_advisor
