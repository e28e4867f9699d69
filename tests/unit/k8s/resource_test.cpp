#include "k8s/resource.hpp"

#include <doctest/doctest.h>

#include <concepts>
#include <string>

#include "k8s/kustomization.hpp"
#include "yaml/writer.hpp"

namespace meshfed::k8s {
namespace {

static_assert(!std::constructible_from<Resource, Kustomization>, "a Kustomization is no object of a cluster");

TEST_CASE("an object id is kind, group, namespace and name") {
  const Meta meta = {.name = "a", .ns = "b"};
  const struct {
    Resource resource;
    const char* id;
  } table[] = {
      {Gateway{.meta = meta, .class_name = "istio", .listeners = {}}, "Gateway.gateway.networking.k8s.io/b/a"},
      {IstioGateway{.meta = meta, .selector = {}, .servers = {}}, "Gateway.networking.istio.io/b/a"},
      {EndpointSlice{.meta = meta, .address_type = {}, .endpoints = {}, .ports = {}},
       "EndpointSlice.discovery.k8s.io/b/a"},
      {TlsRoute{.meta = meta, .version = {}, .hostnames = {}, .parents = {}, .rules = {}},
       "TLSRoute.gateway.networking.k8s.io/b/a"},
      {Service{.meta = meta, .ports = {}}, "Service/b/a"},
      {Namespace{.meta = {.name = "httpbin"}}, "Namespace/httpbin"},
      {ConfigMap{.meta = meta, .data = {}}, "ConfigMap/b/a"},
  };
  for (const auto& row : table) CHECK(object_id(row.resource) == row.id);
}

TEST_CASE("the version of a TLSRoute is no part of its id") {
  TlsRoute route{.meta = {.name = "a"}, .version = TlsRoute::Version::V1, .hostnames = {}, .parents = {}, .rules = {}};
  const std::string id = object_id(route);
  route.version = TlsRoute::Version::V1Alpha2;
  CHECK(object_id(route) == id);
}

TEST_CASE("metadata leaves out what is empty and sorts what is not") {
  CHECK(yaml::to_string(to_yaml({.name = "a"})) == "name: a\n");
  CHECK(yaml::to_string(to_yaml({.name = "a", .ns = "b", .labels = {{"b", "2"}, {"B", "1"}, {"a/c", "y"}}})) ==
        "name: a\nnamespace: b\nlabels:\n  B: \"1\"\n  a/c: \"y\"\n  b: \"2\"\n");
  CHECK(meta_of(Namespace{.meta = {.name = "httpbin"}}).name == "httpbin");
}

TEST_CASE("ConfigMap") {
  CHECK(yaml::to_string(document(ConfigMap{.meta = {.name = "a", .ns = "b"}, .data = {{"c", "spec:\n  d: 1\n"}}})) ==
        R"(apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  namespace: b
data:
  c: |
    spec:
      d: 1
)");
}

TEST_CASE("Kustomization") {
  CHECK(yaml::to_string(document(Kustomization{.resources = {"mesh.yaml", "httpbin"}})) ==
        R"(apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- mesh.yaml
- httpbin
)");
}

}  // namespace
}  // namespace meshfed::k8s
