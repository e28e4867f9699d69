#include "cli/git_source.hpp"

#include "base/path.hpp"

namespace meshfed::cli {

std::unique_ptr<git::SnapshotFs> open_git(const Context& context, const std::string& main_file,
                                          const std::string& revision, diag::Sink& sink) {
  const std::string directory = base::directory_of(main_file);
  git::OpenedSnapshot git = git::open_snapshot(context.fs, directory, revision, {.variables = context.environment});
  constexpr source::Span kNowhere;
  if (git.status == git::OpenedSnapshot::Status::no_revision)
    sink.report(kNowhere, diag::NoSuchRevision, revision, git.detail);
  else if (git.status == git::OpenedSnapshot::Status::unsupported)
    sink.report(kNowhere, diag::UnsupportedRepository, directory, git.detail).advise(git.remedy);
  else if (!git.fs)
    sink.report(kNowhere, diag::NotARepository, directory, git.detail);
  return std::move(git.fs);
}

}  // namespace meshfed::cli
