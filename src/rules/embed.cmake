# Writes OUT, a C++ table of every rule file's path and text. FILES are relative to RULES.
set(arrays "")
set(entries "")
set(number 0)
foreach(file IN LISTS FILES)
  # As bytes, since any text may stand in a rule file and string literals have a length limit.
  file(READ ${RULES}/${file} content HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," content "${content}")
  string(APPEND arrays "constexpr char file_${number}[] = {${content}'\\n'};\n")
  string(APPEND entries "    {\"${file}\", {file_${number}, sizeof file_${number}}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUT} "// Generated from rules/ by src/rules/embed.cmake.
#include \"rules/embedded.hpp\"

namespace ipc_advisor::rules {
namespace {
${arrays}
constexpr EmbeddedFile files[] = {
${entries}};
}  // namespace

std::span<const EmbeddedFile> embedded_files() { return files; }

}  // namespace ipc_advisor::rules
")
