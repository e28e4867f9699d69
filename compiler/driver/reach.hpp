// The clusters of a federation as their istiods and proxies would see them: made ready to be asked.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "driver/job.hpp"
#include "git/options.hpp"
#include "interpret/world.hpp"

namespace meshfed::driver {

struct ReachOptions {
  std::string file = "federation.toml";  // the main file
  std::string out = {};    // the directory whose manifests count; empty: those that the source compiles to
  std::string facts = {};  // the file that says what manifests do not; empty: the source
  unsigned jobs = 1;
};

/// Manifests that could not be read so far. May be added to from several threads.
class Unread {
 public:
  struct Problem {
    std::string path;
    std::string why;
    bool disk = false;  // the system failed, not the content

    auto operator<=>(const Problem&) const = default;
  };

  void add(Problem problem);
  /// Reports what there is, in order of paths.
  void report(const Job& job);

 private:
  std::mutex mutex_;
  std::vector<Problem> problems_;
};

struct Reach {
  std::unique_ptr<interpret::World> world;  // null: reported why
  std::shared_ptr<Unread> unread;           // to be reported once everything was asked
};

Reach open_reach(const Job& job, const ReachOptions& options);

/// The same clusters as `against` has them: a directory with a tree, of which the facts are those of the options; or a
/// Git revision, or "index", with the source, the facts and the directory of the options as they are there. At a
/// revision without the main file there were no clusters. The options are ones that opened.
Reach open_reach_at(const Job& job, const ReachOptions& options, const std::string& against,
                    const git::Environment& environment);

/// The facts alone; none, and a report, if they cannot be had.
std::optional<interpret::Facts> read_facts(const Job& job, const ReachOptions& options);

}  // namespace meshfed::driver
