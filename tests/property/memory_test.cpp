// What a build remembers of the last one saves time and decides nothing: after any edit of any federation, whoever
// remembers and whoever does not say and leave behind the same.
#include <doctest/doctest.h>

#include "property/seeds.hpp"
#include "support/random_edit.hpp"
#include "unit/cli/shell.hpp"

namespace meshfed::testing {
namespace {

constexpr std::uint64_t kFederations = 8 * kEditKinds;

void write(MemoryFs& fs, const RandomFederation& federation) {
  for (const auto& [path, text] : federation.files()) fs.put(path, text);
}

std::map<std::string, std::string> published(MemoryFs& fs) {
  std::map<std::string, std::string> files;
  for (const std::string& path : fs.paths()) {
    if (path.starts_with("out/")) files[path] = fs.bytes(path).value_or("");
  }
  return files;
}

TEST_CASE("after every kind of edit, a build that remembers the last one says and writes what one without does") {
  std::size_t built = 0;
  for_each_seed(kFederations, [&](std::uint64_t seed) {
    const RandomFederation federation = random_federation(seed);
    const Edit edit = random_edit(federation, seed, seed);
    INFO(edit.what);
    Shell remembers(false);
    Shell forgets(false);
    remembers.environment["HOME"] = "/home";
    for (Shell* shell : {&remembers, &forgets}) {
      write(shell->fs, federation);
      REQUIRE(shell->run({"build"}) == 0);
      write(shell->fs, edit.result);
    }
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"check"}, {"build", "--dry-run"}, {"build"}, {"check"}}) {
      CHECK(remembers.run(command) == forgets.run(command));
      CHECK(remembers.out == forgets.out);
      CHECK(remembers.err == forgets.err);
    }
    built += remembers.exit == 0 ? 1U : 0U;
    CHECK(published(remembers.fs) == published(forgets.fs));
  });
  CHECK(built > tried_of(kFederations) / 4);
}

}  // namespace
}  // namespace meshfed::testing
