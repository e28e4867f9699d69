// yaml_oracle write DIR SEED COUNT: writes DIR/document.yaml and DIR/strings.json, the strings in it.
// yaml_oracle check DIR:            compares the first with the second as yaml-cpp reads it.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "yaml/writer.hpp"
#include "yaml_oracle/document.hpp"
#include "yaml_oracle/strings.hpp"
#include "yaml_oracle/yaml_cpp_reader.hpp"

namespace {

using meshfed::yaml_oracle::Comparison;

bool save(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  return file.flush().good();
}

std::string load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int write(const std::string& directory, const std::string& seed, const std::string& count) {
  const std::vector<std::string> strings = meshfed::yaml_oracle::awkward_strings(std::stoull(seed), std::stoull(count));
  const std::string text = meshfed::yaml::to_string(meshfed::yaml_oracle::document(strings));
  const bool saved = save(directory + "/document.yaml", text) &&
                     save(directory + "/strings.json", nlohmann::json(strings).dump(-1, ' ', /*ensure_ascii=*/true));
  if (!saved) return std::fprintf(stderr, "cannot write to %s\n", directory.c_str()), 1;
  std::printf("seed %s: %zu strings, %zu bytes of YAML\n", seed.c_str(), strings.size(), text.size());
  return 0;
}

int check(const std::string& directory) {
  const auto strings = nlohmann::json::parse(load(directory + "/strings.json")).get<std::vector<std::string>>();
  const Comparison result = meshfed::yaml_oracle::compare_with_yaml_cpp(load(directory + "/document.yaml"),
                                                                        meshfed::yaml_oracle::document(strings));
  for (std::size_t i = 0; i < result.differences.size() && i < 20; ++i) {
    std::fprintf(stderr, "%s\n", result.differences[i].c_str());
  }
  std::printf("yaml-cpp: %zu compared, %zu differ\n", result.compared, result.differences.size());
  return result.compared > 0 && result.differences.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() == 4 && arguments[0] == "write") return write(arguments[1], arguments[2], arguments[3]);
  if (arguments.size() == 2 && arguments[0] == "check") return check(arguments[1]);
  std::fprintf(stderr, "usage: yaml_oracle write DIR SEED COUNT | yaml_oracle check DIR\n");
  return 64;
}
