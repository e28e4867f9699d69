// What Git's own rules do to published files, as reports.
#pragma once

#include <string>
#include <vector>

#include "base/fs.hpp"
#include "driver/job.hpp"
#include "driver/publication.hpp"
#include "git/options.hpp"

namespace meshfed::driver {

/// Warns of published files that Git ignores, which no commit would hold then (MF0951): of those in the output
/// directory on the disk. Of what several clusters have by one name, one is looked at.
void report_ignored(const Job& job, const git::Environment& environment, const std::string& out,
                    const std::vector<std::string>& clusters);

/// The same of what a comparison with Git has found missing. True if there was something to report.
bool report_ignored(const Job& job, const git::Environment& environment, const std::string& out,
                    const Publication& found);

/// Reports what makes files in Git others than those in the working tree (MF0950): of the main file, unless that is
/// empty, and of the published files of these clusters.
void report_conversions(const Job& job, const git::Environment& environment, const std::string& main_file,
                        const std::string& out, const std::vector<std::string>& clusters);

/// The same of the clusters that stand in both parts of `tree`.
void report_conversions(const Job& job, const git::Environment& environment, base::Fs& tree,
                        const std::string& main_file, const std::string& out);

/// The line that a `.gitattributes` beside the output directory needs, so that Git leaves the bytes in it alone.
std::string attributes_line(const std::string& out);

}  // namespace meshfed::driver
