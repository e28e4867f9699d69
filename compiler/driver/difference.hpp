// `meshfedc diff` without a command line: what a build would change in the clusters, object by object.
#pragma once

#include <string>
#include <vector>

#include "base/fs.hpp"
#include "diff/change.hpp"
#include "driver/job.hpp"

namespace meshfed::driver {

struct DiffOptions {
  std::string file = "federation.toml";
  std::string out = "out";
  std::vector<std::string> clusters = {};  // by name; none: all
  unsigned jobs = 1;
};

/// The federation is read from the job's file system, and what is published from `before`. If something is wrong it is
/// reported, and the result means nothing. If `before` is another file system, the federation there is read as well,
/// for what discovery found then.
diff::Difference difference(const Job& job, base::Fs& before, const DiffOptions& options);

}  // namespace meshfed::driver
