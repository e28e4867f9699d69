// random_federation SEED DIRECTORY: writes the files of one random federation below an existing directory.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "support/random_federation.hpp"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: random_federation SEED DIRECTORY\n", stderr);
    return 64;
  }
  const std::filesystem::path root = argv[2];
  for (const auto& [path, text] : meshfed::testing::random_federation(std::strtoull(argv[1], nullptr, 10)).files()) {
    std::filesystem::create_directories((root / path).parent_path());
    std::ofstream(root / path, std::ios::binary) << text;
  }
  return 0;
}
