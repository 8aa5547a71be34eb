# Writes OUT, the table of probes: one entry for each file of FILES, and for each id of LOADED, which has a file too but is
# a module of its own. A file named unix-stream.cpp ends in a descriptor `extern const Probe unix_stream_probe;` in
# namespace ipc_advisor::probe; a loaded one is extern "C", to be found by that name.
set(declarations "")
set(entries "")
foreach(file IN LISTS FILES)
  get_filename_component(id ${file} NAME_WE)
  string(REPLACE "-" "_" symbol ${id})
  string(APPEND declarations "extern const Probe ${symbol}_probe;\n")
  string(APPEND entries "    &${symbol}_probe,\n")
endforeach()
foreach(id IN LISTS LOADED)
  string(APPEND entries "    load_probe(\"${id}\"),\n")
endforeach()
file(WRITE ${OUT} "// Generated from the files in probes/ by src/probe/table.cmake.
#include \"probe/probe.hpp\"

namespace ipc_advisor::probe {
${declarations}
std::span<const Probe* const> all_probes() {
  static const Probe* const table[] = {
${entries}  };
  return table;
}

}  // namespace ipc_advisor::probe
")
