#include "cli/git_source.hpp"

#include "publish/path.hpp"

namespace meshfed::cli {
namespace {

std::string directory_of(const std::string& file) {
  const std::string_view parent = publish::parent_of(file);
  return parent.empty() ? (file.starts_with('/') ? "/" : ".") : std::string(parent);
}

}  // namespace

std::unique_ptr<publish::GitFs> open_git(base::Fs& disk, const std::string& main_file, const std::string& revision,
                                         diag::Sink& sink) {
  publish::OpenedGitFs git = publish::open_git_fs(disk, directory_of(main_file), revision);
  constexpr source::Span kNowhere;
  if (git.status == publish::OpenedGitFs::Status::no_revision)
    sink.report(kNowhere, diag::NoSuchRevision, revision, git.detail);
  else if (!git.fs)
    sink.report(kNowhere, diag::NotARepository, directory_of(main_file), git.detail);
  return std::move(git.fs);
}

}  // namespace meshfed::cli
