// `meshfedc build` without a command line: from options to a published tree, or to one stream.
//
//   source::Manager files;
//   diag::Sink sink;
//   const driver::Built built = driver::build({fs, files, sink}, {.file = "federation.toml", .out = "out"});
//   sink.finish();
//   if (sink.errors() == 0) std::puts(built.publication.summary(false).c_str());
#pragma once

#include <optional>
#include <string>

#include "driver/build_cache.hpp"
#include "driver/compile.hpp"
#include "driver/job.hpp"
#include "driver/publication.hpp"
#include "driver/publish_branch.hpp"

namespace meshfed::driver {

struct BuildOptions {
  std::string file = "federation.toml";
  std::string out = "out";
  Selection selection = {};
  unsigned jobs = 1;
  PublishOptions publish = {};
  CommitRequest commit = {};
  CacheOptions cache = {};

  /// The clusters are all that are declared: what else is the federation's goes.
  bool whole() const { return selection.clusters.empty() && !selection.shard; }
};

struct Built {
  Publication publication;
  bool commits = false;  // that was asked for
  std::string branch = {};
  std::string commit = {};  // its id; empty: there was nothing to commit, or this is a dry run
};

/// If something is wrong it is reported, and nothing is published.
Built build(const Job& job, const BuildOptions& options);

/// The chosen clusters' objects as YAML, each cluster behind a comment with its name if there are several. Options
/// about publishing do not matter. Empty, and reported, if something is wrong.
std::string build_stream(const Job& job, const BuildOptions& options);

}  // namespace meshfed::driver
