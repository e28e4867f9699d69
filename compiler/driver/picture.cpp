#include "driver/picture.hpp"

#include <algorithm>
#include <memory>

#include "driver/analysis.hpp"
#include "driver/git_source.hpp"
#include "driver/report.hpp"

namespace meshfed::driver {
namespace {

/// What is wrong with an old federation is its own business; that it is wrong is ours.
std::optional<graph::Topology> picture_at(const Job& job, const PictureOptions& options) {
  const std::unique_ptr<git::SnapshotFs> git = open_git(job, options.environment, options.file, options.against);
  if (!git) return std::nullopt;
  if (git->stat(options.file).value.kind == base::FileKind::missing) return graph::Topology();
  source::Manager files;
  diag::Sink sink;
  const std::optional<check::Checked> checked =
      analyse({*git, files, sink, job.trace, nullptr}, options.file, options.jobs);
  if (checked) return graph::topology(checked->resolved());
  const auto first = std::find_if(sink.reports().begin(), sink.reports().end(), [](const diag::Report& report) {
    return report.row->severity == diag::Severity::error;
  });
  job.sink.report({}, diag::InvalidRevision, options.against, first == sink.reports().end() ? "" : first->message);
  return std::nullopt;
}

}  // namespace

std::optional<graph::Topology> picture(const Job& job, const PictureOptions& options) {
  const std::optional<check::Checked> checked = analyse(job, options.file, options.jobs);
  if (!checked) return std::nullopt;
  graph::Topology now = graph::topology(checked->resolved());
  if (options.against.empty()) return now;
  std::optional<graph::Topology> before = picture_at(job, options);
  if (!before) return std::nullopt;
  return graph::compare(std::move(*before), std::move(now));
}

void write_picture(const Job& job, const std::string& path, std::string_view text, std::string_view mark) {
  constexpr source::Span kNowhere;
  const base::FileKind kind = job.fs.stat(path).value.kind;
  if (kind != base::FileKind::missing) {
    const base::Result<std::string> there = job.fs.read_regular(path, std::size_t{1} << 30);
    if (!there.ok() || !there.value.starts_with(mark)) {
      job.sink.report(kNowhere, diag::NotAPicture, path);
      return;
    }
  }
  const std::string temporary = path + ".meshfedc-new";
  int error = job.fs.write_new_file(temporary, text);
  if (error == 0) {
    error = job.fs.rename(temporary, path);
    if (error != 0) job.fs.remove_file(temporary);
  }
  if (error != 0)
    job.sink.report(kNowhere, diag::CannotWrite, path, error_text(error))
        .advise("check that the directory exists and is writable");
}

}  // namespace meshfed::driver
