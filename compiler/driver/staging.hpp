// Files of Git's index that `git add` and `git commit` treat otherwise than others: what a comparison with the index
// has to say besides.
#pragma once

#include <string>

#include "driver/job.hpp"
#include "git/snapshot_fs.hpp"

namespace meshfed::driver {

/// Whether the index holds the main file. Reported if not, and the disk, which the job reads, does: then it waits for
/// `git add`.
bool is_staged(const Job& job, git::SnapshotFs& index, const std::string& main_file);

/// Of what was read from the index: which files the next commit will not hold as they are on the disk.
void report_staging(const Job& job, git::SnapshotFs& index);

}  // namespace meshfed::driver
