// The output directory as a whole: one build at a time, and which clusters are in it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fs.hpp"
#include "publish/problem.hpp"

namespace meshfed::publish {

struct OutputLock {
  std::unique_ptr<base::FileLock> held;  // null iff there is a problem
  std::optional<Problem> problem;
};

// Makes the output directory if need be, with its parents, and locks it against other builds as long as `held` lives; a
// second one gets `locked` at once. The directory itself is locked, so nothing is left behind.
OutputLock lock_output(base::Fs& fs, const std::string& out);

struct Published {
  std::vector<std::string> clusters;  // sorted
  std::optional<Problem> problem;
};

// The clusters that stand in the output directory with a lock of this federation. Directories of other federations,
// without a lock or with one that cannot be read, are passed over: they are not ours to retire. None if there is no
// output directory.
Published published_clusters(base::Fs& fs, const std::string& out, std::string_view federation);

}  // namespace meshfed::publish
