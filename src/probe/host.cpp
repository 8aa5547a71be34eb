// Small reads of /proc and /sys, each allowed to fail.
#include "probe/host.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/os.hpp"
#include "base/text.hpp"
#include "base/units.hpp"

namespace ipc_advisor::probe {
namespace {

std::string first_line(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return printable(line);
}

std::string field_of(const char* path, std::string_view name) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.compare(0, name.size(), name) != 0) continue;
    const auto at = line.find_first_not_of(" \t", line.find(':') + 1);
    return at == std::string::npos ? "" : printable(line.substr(at));
  }
  return "";
}

// cgroup v2 gives "max 100000" or "50000 100000"; v1 has two files and -1 for no quota.
std::optional<double> quota_of(const std::string& folder) {
  double quota = 0, period = 0;
  std::istringstream unified(first_line((folder + "/cpu.max").c_str()));
  if (unified >> quota >> period && period > 0) return quota / period;
  std::istringstream v1_quota(first_line((folder + "/cpu.cfs_quota_us").c_str())), v1_period(first_line((folder + "/cpu.cfs_period_us").c_str()));
  if (v1_quota >> quota && v1_period >> period && quota > 0 && period > 0) return quota / period;
  return std::nullopt;
}

// The group of this process in the hierarchy that has the controller; "" of v2 (cgroups(7)). "/" where it cannot be told.
std::string group_of(std::string_view controller) {
  std::ifstream file("/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string list = "," + line.substr(first + 1, second - first - 1) + ",";
    if (list == ",,"  ? controller.empty() : list.find(fmt::format(",{},", controller)) != std::string::npos) return line.substr(second + 1);
  }
  return "/";
}

// The tightest quota of this process's group and all above it.
std::optional<double> read_quota() {
  std::optional<double> tightest;
  for (const auto& [root, controller] : {std::pair("/sys/fs/cgroup", ""), std::pair("/sys/fs/cgroup/cpu", "cpu"), std::pair("/sys/fs/cgroup/cpu,cpuacct", "cpu")}) {
    std::string group = group_of(controller);
    for (bool more = true; more; group = group.substr(0, group.rfind('/'))) {
      more = group.size() > 1;
      if (const auto quota = quota_of(root + group); quota && (!tightest || *quota < *tightest)) tightest = quota;
    }
  }
  return tightest;
}

std::string read_container() {
  if (access("/.dockerenv", F_OK) == 0) return "docker";
  if (access("/run/.containerenv", F_OK) == 0) return "podman";
  if (getenv("KUBERNETES_SERVICE_HOST") != nullptr) return "kubernetes";
  return first_line("/run/systemd/container");
}

std::string read_hypervisor() {
  const std::string flags = field_of("/proc/cpuinfo", "flags");
  if (flags.find(" hypervisor") == std::string::npos) return "";
  const std::string vendor = first_line("/sys/class/dmi/id/sys_vendor");
  return vendor.empty() ? "yes" : vendor;
}

void read_limits(Host& host) {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) host.limits.emplace_back("open files", fmt::to_string(files.rlim_cur));
  static constexpr std::pair<const char*, const char*> settings[] = {{"pipe-max-size", "/proc/sys/fs/pipe-max-size"},
                                                                    {"somaxconn", "/proc/sys/net/core/somaxconn"},
                                                                    {"max_dgram_qlen", "/proc/sys/net/unix/max_dgram_qlen"}};
  for (const auto& [name, path] : settings)
    if (std::string value = first_line(path); !value.empty()) host.limits.emplace_back(name, std::move(value));
  struct statvfs memory {};
  if (statvfs("/dev/shm", &memory) == 0)
    host.limits.emplace_back("/dev/shm free", format_quantity(static_cast<double>(memory.f_bavail) * static_cast<double>(memory.f_frsize), Quantity::size));
}

// What the kernel does against leaks of the CPU; "Mitigation: …" costs system calls time.
std::string read_mitigations() {
  std::string out;
  for (const char* name : {"meltdown", "spectre_v2", "mds", "retbleed", "srso"}) {
    const std::string line = first_line(("/sys/devices/system/cpu/vulnerabilities/" + std::string(name)).c_str());
    if (line.starts_with("Mitigation")) out += (out.empty() ? "" : ", ") + std::string(name);
  }
  return out;
}

void add_warnings(Host& host) {
  if (host.usable_cpus < 2) host.warnings.emplace_back("only one CPU is usable: both ends share it, and spinning figures are left out");
  if (host.cpu_quota && *host.cpu_quota < 2) host.warnings.push_back(fmt::format("a quota of {:.2g} CPUs: two busy ends are throttled", *host.cpu_quota));
  if (host.load_1min > host.usable_cpus) host.warnings.push_back(fmt::format("load {:.1f} on {} CPUs: figures are disturbed", host.load_1min, host.usable_cpus));
#ifndef NDEBUG
  host.warnings.emplace_back("a debug build of ipc-advisor: figures are slower than a release build's");
#endif
}

}  // namespace

Host read_host() {
  Host host;
  utsname name{};
  if (uname(&name) == 0) host.kernel = fmt::format("{} {} {}", name.sysname, name.release, name.machine);
  host.cpu_model = field_of("/proc/cpuinfo", "model name");
  host.governor = first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  host.hypervisor = read_hypervisor();
  host.container = read_container();
  host.usable_cpus = static_cast<int>(usable_cpus().size());
  host.cpu_quota = read_quota();
  double loads[1] = {};
  if (getloadavg(loads, 1) == 1) host.load_1min = loads[0];
  read_limits(host);
  if (std::string mitigations = read_mitigations(); !mitigations.empty()) host.limits.emplace_back("mitigations", std::move(mitigations));
  add_warnings(host);
  return host;
}

}  // namespace ipc_advisor::probe
