#include "emit/render.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace meshfed::emit {
namespace {

using Strings = std::vector<std::string>;

k8s::Resource mtls(const std::string& ns) {
  return k8s::PeerAuthentication{.meta = {.name = "default", .ns = ns}, .mode = k8s::PeerAuthentication::Mode::Strict};
}

k8s::Resource ns(const std::string& name) { return k8s::Namespace{.meta = {.name = name}}; }

k8s::ClusterPlan plan() {
  return {.cluster = "east",
          .files = {{.path = "istio-system/network-west.yaml", .resources = {mtls("c")}},
                    {.path = "namespaces.yaml", .resources = {ns("b"), ns("a")}},
                    {.path = "istio-system/mesh.yaml", .resources = {mtls("istio-system")}},
                    {.path = "httpbin/httpbin.mesh.global.yaml", .resources = {mtls("b"), ns("d")}}}};
}

Strings paths(const Tree& tree) {
  Strings result;
  for (const OutputFile& file : tree.files) result.push_back(file.path);
  return result;
}

// A plan that shares nothing.
Tree rendered(const k8s::ClusterPlan& plan) {
  Store store;
  return render(plan, store);
}

const OutputFile& at(const Tree& tree, std::string_view path) {
  const auto found = std::ranges::find(tree.files, path, &OutputFile::path);
  REQUIRE(found != tree.files.end());
  return *found;
}

constexpr const char* kDocumentsOfNamespaces = R"(apiVersion: v1
kind: Namespace
metadata:
  name: b
---
apiVersion: v1
kind: Namespace
metadata:
  name: a
)";

TEST_CASE("files come in byte order of their paths, with a list in each directory") {
  const Tree tree = rendered(plan());
  CHECK(tree.cluster == "east");
  CHECK(paths(tree) == Strings{"httpbin/httpbin.mesh.global.yaml", "httpbin/kustomization.yaml",
                               "istio-system/kustomization.yaml", "istio-system/mesh.yaml",
                               "istio-system/network-west.yaml", "kustomization.yaml", "namespaces.yaml"});
}

TEST_CASE("documents keep the order of the plan and are joined by one line") {
  const Tree tree = rendered(plan());
  const OutputFile& file = at(tree, "namespaces.yaml");
  CHECK(file.content->bytes == kDocumentsOfNamespaces);
  CHECK(file.content->object_ids == Strings{"Namespace/b", "Namespace/a"});
  CHECK_FALSE(file.lists_files);
}

TEST_CASE("a list names its directory's files and subdirectories") {
  const Tree tree = rendered(plan());
  const OutputFile& root = at(tree, "kustomization.yaml");
  CHECK(root.content->bytes == R"(apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- httpbin
- istio-system
- namespaces.yaml
)");
  CHECK(root.lists_files);
  CHECK(root.content->object_ids.empty());
  CHECK(at(tree, "istio-system/kustomization.yaml").content->bytes == R"(apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- mesh.yaml
- network-west.yaml
)");
}

TEST_CASE("a directory that holds only directories has a list too") {
  const Tree tree = rendered({.cluster = "east", .files = {{.path = "a/b/c.yaml", .resources = {ns("x")}}}});
  CHECK(paths(tree) == Strings{"a/b/c.yaml", "a/b/kustomization.yaml", "a/kustomization.yaml", "kustomization.yaml"});
  CHECK(at(tree, "a/kustomization.yaml").content->bytes.ends_with("resources:\n- b\n"));
}

TEST_CASE("an empty plan has one empty list, or nothing") {
  const Tree tree = rendered({.cluster = "east", .files = {}});
  CHECK(paths(tree) == Strings{"kustomization.yaml"});
  CHECK(tree.files.front().content->bytes.ends_with("resources: []\n"));
  CHECK(rendered({.cluster = "east", .kustomization = false, .files = {}}).files.empty());
  CHECK(stream({.cluster = "east", .files = {}}).empty());
}

TEST_CASE("without kustomization there are only the plan's files") {
  k8s::ClusterPlan without = plan();
  without.kustomization = false;
  const Tree tree = rendered(without);
  CHECK(tree.files.size() == without.files.size());
  CHECK(std::ranges::none_of(tree.files, &OutputFile::lists_files));
}

TEST_CASE("the order of the plan's files does not matter") {
  k8s::ClusterPlan shuffled = plan();
  const Tree expected = rendered(shuffled);
  const std::string expected_stream = stream(shuffled);
  const auto less = [](const k8s::File& a, const k8s::File& b) { return a.path < b.path; };
  std::ranges::sort(shuffled.files, less);
  do {
    CHECK(rendered(shuffled) == expected);
    CHECK(stream(shuffled) == expected_stream);
  } while (std::next_permutation(shuffled.files.begin(), shuffled.files.end(), less));
}

TEST_CASE("what plans share is rendered once, and may be left out of the next one") {
  Store store;
  k8s::ClusterPlan first = plan();
  first.files[3].shared = "httpbin";
  const Tree one = render(first, store);
  CHECK(one == rendered(plan()));
  REQUIRE(store.find("httpbin") == at(one, "httpbin/httpbin.mesh.global.yaml").content);
  first.cluster = "west";
  first.files[3].resources.clear();
  const Tree two = render(first, store);
  CHECK(two.files == one.files);
  CHECK(at(two, "httpbin/httpbin.mesh.global.yaml").content == at(one, "httpbin/httpbin.mesh.global.yaml").content);
  CHECK(two.own.size() + 1 == two.files.size());
  CHECK(store.find("other") == nullptr);
}

TEST_CASE("a content knows its digest") {
  CHECK(content_of("abc", {}).sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("the stream is the files' bytes in path order, without the lists") {
  std::string expected;
  for (const OutputFile& file : rendered(plan()).files) {
    if (file.lists_files) continue;
    if (!expected.empty()) expected += "---\n";
    expected += file.content->bytes;
  }
  CHECK(stream(plan()) == expected);
}

}  // namespace
}  // namespace meshfed::emit
