// Publishing clusters to a branch of Git.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/recording_fs.hpp"
#include "driver/publication.hpp"
#include "driver/targets.hpp"
#include "git/options.hpp"

namespace meshfed::driver {

struct CommitRequest {
  bool commit = false;  // else the rest is not looked at
  git::CommitOptions options = {};
  std::string message = {};  // empty: one that says what was done
  git::Environment environment = {};
  base::Clock* clock = nullptr;  // not null if there is to be a commit
};

/// What the clusters are compiled from. All of it outlives the call.
struct Source {
  const std::string& file;
  const std::vector<base::Observation>& reads;  // by which it was read
};

struct Committed {
  Publication publication;  // compared with what the branch held
  std::string branch;
  std::string id;  // of the commit; empty: there was nothing to commit, or this is a dry run
};

/// Like publish_directory, to the branch: problems are reported, and if there are any nothing is committed. The branch
/// that is checked out goes through the working tree: `write`, which publishes to the directory, comes first. If the
/// branch moves meanwhile, this commit comes on top of what it moved to.
Committed publish_branch(const Job& job, const std::vector<Scope>& scopes, const Source& source,
                         const PublishOptions& options, const CommitRequest& request,
                         const std::function<void()>& write);

}  // namespace meshfed::driver
