#include "driver/part.hpp"

#include "base/path.hpp"

namespace meshfed::driver {
namespace {

constexpr std::string_view kSuffix = "-install";
constexpr std::string_view kOwnerSuffix = ".install";  // names of federations have no dots
constexpr std::string_view kKeySuffix = "/install";    // names of clusters have no slashes

std::string_view without_slashes(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

std::string with(std::string_view text, std::string_view after) { return std::string(text).append(after); }

}  // namespace

std::string_view suffix(Part part) { return part == Part::install ? kSuffix : std::string_view(); }

std::string directory(Part part, std::string_view out) {
  return part == Part::install ? with(without_slashes(out), kSuffix) : std::string(out);
}

bool has_name(std::string_view out) {
  const std::string_view name = base::name_of(without_slashes(out));
  return !name.empty() && name != "." && name != "..";
}

std::string owner(Part part, const std::string& federation) {
  return part == Part::install ? with(federation, kOwnerSuffix) : federation;
}

std::string key(Part part, std::string_view cluster) {
  return part == Part::install ? with(cluster, kKeySuffix) : std::string(cluster);
}

Part part_of(std::string_view key) { return key.ends_with(kKeySuffix) ? Part::install : Part::federation; }

std::string_view cluster_of(std::string_view key) { return key.substr(0, key.find('/')); }

}  // namespace meshfed::driver
