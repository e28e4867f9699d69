// The second half of publishing: makes a cluster's directory what the inspection said it would be.
//
// At any moment, killed or not, every file is whole, what a kustomization.yaml lists is there, and each of our files
// has a content that the lock knows, so that the next build repairs what this one left:
//   1. remove the temporaries of a killed build
//   2. write the lock of what was and of what will be
//   3. write what is new or changed, each to a temporary beside it that is then renamed; lists of files last
//   4. remove what is not planned any more, lists of files first; then the directories that are empty
//   5. sync the file system, then put the lock of what is in place
// What is unchanged is not touched, and if all is, nothing is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/fs.hpp"
#include "emit/tree.hpp"
#include "publish/inspect.hpp"
#include "publish/problem.hpp"

namespace meshfed::publish {

struct Outcome {
  Summary summary;                // what was done; as inspected if all went well
  std::vector<Problem> problems;  // at most one: work on the cluster stops there

  bool ok() const { return problems.empty(); }
};

// `tree` equals the one that was inspected; for a retired cluster only its `cluster` counts. The output directory
// exists, and the caller holds its lock. An inspection with problems changes nothing and returns them. What changed on
// the disk since the inspection is not overwritten: `changed_meanwhile`. Different clusters may be applied at the same
// time.
Outcome apply(base::Fs& fs, const std::string& out, std::string_view federation, const emit::Tree& tree,
              const Inspection& inspection);

}  // namespace meshfed::publish
