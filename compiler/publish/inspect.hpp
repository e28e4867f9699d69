// The first half of publishing: what would change in a cluster's directory, and what forbids it. Writes nothing.
//
// A caller inspects every cluster, reports all problems, and only if there are none applies any (stage.hpp), holding
// the lock of the output directory (output.hpp) all the while. A dry run stops after the inspection and needs no lock.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fs.hpp"
#include "emit/tree.hpp"
#include "publish/build_record.hpp"
#include "publish/merge_traces.hpp"
#include "publish/problem.hpp"
#include "publish/stat_digest.hpp"

namespace meshfed::publish {

struct Options {
  // Overwrite regular files that were edited by hand or are not ours. Links, directories and the like, locks of others
  // and locks we cannot read are refused all the same, and nothing is deleted that is not ours.
  bool force = false;
  // Take the stat_digest of what is there, for the next record.
  bool stat_digest = false;
  // Look for files that carry our labels and that no lock lists; where there is no lock, that is done in any case.
  bool find_unlisted = false;
  // Finds what Git has merged in the working tree: null if nothing. Called only where a cluster is not as the last
  // build left it, be it by several threads; empty: there is no working tree.
  std::function<const MergeTraces*()> find_traces = nullptr;
};

// Paths are "<cluster>/<path>", sorted.
struct Summary {
  std::vector<std::string> created;
  std::vector<std::string> changed;
  std::vector<std::string> removed;
  std::vector<std::string> forced;  // of `changed`: edited or foreign, overwritten because of Options::force
  std::vector<std::string>
      kept;  // no longer ours though no longer planned: edited, and so left alone by Options::force
  std::vector<std::string> executable;  // planned files and the lock, where their owner may execute them; a build lets
                                        // that be
  std::vector<std::string> converted;   // of `changed` and `removed`, and the lock: ours, but for CR LF at line ends
  std::vector<std::string>
      unlisted;                     // with our labels, and neither planned nor in the lock: from before a lock was lost
  std::vector<std::string> merged;  // of `changed` and `removed`: what Git made of contents of ours
  std::size_t unchanged = 0;
  bool lock_changed = false;

  // Nothing to write: what is published is what was planned.
  bool empty() const { return created.empty() && changed.empty() && removed.empty() && !lock_changed; }
  bool operator==(const Summary&) const = default;
};

// The same in numbers, which is all that most builds say.
struct Totals {
  std::size_t created = 0;
  std::size_t changed = 0;
  std::size_t removed = 0;
  std::size_t unchanged = 0;

  bool operator==(const Totals&) const = default;
};

Totals totals_of(const Summary& summary);

// What `inspect` found. Everything below `summary` is for `stage`. Holds names and digests of what would change, no
// contents.
struct Inspection {
  std::vector<Problem> problems;  // of the lock first, then by path
  Summary summary;

  struct Write {
    std::size_t file;  // index into the tree's files
    std::string seen;  // digest of what is there now; empty: nothing
  };
  struct Removal {
    std::string path;  // relative to the output directory, as all below
    std::string seen;
    bool lists_files;
  };
  std::vector<Write> writes;             // in the order of writing
  std::vector<Removal> removals;         // in the order of removing
  std::vector<std::string> leftovers;    // temporaries of a killed build
  std::vector<std::string> directories;  // to be removed if empty then; the deepest first
  std::string lock_seen;                 // digest of the lock's text; empty: there is none
  bool retire = false;                   // the cluster is to disappear, lock and all
  StatDigest stat_digest;  // of its files; taken before anything was read; if Options asked for it, and there is a lock
};

// What it takes to make `<out>/<cluster>/` hold the tree. The output directory may be missing. Problems are all
// collected, one for each root cause; after one with the lock itself, nothing else is looked at. Files that already
// have the planned bytes are ours from then on, whoever wrote them. So are those whose line ends Git has converted, and
// those that it has merged, or could not merge, from contents of ours (ownership.hpp). With a record of the cluster
// that still holds, files are not opened; null: there is none.
Inspection inspect(base::Fs& fs, const std::string& out, std::string_view federation, const emit::Tree& tree,
                   const Options& options, const ClusterRecord* record = nullptr);

// What it takes to remove a cluster that the federation no longer has: the files of its lock, the lock, and the
// directories that are empty then. No lock there: nothing to do.
Inspection inspect_retired(base::Fs& fs, const std::string& out, std::string_view federation, std::string_view cluster,
                           const Options& options);

}  // namespace meshfed::publish
