// What the 5xx rules of the linter ask of this host: limits, paths, ports, and small experiments that leave nothing behind.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"

namespace ipc_advisor::probe {

/// A channel's own words that matter here. Numbers are 0 where nothing was said.
struct ChannelHere {
  std::string uses, bind, access, boundary;
  std::vector<std::string> platforms;
  std::string path;      ///< with its variables replaced
  std::string unset;     ///< the first variable of the path that this environment does not have
  double port = 0, max_clients = 0, message_size = 0, latency = 0;
  bool loss_ok = false;
  std::string root;      ///< before /proc, /sys and /etc: tests put a world of their own there

  bool uses_any(std::initializer_list<std::string_view> mechanisms) const;
  bool is_abstract() const { return path.starts_with('@'); }
  bool has_name() const;       ///< an absolute path without holes
  bool uses_socket() const;    ///< a Unix one
  std::string folder() const;  ///< of the path; empty where it has none
};

/// `value_of` gives a need's value, or nullptr where the vocabulary has no such need.
ChannelHere channel_here(const std::function<const Value*(std::string_view need)>& value_of);

/// One check: what is wrong, in words; nothing where all is well or it does not apply.
struct HostCheck {
  std::string_view id;  ///< as a lint rule's `host` names it
  std::optional<std::string> (*run)(const ChannelHere& channel);
};

std::span<const HostCheck> all_host_checks();

/// Those that look at what surrounds the process; part of the above.
std::span<const HostCheck> surroundings_checks();

/// Of what the topmost mount at that very place is made: its root within its file system, as /proc/self/mountinfo tells.
std::optional<std::string> mounted_from(std::string_view mountinfo, std::string_view mount_point);

}  // namespace ipc_advisor::probe
