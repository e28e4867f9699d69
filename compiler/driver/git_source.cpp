#include "driver/git_source.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/path.hpp"

namespace meshfed::driver {
namespace {

void report_unmerged(const std::vector<std::string>& paths, diag::Sink& sink) {
  constexpr std::size_t kShown = 3;
  std::string list;
  for (std::size_t i = 0; i < std::min(paths.size(), kShown); ++i)
    list += fmt::format("{}`{}`", i == 0 ? "" : ", ", paths[i]);
  if (paths.size() > kShown) list += fmt::format(" and {} more", paths.size() - kShown);
  sink.report({}, diag::UnmergedIndex, list);
}

}  // namespace

std::unique_ptr<git::SnapshotFs> open_git(const Job& job, const git::Environment& environment,
                                          const std::string& main_file, const std::string& revision) {
  const std::string directory = base::directory_of(main_file);
  git::OpenedSnapshot git = git::open_snapshot(job.fs, directory, revision, environment);
  constexpr source::Span kNowhere;
  if (git.status == git::OpenedSnapshot::Status::no_revision)
    job.sink.report(kNowhere, diag::NoSuchRevision, revision, git.detail);
  else if (git.status == git::OpenedSnapshot::Status::unsupported)
    job.sink.report(kNowhere, diag::UnsupportedRepository, directory, git.detail).advise(git.remedy);
  else if (!git.fs)
    job.sink.report(kNowhere, diag::NotARepository, directory, git.detail);
  else if (!git.fs->unmerged().empty())
    report_unmerged(git.fs->unmerged(), job.sink);
  return git.fs && git.fs->unmerged().empty() ? std::move(git.fs) : nullptr;
}

}  // namespace meshfed::driver
