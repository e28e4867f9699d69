// Comparing the objects of a published tree with those that a federation compiles to, cluster by cluster.
#pragma once

#include "base/fs.hpp"
#include "diff/change.hpp"
#include "driver/targets.hpp"

namespace meshfed::driver {

/// `before` is the file system that the published tree is read from. What cannot be compared is reported, and the
/// difference then means nothing. No more clusters are held at once than a scope has jobs.
diff::Difference compare_objects(const Job& job, base::Fs& before, const std::vector<Scope>& scopes);

}  // namespace meshfed::driver
