#include "emit/render.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "k8s/kustomization.hpp"
#include "yaml/writer.hpp"

namespace meshfed::emit {
namespace {

constexpr std::string_view kListName = "kustomization.yaml";
constexpr std::string_view kSeparator = "---\n";

// A directory ("" is the cluster's own) and a name in it, both parts of some file's path.
using Listed = std::pair<std::string_view, std::string_view>;

std::vector<const k8s::File*> by_path(const k8s::ClusterPlan& plan) {
  std::vector<const k8s::File*> files;
  files.reserve(plan.files.size());
  for (const k8s::File& file : plan.files) files.push_back(&file);
  std::sort(files.begin(), files.end(), [](const k8s::File* a, const k8s::File* b) { return a->path < b->path; });
  return files;
}

Content render_file(const k8s::File& file) {
  std::string bytes;
  std::vector<std::string> object_ids;
  object_ids.reserve(file.resources.size());
  for (const k8s::Resource& resource : file.resources) {
    if (!bytes.empty()) bytes += kSeparator;
    yaml::write(k8s::document(resource), bytes);
    object_ids.push_back(k8s::object_id(resource));
  }
  return content_of(std::move(bytes), std::move(object_ids));
}

void add_file(const k8s::File& file, Store& store, Tree& tree) {
  if (file.shared.empty()) return tree.add(file.path, render_file(file));
  const Content* known = store.find(file.shared);
  tree.files.push_back({file.path, known ? known : &store.add(file.shared, render_file(file)), false});
}

// The path in its directory, that directory in the one above, and so on up to the cluster's.
void list(std::string_view path, std::vector<Listed>& listed) {
  for (;;) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return listed.push_back({"", path});
    listed.emplace_back(path.substr(0, slash), path.substr(slash + 1));
    path = path.substr(0, slash);
  }
}

std::vector<Listed> listed_by_directory(const std::vector<const k8s::File*>& files) {
  std::vector<Listed> listed;
  for (const k8s::File* file : files) list(file->path, listed);
  std::sort(listed.begin(), listed.end());
  listed.erase(std::unique(listed.begin(), listed.end()), listed.end());
  return listed;
}

void add_list(std::string_view directory, std::vector<std::string> names, Tree& tree) {
  std::string path = directory.empty() ? std::string() : std::string(directory) + '/';
  path += kListName;
  tree.add(std::move(path),
           content_of(yaml::to_string(k8s::document(k8s::Kustomization{.resources = std::move(names)})), {}), true);
}

void add_lists(const std::vector<const k8s::File*>& files, Tree& tree) {
  const std::vector<Listed> listed = listed_by_directory(files);
  if (listed.empty()) return add_list("", {}, tree);
  for (auto entry = listed.begin(); entry != listed.end();) {
    const std::string_view directory = entry->first;
    std::vector<std::string> names;
    for (; entry != listed.end() && entry->first == directory; ++entry) names.emplace_back(entry->second);
    add_list(directory, std::move(names), tree);
  }
}

}  // namespace

Tree render(const k8s::ClusterPlan& plan, Store& store) {
  Tree tree(plan.cluster);
  const std::vector<const k8s::File*> files = by_path(plan);
  tree.files.reserve(files.size());
  for (const k8s::File* file : files) add_file(*file, store, tree);
  if (plan.kustomization) add_lists(files, tree);
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
