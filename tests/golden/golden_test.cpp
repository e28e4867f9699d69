#include "golden_test.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include <doctest/doctest.h>

#include "base/disk_fs.hpp"
#include "diag/render_text.hpp"
#include "driver/compile.hpp"
#include "support/tests_dir.hpp"

namespace meshfed::testing {
namespace {

namespace fs = std::filesystem;

using Files = std::map<std::string, std::string>;  // bytes by path, which begins with the cluster

// One part of every cluster of the federation that has it. Warnings are as they may be; an error fails the case.
Files compiled(const std::string& entry, driver::Part part) {
  base::DiskFs disk;
  source::Manager sources;
  diag::Sink sink;
  const std::optional<check::Checked> checked = driver::analyse(disk, entry, sources, sink);
  sink.finish();
  REQUIRE_MESSAGE(checked.has_value(), diag::render_text(sink, sources));
  Files files;
  emit::Store store;
  for (model::ClusterId id = 0; id < checked->resolved().clusters.size(); ++id) {
    if (part == driver::Part::install && !checked->resolved().installs(id)) continue;
    const emit::Tree tree = driver::compile(*checked, id, store, part);
    for (const emit::OutputFile& file : tree.files) files[tree.cluster + "/" + file.path] = file.content->bytes;
  }
  return files;
}

Files on_disk(const fs::path& root) {
  Files files;
  if (!fs::exists(root)) return files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream stream(entry.path(), std::ios::binary);
    files[entry.path().lexically_relative(root).string()] = {std::istreambuf_iterator<char>(stream), {}};
  }
  return files;
}

void rewrite(const fs::path& root, const Files& files) {
  fs::remove_all(root);
  for (const auto& [path, bytes] : files) {
    fs::create_directories((root / path).parent_path());
    std::ofstream(root / path, std::ios::binary) << bytes;
  }
}

void compare(const Files& expected, const Files& actual) {
  for (const auto& [path, bytes] : actual) {
    const auto known = expected.find(path);
    CHECK_MESSAGE(known != expected.end(), path << " is not in expected/:\n" << bytes);
    if (known == expected.end()) continue;
    CHECK_MESSAGE(known->second == bytes, path << " should be\n" << known->second << "\nand is\n" << bytes);
  }
  for (const auto& [path, bytes] : expected) CHECK_MESSAGE(actual.contains(path), path << " is in expected/ only");
}

bool updating() {
  const char* update = std::getenv("MESHFED_UPDATE");
  return update != nullptr && std::string(update) == "1";
}

}  // namespace

void golden_case(const std::string& name) {
  const std::string folder = tests_dir() + "/golden/" + name;
  for (const driver::Part part : {driver::Part::federation, driver::Part::install}) {
    const std::string directory = driver::directory(part, folder + "/expected");
    const Files actual = compiled(folder + "/federation.toml", part);
    if (updating()) {
      rewrite(directory, actual);
    } else {
      compare(on_disk(directory), actual);
    }
  }
}

}  // namespace meshfed::testing
