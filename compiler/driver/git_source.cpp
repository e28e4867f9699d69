#include "driver/git_source.hpp"

#include "base/path.hpp"

namespace meshfed::driver {

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
  return std::move(git.fs);
}

}  // namespace meshfed::driver
