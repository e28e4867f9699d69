#include "driver/commit_source.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "driver/git_source.hpp"

namespace meshfed::driver {

std::string source_trailer(const Job& job, const git::Environment& environment, const std::string& source,
                           const std::vector<base::Observation>& reads) {
  diag::Sink ignored;  // a source outside of Git is none that a commit could be named for
  const std::unique_ptr<git::SnapshotFs> head = open_git({job.fs, job.files, ignored}, environment, source, "HEAD");
  if (!head || head->commit().empty()) return "";
  using Call = base::Observation::Call;
  const auto same = [&](const base::Observation& read) {
    if (read.call == Call::stat || read.call == Call::canonical) return true;  // the disk's own numbers and links
    return base::observe(*head, read.call, read.path, read.limit).seen == read.seen;
  };
  if (!std::all_of(reads.begin(), reads.end(), same)) return "";
  return fmt::format("\nMeshfedc-Source-Commit: {}\n", head->commit());
}

}  // namespace meshfed::driver
