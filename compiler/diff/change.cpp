#include "diff/change.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace meshfed::diff {

bool Difference::empty() const {
  return std::none_of(clusters.begin(), clusters.end(), [](const Cluster& cluster) { return cluster.differs(); });
}

std::string summary(const Difference& difference) {
  std::size_t add = 0, change = 0, remove = 0, files = 0, differing = 0;
  for (const Cluster& cluster : difference.clusters) {
    add += cluster.add;
    change += cluster.change;
    remove += cluster.remove;
    files += cluster.files;
    differing += cluster.objects_differ() ? 1 : 0;
  }
  if (difference.empty())
    return fmt::format("no differences in {}", base::plural(difference.clusters.size(), "cluster"));
  if (differing == 0) {
    const auto touched = std::count_if(difference.clusters.begin(), difference.clusters.end(),
                                       [](const Cluster& cluster) { return cluster.files > 0; });
    return fmt::format("no object differs, but {} in {} {}", base::plural(files, "file"),
                       base::plural(static_cast<std::size_t>(touched), "cluster"), files == 1 ? "does" : "do");
  }
  return fmt::format("{} to add, {} to change, {} to remove in {}", add, change, remove,
                     base::plural(differing, "cluster"));
}

std::string_view word(Action action) {
  switch (action) {
    case Action::add:
      return "add";
    case Action::change:
      return "change";
    case Action::remove:
      return "remove";
  }
  return {};
}

std::string_view word(Level level) {
  switch (level) {
    case Level::high:
      return "high";
    case Level::medium:
      return "medium";
    case Level::low:
      return "low";
  }
  return {};
}

std::string_view word(Cluster::State state) {
  switch (state) {
    case Cluster::State::kept:
      return "kept";
    case Cluster::State::added:
      return "added";
    case Cluster::State::removed:
      return "removed";
  }
  return {};
}

}  // namespace meshfed::diff
