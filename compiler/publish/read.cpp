#include "publish/read.hpp"

#include <utility>

#include "publish/find_inventory.hpp"
#include "publish/path.hpp"
#include "publish/survey.hpp"

namespace meshfed::publish {
namespace {

void read_file(base::Fs& fs, Survey& survey, std::string_view cluster, const InventoryEntry& entry,
               std::vector<PublishedFile>& files) {
  const std::string path = below(cluster, entry.path);
  const base::Stat stat = survey.entry(path);
  if (stat.kind == base::FileKind::missing) return;
  if (stat.kind != base::FileKind::file) {
    survey.report(Problem::Kind::wrong_type, path, stat.kind);
    return;
  }
  base::Result<std::string> bytes = fs.read_regular(survey.full(path), kMaxManifestBytes);
  if (bytes.ok())
    files.push_back({entry.path, std::move(bytes.value), lists_files(entry)});
  else
    survey.report(Problem::Kind::io, path, "", bytes.error);
}

}  // namespace

PublishedCluster read_published(base::Fs& fs, const std::string& out, std::string_view federation,
                                std::string_view cluster) {
  PublishedCluster found;
  Survey survey(fs, out, found.problems);
  const FoundInventory lock = find_inventory(fs, survey, federation, cluster);
  found.present = lock.state == FoundInventory::State::good;
  std::string_view last;  // a path may have several lines
  for (const InventoryEntry& entry : lock.lock.entries) {
    found.listed |= lists_files(entry);
    if (entry.path != last) read_file(fs, survey, cluster, entry, found.files);
    last = entry.path;
  }
  return found;
}

}  // namespace meshfed::publish
