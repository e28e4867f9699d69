// A real repository in a temporary directory, made with `git`.
#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>

#include "support/temp_dir.hpp"

namespace meshfed::testing {

struct GitScene {
  TempDir directory;

  GitScene() { run("git init -q -b main . && git config user.name t && git config user.email t@example.com"); }

  void run(const std::string& commands) const { REQUIRE(status(commands) == 0); }

  int status(const std::string& commands) const {
    return std::system(("cd '" + directory.path() + "' && { " + commands + "; }").c_str());
  }

  /// What the commands print, without the last line break.
  std::string output(const std::string& commands) const {
    run("{ " + commands + "; } >.git/output");
    std::ifstream stream(directory / ".git/output");
    std::string text{std::istreambuf_iterator<char>(stream), {}};
    if (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
  }

  /// Everything that is referred to, and what is not, is as it should be.
  void check_soundness() const {
    CHECK(output("git fsck --strict --no-dangling 2>&1 | grep -v ^notice: || true") == "");
  }

  std::string at(const std::string& path) const { return directory / path; }
};

}  // namespace meshfed::testing
