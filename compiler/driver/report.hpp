// What publish found, as reports.
#pragma once

#include <string>

#include "diag/sink.hpp"
#include "git/problem.hpp"
#include "git/remark.hpp"
#include "publish/problem.hpp"

namespace meshfed::driver {

/// What was going on when a call failed: a Problem does not say.
enum class FileOperation { reading, writing };

/// Reports the problem (MF09xx; MF0001 for what cannot be read). `out` is the output directory and `federation` the
/// name of the one that is built. Throws std::logic_error for a path that no checked federation leads to.
void report_problem(const publish::Problem& problem, const std::string& out, const std::string& federation,
                    FileOperation doing, diag::Sink& sink);

/// The same of a repository (MF092x). `branch` is the one that was to be committed to.
void report_git_problem(const git::Problem& problem, const std::string& out, const std::string& branch,
                        diag::Sink& sink);

/// What a remote may know of the branch, as a warning.
void report_git_remark(const git::Remark& remark, const std::string& branch, diag::Sink& sink);

/// "No such file or directory", in English whatever the locale.
std::string error_text(int error);

}  // namespace meshfed::driver
