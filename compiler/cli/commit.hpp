// `meshfedc build --commit`: publishing to a branch of Git.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/recording_fs.hpp"
#include "cli/declaration.hpp"
#include "cli/publication.hpp"
#include "cli/session.hpp"
#include "publish/branch_publisher.hpp"

namespace meshfed::cli {

struct CommitRequest {
  bool commit = false;  // else the rest is not looked at
  git::CommitOptions options;
  std::string message;  // empty: one that says what was done
};

/// --commit, and the options that need it.
std::vector<Argument> commit_options(CommitRequest& request);

/// What is to be committed. All of it outlives the call.
struct Source {
  const std::string& file;
  const std::vector<base::Observation>& reads;  // by which it was read
  const check::Checked& checked;
  const std::vector<model::ClusterId>& clusters;
};

struct Committed {
  Publication publication;  // compared with what the branch held
  std::string branch;
  std::string id;  // of the commit; empty: there was nothing to commit, or this is a dry run
};

/// Like publish_clusters, to the branch: problems are reported, and if there are any nothing is committed. The branch
/// that is checked out goes through the working tree: `write`, which does what a build without --commit does, comes
/// first. If somebody commits at the same time, this commit comes on top of theirs.
Committed commit_clusters(Session& session, const Source& source, const PublishOptions& options,
                          const CommitRequest& request, const std::function<void()>& write);

}  // namespace meshfed::cli
