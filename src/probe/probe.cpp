// Look-up and the wording of trials.
#include "probe/probe.hpp"

namespace ipc_advisor::probe {

const Probe* find_probe(std::string_view id) {
  for (const Probe* probe : all_probes())
    if (probe->id == id) return probe;
  return nullptr;
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
