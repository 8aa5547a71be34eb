// Errors as values: every fallible function returns Result<T>; errno is classified here and nowhere else.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace ipc_advisor {

/// What kind of thing went wrong; decides the exit code and whether a probe outcome is "unsupported" or "failed".
enum class ErrorKind {
  usage,        ///< the command line or the user's file cannot be used
  rules,        ///< the rules are wrong: ours or a layered folder's
  not_found,    ///< a file or object is not there
  forbidden,    ///< permission, seccomp or a security module said no
  unsupported,  ///< this kernel or host does not have it
  exhausted,    ///< a limit was hit: descriptors, memory, space
  timed_out,    ///< a deadline passed
  disconnected, ///< the peer is gone
  io,           ///< any other failure of a system call
  broken        ///< the data is not what was sent
};

/// One failure with a message for people. `message` is a full sentence without a final newline.
struct Error {
  ErrorKind kind = ErrorKind::io;
  std::string message;
};

template <typename T>
using Result = tl::expected<T, Error>;

/// Builds the unexpected side of a Result.
inline tl::unexpected<Error> fail(ErrorKind kind, std::string message) {
  return tl::unexpected<Error>(Error{kind, std::move(message)});
}

/// The kind of an errno value (errno(3)); unknown values are ErrorKind::io.
ErrorKind classify_errno(int number);

/// "connect: Connection refused (ECONNREFUSED)" with its kind; `what` is the call or the thing acted on.
Error system_error(std::string_view what, int number);

/// As system_error, ready to be returned.
tl::unexpected<Error> fail_errno(std::string_view what, int number);

}  // namespace ipc_advisor
