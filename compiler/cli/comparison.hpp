// Comparing the objects of a published tree with those that a federation compiles to, cluster by cluster.
#pragma once

#include <string>
#include <vector>

#include "base/fs.hpp"
#include "cli/session.hpp"
#include "diff/change.hpp"
#include "driver/compile.hpp"

namespace meshfed::cli {

struct ComparisonOptions {
  std::string out;
  bool retire = false;  // the clusters are all that are declared: what else stands there is to go
  unsigned jobs = 1;
};

/// `before` is the file system that the published tree is read from. What cannot be compared is reported to the
/// session's sink, and the difference then means nothing. No more than `jobs` clusters are held at once.
diff::Difference compare_objects(Session& session, base::Fs& before, const check::Checked& checked,
                                 const std::vector<model::ClusterId>& clusters, const ComparisonOptions& options);

}  // namespace meshfed::cli
