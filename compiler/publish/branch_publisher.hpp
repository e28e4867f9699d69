// Publishing to a branch: the tree is built in memory, its new objects become one pack, and the branch moves in one
// step, if nobody else has moved it. No hook runs, no filter, nothing is pushed, and no index or working tree is
// touched, unless the branch is the one that is checked out here: then the caller has written the working tree already,
// and the index gets exactly what is committed.
//
//   open_branch        what would forbid a commit is known before anything is written
//   refresh            the branch as it is now
//   plan, stage        cluster by cluster, after publish::inspect on `tip`
//   commit             or, if the branch has moved: refresh again
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/fs.hpp"
#include "emit/tree.hpp"
#include "git/options.hpp"
#include "git/problem.hpp"
#include "git/remark.hpp"
#include "publish/inspect.hpp"

namespace meshfed::publish {

struct CommitResult {
  enum class Status { done, nothing_to_do, moved, failed };
  Status status = Status::failed;
  std::string id;                       // of the new commit, in hexadecimal; only if done
  std::optional<git::Problem> problem;  // only if failed
};

class BranchPublisher {
 public:
  struct Content;  // libgit2 stays in branch_publisher.cpp

  explicit BranchPublisher(std::unique_ptr<Content> content);
  ~BranchPublisher();

  /// The branch is checked out here: the working tree is to be written before `commit`.
  bool is_checked_out() const;

  /// For people: "rendered"; "HEAD" if no branch is checked out.
  std::string name() const;

  /// Where the output directory is in `tip`, or the one beside it with a suffix to its name.
  std::string output(std::string_view suffix = {}) const;

  /// The output directory is the whole repository: nothing can stand beside it.
  bool is_top() const;

  /// Takes the branch as it is now and forgets what was planned and staged. A branch that is not there begins where a
  /// remote has one of that name, else with nothing: no parent, no files.
  std::optional<git::Problem> refresh();

  /// What the last `refresh` found to say of remotes.
  const std::optional<git::Remark>& remark() const;

  /// What the branch holds since the last `refresh`.
  base::Fs& tip();

  /// Remembers what the cluster's directory is to hold. True if it holds exactly that: then there is no need to inspect
  /// and stage it. Safe to call from several threads, as is `stage`.
  bool plan(const emit::Tree& tree, std::string_view federation, std::string_view suffix = {});

  /// What an inspection of `tip` without problems says is to be done; where nothing has the cluster's name, an empty
  /// one will do. `tree` is the very one that was planned, or of a retired cluster.
  void prepare(const emit::Tree& tree, const Inspection& inspection, std::string_view suffix = {});

  /// `message` has a subject. Signed if Git's configuration says so, else there is a problem. Nothing is committed if
  /// that would change no file. `moved`: the branch is not where it was any more, and nothing is lost. A lock of
  /// another Git process is waited for, some seconds.
  CommitResult commit(const std::string& message);

 private:
  std::unique_ptr<Content> content_;
};

struct OpenedBranch {
  std::unique_ptr<BranchPublisher> branch;  // null iff there is a problem
  std::optional<git::Problem> problem;
};

/// The branch of the repository that the output directory is in, or would be; of a bare one, if it stands in its
/// directory. `disk` and `clock` outlive the branch.
OpenedBranch open_branch(base::Fs& disk, base::Clock& clock, const std::string& out, const git::CommitOptions& options,
                         const git::Environment& environment);

}  // namespace meshfed::publish
