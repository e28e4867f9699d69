#include "cli/git_source.hpp"

#include "publish/path.hpp"

namespace meshfed::cli {
namespace {

publish::GitVariables git_variables(const Environment& environment) {
  return {.git_dir = std::string(value_of(environment, "GIT_DIR")),
          .work_tree = std::string(value_of(environment, "GIT_WORK_TREE")),
          .index_file = std::string(value_of(environment, "GIT_INDEX_FILE"))};
}

}  // namespace

std::unique_ptr<publish::GitFs> open_git(const Context& context, const std::string& main_file,
                                         const std::string& revision, diag::Sink& sink) {
  const std::string directory = publish::directory_of(main_file);
  publish::OpenedGitFs git = publish::open_git_fs(context.fs, directory, revision, git_variables(context.environment));
  constexpr source::Span kNowhere;
  if (git.status == publish::OpenedGitFs::Status::no_revision)
    sink.report(kNowhere, diag::NoSuchRevision, revision, git.detail);
  else if (git.status == publish::OpenedGitFs::Status::unsupported)
    sink.report(kNowhere, diag::UnsupportedRepository, directory, git.detail).advise(git.remedy);
  else if (!git.fs)
    sink.report(kNowhere, diag::NotARepository, directory, git.detail);
  return std::move(git.fs);
}

}  // namespace meshfed::cli
