// Where a published tree, or a federation, is read when that is Git.
#pragma once

#include <memory>
#include <string>

#include "driver/job.hpp"
#include "git/snapshot_fs.hpp"

namespace meshfed::driver {

/// What the repository that the main file stands in holds at `revision`, or in its index. Null, and reported, if there
/// is no such repository or revision.
std::unique_ptr<git::SnapshotFs> open_git(const Job& job, const git::Environment& environment,
                                          const std::string& main_file, const std::string& revision);

}  // namespace meshfed::driver
