// Which commit the source of a build is: what is published on a branch of its own can then be traced back.
#pragma once

#include <string>
#include <vector>

#include "base/recording_fs.hpp"
#include "driver/job.hpp"
#include "git/options.hpp"

namespace meshfed::driver {

/// "\nMeshfedc-Source-Commit: <id>\n" if whoever had read the main file `source`, and what it includes, at HEAD of the
/// repository that it stands in would have found the same; else nothing. `reads` are all that were made.
std::string source_trailer(const Job& job, const git::Environment& environment, const std::string& source,
                           const std::vector<base::Observation>& reads);

}  // namespace meshfed::driver
