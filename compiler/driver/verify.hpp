// `meshfedc check` without a command line: whether a published tree is what the federation compiles to.
#pragma once

#include <string>

#include "driver/build_cache.hpp"
#include "driver/job.hpp"
#include "driver/publication.hpp"

namespace meshfed::driver {

struct VerifyOptions {
  std::string file = "federation.toml";
  std::string out = "out";
  unsigned jobs = 1;
  CacheOptions cache = {};  // of the builds that wrote the tree; empty if it is no working tree
  git::Environment environment = {};
  bool worktree = true;  // else the tree is in Git, which knows what modes mean
};

/// The federation and the tree are both read from the job's file system, and nothing is written. What differs is in the
/// result; what cannot be compared is reported.
Publication verify(const Job& job, const VerifyOptions& options);

}  // namespace meshfed::driver
