// The second half of publishing: makes clusters' directories what the inspection said they would be.
//
// At any moment, killed or not, every file is whole, what a kustomization.yaml lists is there, and each of our files
// has a content that the lock knows, so that the next build repairs what this one left. A cluster that is there
// already:
//   1. remove the temporaries of a killed build
//   2. write the lock of what was and of what will be
//   3. write what is new or changed, each to a temporary beside it that is then renamed; lists of files last
//   4. remove what is not planned any more, lists of files first; then the directories that are empty
//   5. write the lock of what is in place to a temporary
// One that is not there yet is written as a whole, lock and all, into a temporary directory: nobody sees it before it
// is complete, and a rename for each file, half of the time that writing them takes, is saved. When all are staged, the
// file system is synced, once, and only then does what is left of each cluster, the last lock or the whole directory,
// get its name: a power cut leaves the one or the other, never an empty file. Of a cluster that disappears only the
// lock is left by then; its directory gets a temporary name and is removed. What is unchanged is not touched, and if
// all is, nothing is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fs.hpp"
#include "emit/tree.hpp"
#include "publish/build_record.hpp"
#include "publish/inspect.hpp"
#include "publish/problem.hpp"

namespace meshfed::publish {

// A cluster whose files are written, and that waits for the sync.
struct Prepared {
  std::string cluster;
  Totals totals;                   // what was done so far
  std::uint64_t bytes = 0;         // of what was written
  std::optional<Problem> problem;  // work on the cluster stopped there
  bool changed = false;            // something was written or removed
  std::string from = {};           // to be renamed after the sync; empty: nothing
  std::string to = {};
  std::vector<std::string> retiring =
      {};  // of a cluster that disappears: its directories, to be removed after its lock
  std::optional<ClusterRecord> record = {};  // what the next build may rely on

  bool ok() const { return !problem; }
};

// For all that follows: the output directory exists, and the caller holds its lock. Different clusters may be staged at
// the same time.

// `tree` equals the one that was inspected, without problems; for a retired cluster only its `cluster` counts. What
// changed on the disk since the inspection is not overwritten: `changed_meanwhile`.
Prepared prepare(base::Fs& fs, const std::string& out, std::string_view federation, const emit::Tree& tree,
                 const Inspection& inspection);

// The same for a cluster that nothing in the output directory has the name of.
Prepared prepare_new(base::Fs& fs, const std::string& out, std::string_view federation, const emit::Tree& tree);

// Temporary directories of a killed build. What is in them and cannot be ours stays, and so do they.
void remove_leftover_directories(base::Fs& fs, const std::string& out);

// Syncs and completes all that were staged without a problem; of the others nothing more happens. Problems, one for
// each cluster at most, are left in them. If the sync fails, no cluster is completed.
void finish(base::Fs& fs, const std::string& out, std::vector<Prepared>& prepared);

}  // namespace meshfed::publish
