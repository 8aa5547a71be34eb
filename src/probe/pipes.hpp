// Links over two one-way descriptors, and the trials that pipes of every kind share.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/os.hpp"
#include "probe/probe.hpp"

namespace ipc_advisor::probe {

/// Two pipes, made before the fork; each side closes the ends that are not its own. With `as_stdio` the server's ends
/// become its standard input and output first.
/// They hold as much as the place's buffer says, where the host allows that.
Result<std::unique_ptr<Link>> pipe_link(bool as_stdio, const Place& place);

/// Opens a reading and a writing descriptor of a fresh pipe.
using OpenPipe = std::function<Result<Pipe>(const Place&)>;
Trial try_pipe_merging(const OpenPipe& open, const Place& place);
Trial try_one_way_only(const OpenPipe& open, const Place& place);
/// The writer is killed; the reader sees end of file.
Trial try_pipe_death(const OpenPipe& open, const Place& place);
/// Another user tries to open the descriptor through /proc, the only way to a thing without a name.
Trial try_other_user_finds(int fd);
/// How many bytes are taken before a writer that nobody reads from would block.
Trial try_pipe_filling(const OpenPipe& open, const Place& place);
/// A write after the last reader has gone is an error.
Trial try_pipe_without_reader(const OpenPipe& open, const Place& place);
/// Two readers of one pipe: each message goes to one of them, so that neither sees all; and the verdict on what they got.
Trial try_racing_readers(const OpenPipe& open, const Place& place);
Trial judge_race(int messages, int first, int second);
/// A line written by the redirection of that shell arrives.
Trial try_shell(const Place& place, const char* shell);
/// A FIFO at that path, made where none is there, and an open for writing that will not wait (fifo(7)).
Trial try_open_without_reader(const std::string& path);
/// A request and its answer over two of them.
Trial try_two_pipes(const OpenPipe& open, const Place& place);

}  // namespace ipc_advisor::probe
