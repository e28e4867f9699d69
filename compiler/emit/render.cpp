#include "emit/render.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "k8s/kustomization.hpp"
#include "yaml/writer.hpp"

namespace meshfed::emit {
namespace {

constexpr std::string_view kSeparator = "---\n";

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

void add_lists(const std::vector<const k8s::File*>& files, Tree& tree) {
  std::vector<std::string_view> paths;
  paths.reserve(files.size());
  for (const k8s::File* file : files) paths.push_back(file->path);
  for (const auto& [directory, list] : k8s::kustomizations(paths)) {
    std::string path = directory.empty() ? std::string() : directory + '/';
    tree.add(path.append(k8s::kKustomizationName), content_of(yaml::to_string(k8s::document(list)), {}), true);
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
