// yaml_parse DIRECTORY: yaml-cpp's own parse of every manifest below a directory, and nothing else: what `meshfedc
// trace -o` is measured against.
#include <yaml-cpp/yaml.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

int main(int argc, char** argv) {
  std::size_t bytes = 0;
  std::size_t documents = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(argc > 1 ? argv[1] : ".")) {
    if (!entry.is_regular_file() || entry.path().extension() != ".yaml") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    documents += YAML::LoadAll(text).size();
    bytes += text.size();
  }
  std::fprintf(stderr, "%zu bytes, %zu documents\n", bytes, documents);
  return 0;
}
