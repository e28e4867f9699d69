#include "driver/staging.hpp"

#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace meshfed::driver {
namespace {

using State = git::Staging::State;

constexpr source::Span kNowhere;
constexpr std::size_t kMaxFile = std::size_t{64} << 20;

bool is_missing(base::Fs& fs, const std::string& path) {
  const base::Result<base::Stat> found = fs.stat(path);
  return found.ok() && found.value.kind == base::FileKind::missing;
}

bool differs_from_disk(base::Fs& disk, git::SnapshotFs& index, const std::string& path) {
  const base::Result<std::string> ours = disk.read_regular(path, kMaxFile);
  const base::Result<std::string> theirs = index.read_regular(path, kMaxFile);
  return ours.ok() && theirs.ok() && ours.value != theirs.value;
}

/// One report: whoever said `git add -N out` meant many files.
void report_intended(const std::vector<std::string>& paths, diag::Sink& sink) {
  if (paths.empty()) return;
  std::string remedy = fmt::format("run `git add {}`", paths.front());
  if (paths.size() > 1) remedy += fmt::format(", and so for {} more: `git status` shows them", paths.size() - 1);
  sink.report(kNowhere, diag::IntendedOnly, paths.front()).advise(remedy);
}

void report_hidden(const std::string& path, std::string_view mark, diag::Sink& sink) {
  sink.report(kNowhere, diag::HiddenEdit, path, mark)
      .advise(fmt::format("run `git update-index --no-{0} {1}`, then `git add {1}`", mark, path));
}

}  // namespace

bool is_staged(const Job& job, git::SnapshotFs& index, const std::string& main_file) {
  if (!is_missing(index, main_file) || is_missing(job.fs, main_file)) return true;
  bool intended = false;
  for (const git::Staging& file : index.met()) intended |= file.state == State::intended;  // nothing else was asked for
  job.sink.report(kNowhere, diag::NotStaged, main_file, intended ? "only intended to be added" : "not in the index")
      .advise(fmt::format("run `git add {}`", main_file));
  return false;
}

void report_staging(const Job& job, git::SnapshotFs& index) {
  std::vector<std::string> intended;
  for (const git::Staging& file : index.met()) {
    switch (file.state) {
      case State::intended:
        intended.push_back(file.path);
        break;
      case State::assume_unchanged:
        if (differs_from_disk(job.fs, index, file.path)) report_hidden(file.path, "assume-unchanged", job.sink);
        break;
      case State::skip_worktree:
        if (differs_from_disk(job.fs, index, file.path)) report_hidden(file.path, "skip-worktree", job.sink);
        break;
    }
  }
  report_intended(intended, job.sink);
}

}  // namespace meshfed::driver
