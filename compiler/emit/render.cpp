#include "emit/render.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "k8s/kustomization.hpp"
#include "yaml/writer.hpp"

namespace meshfed::emit {
namespace {

constexpr std::string_view kListName = "kustomization.yaml";
constexpr std::string_view kSeparator = "---\n";

// Directory ("" is the cluster's own) to the names in it, both in byte order.
using Directories = std::map<std::string, std::set<std::string>>;

std::vector<const k8s::File*> by_path(const k8s::ClusterPlan& plan) {
  std::vector<const k8s::File*> files;
  files.reserve(plan.files.size());
  for (const k8s::File& file : plan.files) files.push_back(&file);
  std::sort(files.begin(), files.end(), [](const k8s::File* a, const k8s::File* b) { return a->path < b->path; });
  return files;
}

OutputFile render_file(const k8s::File& file) {
  OutputFile output{.path = file.path, .bytes = {}};
  output.object_ids.reserve(file.resources.size());
  for (const k8s::Resource& resource : file.resources) {
    if (!output.bytes.empty()) output.bytes += kSeparator;
    yaml::write(k8s::document(resource), output.bytes);
    output.object_ids.push_back(k8s::object_id(resource));
  }
  return output;
}

// Enters `path` in its directory, that directory in the one above, and so on up to the cluster's.
void enter(std::string_view path, Directories& directories) {
  for (;;) {
    const std::size_t slash = path.rfind('/');
    const std::string_view directory = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
    const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    const bool inserted = directories[std::string(directory)].emplace(name).second;
    if (!inserted || directory.empty()) return;
    path = directory;
  }
}

OutputFile render_list(const std::string& directory, const std::set<std::string>& names) {
  OutputFile output{.path = directory.empty() ? std::string(kListName) : directory + '/' + std::string(kListName),
                    .bytes = {},
                    .lists_files = true};
  yaml::write(k8s::document(k8s::Kustomization{.resources = {names.begin(), names.end()}}), output.bytes);
  return output;
}

}  // namespace

Tree render(const k8s::ClusterPlan& plan) {
  Tree tree{.cluster = plan.cluster, .files = {}};
  Directories directories;
  if (plan.kustomization) directories[""];
  for (const k8s::File* file : by_path(plan)) {
    tree.files.push_back(render_file(*file));
    if (plan.kustomization) enter(file->path, directories);
  }
  for (const auto& [directory, names] : directories) tree.files.push_back(render_list(directory, names));
  std::sort(tree.files.begin(), tree.files.end(),
            [](const OutputFile& a, const OutputFile& b) { return a.path < b.path; });
  return tree;
}

std::string stream(const k8s::ClusterPlan& plan) {
  std::string bytes;
  for (const k8s::File* file : by_path(plan)) {
    for (const k8s::Resource& resource : file->resources) {
      if (!bytes.empty()) bytes += kSeparator;
      yaml::write(k8s::document(resource), bytes);
    }
  }
  return bytes;
}

}  // namespace meshfed::emit
