// Look-up, loading and the wording of trials.
#include "probe/probe.hpp"

#include <algorithm>
#include <deque>
#include <dlfcn.h>
#include <filesystem>
#include <fmt/format.h>

namespace ipc_advisor::probe {

const Probe* find_probe(std::string_view id) {
  for (const Probe* probe : all_probes())
    if (probe->id == id) return probe;
  return nullptr;
}

namespace {

// Beside the program, where it is built; where an installation puts it; where the loader looks for anything.
void* open_module(std::string_view id) {
  std::error_code none;
  const std::string own = std::filesystem::read_symlink("/proc/self/exe", none).parent_path();
  for (const std::string& folder : {own + "/", own + "/" IPC_ADVISOR_MODULES "/", std::string()})
    if (void* module = dlopen(fmt::format("{}{}.so", folder, id).c_str(), RTLD_NOW)) return module;
  return nullptr;
}

}  // namespace

const Probe* load_probe(std::string_view id) {
  std::string symbol = std::string(id) + "_probe";
  std::replace(symbol.begin(), symbol.end(), '-', '_');
  void* module = open_module(id);
  if (void* found = module == nullptr ? nullptr : dlsym(module, symbol.c_str())) return static_cast<const Probe*>(found);
  static std::deque<Probe> absent;
  absent.push_back({.id = id, .flows = false, .prepare = [because = std::string(dlerror())](const Place&) -> Result<std::unique_ptr<Link>> {
                      return fail(ErrorKind::unsupported, "its probe cannot be loaded: " + because);
                    }, .trials = {}});
  return &absent.back();
}

namespace {
Trial make(std::string_view id, Verdict verdict, std::string because) { return {std::string(id), verdict, std::move(because), std::nullopt, ""}; }
}  // namespace

Trial confirmed(std::string_view id, std::string because) { return make(id, Verdict::confirmed, std::move(because)); }
Trial refuted(std::string_view id, std::string because) { return make(id, Verdict::refuted, std::move(because)); }
Trial not_run(std::string_view id, std::string because) { return make(id, Verdict::not_run, std::move(because)); }

Trial broken(std::string_view id, const Error& error) {
  const bool withheld = error.kind == ErrorKind::forbidden || error.kind == ErrorKind::unsupported || error.kind == ErrorKind::exhausted;
  return make(id, withheld ? Verdict::not_run : Verdict::inconclusive, error.message);
}

}  // namespace ipc_advisor::probe
