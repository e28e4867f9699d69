#include "driver/git_rules.hpp"

#include <set>
#include <string_view>

#include <fmt/format.h>

#include "base/path.hpp"
#include "base/text.hpp"
#include "git/presence.hpp"
#include "git/worktree_rules.hpp"
#include "publish/inventory.hpp"
#include "publish/path.hpp"

namespace meshfed::driver {
namespace {

using publish::below;

std::string without_trailing_slashes(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

void report(const Job& job, const std::vector<git::IgnoredFile>& files) {
  for (const git::IgnoredFile& file : files) {
    const std::string by =
        file.rule.empty() ? "one of its ignore files" : fmt::format("`{}` in {}", file.rule, file.place);
    job.sink.report({}, diag::IgnoredByGit, file.path, by)
        .advise(fmt::format("add {} to `{}`, below the rules that it overrides, then `git add` the output directory",
                            file.undo, file.file));
  }
}

/// The paths, as calls get them, of which each is the first by its name below a cluster.
class Paths {
 public:
  explicit Paths(const std::string& out) : out_(out) {}

  void add(const std::string& cluster, std::string_view path) {
    if (path == publish::kLockName || known_.emplace(path).second) all_.push_back(below(below(out_, cluster), path));
  }

  std::vector<std::string> all() && { return std::move(all_); }

 private:
  const std::string& out_;
  std::set<std::string, std::less<>> known_;
  std::vector<std::string> all_;
};

}  // namespace

void report_ignored(const Job& job, const git::Environment& environment, const std::string& out,
                    const std::vector<std::string>& clusters) {
  if (!git::may_be_in_repository(job.fs, out, environment)) return;  // before so many locks are read
  Paths paths(out);
  for (const std::string& cluster : clusters) {
    const auto lock = job.fs.read_regular(below(below(out, cluster), publish::kLockName), publish::kMaxLockBytes);
    if (!lock.ok()) continue;
    paths.add(cluster, publish::kLockName);
    for (const std::string_view path : publish::paths_of(lock.value)) paths.add(cluster, path);
  }
  report(job, git::ignored_files(job.fs, out, environment, std::move(paths).all()));
}

bool report_ignored(const Job& job, const git::Environment& environment, const std::string& out,
                    const Publication& found) {
  Paths paths(out);
  for (std::size_t i = 0; i < found.clusters.size(); ++i) {
    const publish::Summary& summary = found.summaries[i];
    if (summary.lock_changed) paths.add(found.clusters[i], publish::kLockName);
    for (const std::string& path : summary.created)
      paths.add(found.clusters[i], std::string_view(path).substr(found.clusters[i].size() + 1));
  }
  const std::vector<git::IgnoredFile> files = git::ignored_files(job.fs, ".", environment, std::move(paths).all());
  report(job, files);
  return !files.empty();
}

void report_conversions(const Job& job, const git::Environment& environment, const std::string& main_file,
                        const std::string& out, const std::vector<std::string>& clusters) {
  constexpr std::string_view kSample = "kustomization.yaml";
  std::vector<std::string> paths;
  if (!main_file.empty()) paths.push_back(main_file);
  for (const std::string& cluster : clusters) {
    for (const std::string_view name : {publish::kLockName, kSample}) paths.push_back(below(below(out, cluster), name));
  }
  for (const git::Conversion& one : git::conversions(job.fs, ".", environment, paths)) {
    const bool published = one.path != main_file;
    const std::string pattern = published ? fmt::format("/{}/**", base::name_of(without_trailing_slashes(out)))
                                          : fmt::format("/{}", base::name_of(main_file));
    const std::string beside(base::parent_of(without_trailing_slashes(published ? out : main_file)));
    job.sink.report({}, diag::ConvertedByGit, one.path, one.attribute)
        .advise(fmt::format("add the line `{} {}` to `{}`, then `git add --renormalize {}`", pattern, one.undo,
                            beside.empty() ? ".gitattributes" : below(beside, ".gitattributes"),
                            published ? out : main_file));
  }
}

std::string attributes_line(const std::string& out) {
  return fmt::format("/{}/** -text -filter -ident", base::name_of(without_trailing_slashes(out)));
}

}  // namespace meshfed::driver
