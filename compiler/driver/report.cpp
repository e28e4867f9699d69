#include "driver/report.hpp"

#include <cerrno>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "driver/git_rules.hpp"

namespace meshfed::driver {
namespace {

constexpr source::Span kNowhere;

std::string_view directory_of(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }

// A plain file is only ever in the way of a directory, and everything else of a file.
std::string_view wanted_instead_of(base::FileKind found) {
  return found == base::FileKind::file || found == base::FileKind::missing ? "directory" : "file";
}

void report_wrong_type(const publish::Problem& problem, const std::string& out, diag::Sink& sink) {
  const std::string_view wanted = wanted_instead_of(problem.found);
  if (problem.path != out) {
    sink.report(kNowhere, diag::InTheWay, problem.path, problem.detail, wanted);
  } else if (problem.found == base::FileKind::missing) {
    sink.report(kNowhere, diag::OutputInTheWay, out, "is not a directory");
  } else {
    sink.report(kNowhere, diag::OutputInTheWay, out, fmt::format("is {}, not a directory", problem.detail));
  }
}

void report_failed_call(const publish::Problem& problem, FileOperation doing, diag::Sink& sink) {
  const std::string why = error_text(problem.error != 0 ? problem.error : EIO);
  if (doing == FileOperation::reading) {
    sink.report(kNowhere, diag::CannotRead, problem.path, why);
  } else {
    sink.report(kNowhere, diag::CannotWrite, problem.path, why);
  }
}

}  // namespace

void report_problem(const publish::Problem& problem, const std::string& out, const std::string& federation,
                    FileOperation doing, diag::Sink& sink) {
  using Kind = publish::Problem::Kind;
  const std::string& path = problem.path;
  switch (problem.kind) {
    case Kind::edited_by_hand:
      sink.report(kNowhere, diag::EditedByHand, path);
      return;
    case Kind::foreign_without_lock:
      sink.report(kNowhere, diag::ForeignFile, path)
          .advise(
              "its directory has no `.meshfedc.lock`: if a build wrote this file, restore the lock, which Git may "
              "ignore (`git check-ignore -v`); otherwise move this file elsewhere, or overwrite it with `--force`");
      return;
    case Kind::stand_in:
      sink.report(kNowhere, diag::StandInPublished, path, problem.detail)
          .advise(fmt::format(
              "{}; or, to keep published files unchanged, add the line `{}` to the .gitattributes beside `{}`",
              problem.remedy, attributes_line(out), out));
      return;
    case Kind::foreign_file:
      sink.report(kNowhere, diag::ForeignFile, path);
      return;
    case Kind::wrong_type:
      return report_wrong_type(problem, out, sink);
    case Kind::link_in_path:
      sink.report(kNowhere, diag::InTheWay, path, problem.detail, "directory");
      return;
    case Kind::case_clash:
      sink.report(kNowhere, diag::CaseClash, path, fmt::format("{}{}", directory_of(path), problem.detail));
      return;
    case Kind::bad_path:
      throw std::logic_error(fmt::format("a plan contains the path `{}` ({})", path, problem.detail));
    case Kind::other_federation:
      sink.report(kNowhere, diag::OtherFederation, path, problem.detail, federation);
      return;
    case Kind::bad_inventory:
      sink.report(kNowhere, diag::BadLock, path, problem.detail.empty() ? "it is too large" : problem.detail);
      return;
    case Kind::newer_inventory:
      sink.report(kNowhere, diag::NewerLock, path);
      return;
    case Kind::locked:
      sink.report(kNowhere, diag::AnotherBuild, path);
      return;
    case Kind::changed_meanwhile:
      sink.report(kNowhere, diag::CannotWrite, path, "it changed during the build").advise("run the build again");
      return;
    case Kind::io:
      return report_failed_call(problem, doing, sink);
  }
}

void report_git_problem(const git::Problem& problem, const std::string& out, const std::string& branch,
                        diag::Sink& sink) {
  using Kind = git::Problem::Kind;
  const auto report = [&]() -> diag::Report& {
    switch (problem.kind) {
      case Kind::no_repository:
        return sink.report(kNowhere, diag::NotARepository, out, problem.detail);
      case Kind::unsupported:
        return sink.report(kNowhere, diag::UnsupportedRepository, out, problem.detail);
      case Kind::refused:
        return sink.report(kNowhere, diag::CommitRefused, branch, problem.detail);
      case Kind::no_identity:
        return sink.report(kNowhere, diag::NoIdentity, problem.detail);
      case Kind::bad_setting:
        return sink.report(kNowhere, diag::BadGitSetting, problem.detail);
      case Kind::unsigned_only:
        return sink.report(kNowhere, diag::UnsignedCommit, problem.detail);
      case Kind::failed:
        break;
    }
    return sink.report(kNowhere, diag::CannotCommit, branch, problem.detail);
  };
  diag::Report& reported = report();
  if (!problem.remedy.empty()) reported.advise(problem.remedy);
}

void report_git_remark(const git::Remark& remark, const std::string& branch, diag::Sink& sink) {
  const std::string remote = fmt::format("{}/{}", remark.remote, branch);
  switch (remark.kind) {
    case git::Remark::Kind::begins_anew:
      sink.report(kNowhere, diag::BranchBeginsAnew, branch, remote)
          .advise(
              fmt::format("if the remote has it, run `git branch -D {0}` and `git fetch {1} {0}:{0}`, and build again",
                          branch, remark.remote));
      return;
    case git::Remark::Kind::behind:
      sink.report(kNowhere, diag::BranchBehindRemote, branch, remote)
          .advise(fmt::format("to continue from there, run `git branch -f {} {}` and build again", branch, remote));
      return;
  }
}

std::string error_text(int error) { return std::generic_category().message(error); }

}  // namespace meshfed::driver
