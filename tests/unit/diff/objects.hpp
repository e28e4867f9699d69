// Objects for the tests of the comparison.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "diff/compare.hpp"
#include "k8s/kustomization.hpp"
#include "yaml/literal.hpp"
#include "yaml/writer.hpp"

namespace meshfed::testing {

inline k8s::ServiceEntry entry(const std::string& host, std::int64_t port = 80) {
  return {.meta = {.name = host, .ns = "shop"},
          .hosts = {host},
          .location = k8s::ServiceEntry::Location::MeshInternal,
          .ports = {{.name = "http", .number = port, .protocol = "HTTP"}},
          .resolution = k8s::ServiceEntry::Resolution::Static};
}

inline k8s::PeerAuthentication strict() {
  return {.meta = {.name = "default", .ns = "istio-system"}, .mode = k8s::PeerAuthentication::Mode::Strict};
}

inline k8s::ClusterPlan plan(const std::string& cluster, std::vector<k8s::Resource> resources) {
  return {.cluster = cluster, .kustomization = true, .files = {{"shop/all.yaml", std::move(resources)}}};
}

// As it is published: one file an object.
inline diff::Published published(const k8s::ClusterPlan& plan) {
  diff::Published published{.listed = plan.kustomization};
  for (const k8s::File& file : plan.files)
    for (const k8s::Resource& resource : file.resources)
      published.files.push_back({std::to_string(published.files.size()), yaml::to_string(k8s::document(resource))});
  std::vector<std::string_view> paths;
  for (const diff::Manifest& file : published.files) paths.push_back(file.path);
  for (const auto& [directory, list] : k8s::kustomizations(paths))
    published.lists.push_back({std::string(k8s::kKustomizationName), yaml::to_string(k8s::document(list))});
  return published;
}

inline const diff::Published kNothing = {.present = false};

}  // namespace meshfed::testing
