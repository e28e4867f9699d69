// toml_parse FILE...: toml++'s own parse of the same bytes, and nothing else: what `meshfedc validate` is measured
// against.
#include <toml++/toml.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

int main(int argc, char** argv) {
  std::size_t bytes = 0;
  std::size_t tables = 0;
  for (int i = 1; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    tables += toml::parse(text).size();
    bytes += text.size();
  }
  std::printf("%zu bytes, %zu top-level tables\n", bytes, tables);
  return 0;
}
