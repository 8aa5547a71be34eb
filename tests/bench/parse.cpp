// For comparison with the linter: reads a file and parses it with toml++, and nothing else.
// Prints how many channels it has, so that nothing is optimised away.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <toml++/toml.h>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::ifstream in(argv[1], std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const toml::table root = toml::parse(text);
  const toml::array* channels = root["channel"].as_array();
  std::printf("%zu\n", channels == nullptr ? 0 : channels->size());
  return 0;
}
