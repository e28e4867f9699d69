// Where `check --against` and `diff` look when it is Git.
#pragma once

#include <memory>
#include <string>

#include "cli/session.hpp"
#include "git/snapshot_fs.hpp"

namespace meshfed::cli {

/// What the repository that the main file stands in holds at `revision`, or in its index. Null, and reported, if there
/// is no such repository or revision.
std::unique_ptr<git::SnapshotFs> open_git(const Context& context, const std::string& main_file,
                                          const std::string& revision, diag::Sink& sink);

}  // namespace meshfed::cli
