// Which clusters a command publishes to or compares: those that are declared, and those that once were.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/fs.hpp"
#include "driver/compile.hpp"
#include "publish/problem.hpp"

namespace meshfed::cli {

struct Target {
  std::string cluster;
  std::optional<model::ClusterId> id;  // none: not declared any more
  bool is_new = false;                 // nothing in the output directory has its name
};

struct Targets {
  std::vector<Target> clusters;  // in byte order of their names
  /// The output directory cannot be listed. Looking at a cluster may say so too, in the same words: a sink drops
  /// repetitions.
  std::optional<publish::Problem> problem;
};

/// The chosen clusters, and with `retire` those in `out` that are the federation's and not declared any more.
Targets targets_of(base::Fs& fs, const std::string& out, const model::World& world,
                   const std::vector<model::ClusterId>& chosen, bool retire);

}  // namespace meshfed::cli
