// Manifests as text, for tests of what Istio would make of them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "interpret/read.hpp"
#include "interpret/world.hpp"
#include "yaml/reader.hpp"

namespace meshfed::testing {

inline std::shared_ptr<const interpret::Objects> objects(const std::string& manifests) {
  const yaml::Reading reading = yaml::read(manifests);
  REQUIRE_MESSAGE(reading.problem.empty(), reading.problem);
  auto read = std::make_shared<interpret::Objects>();
  for (const yaml::Value& document : reading.documents) interpret::read(document, *read);
  return read;
}

inline interpret::ClusterFacts cluster_facts(const std::string& name, const std::string& network) {
  interpret::ClusterFacts facts;
  facts.name = name;
  facts.mesh = name;
  facts.network = network;
  facts.dns_capture = true;
  facts.istio = 31;
  return facts;
}

/// Pods of namespace `shop`, whose account is their name.
inline interpret::Workload pods(const std::string& name, interpret::Labels labels) {
  return {.ns = "shop", .name = name, .labels = std::move(labels), .account = name, .ports = {}};
}

/// The text with one thing changed, which must be in it.
inline std::string edited(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, from);
  return text.replace(at, from.size(), to);
}

/// One cluster, and all that it owns.
struct Site {
  Site(interpret::ClusterFacts given, const std::string& manifests)
      : facts(std::move(given)), cluster(facts, {objects(manifests)}) {}

  interpret::ClusterFacts facts;
  interpret::Cluster cluster;
};

/// Clusters with their manifests.
inline std::unique_ptr<interpret::World> world(interpret::Facts facts,
                                               std::vector<std::pair<std::string, std::string>> manifests) {
  return std::make_unique<interpret::World>(std::move(facts),
                                            [manifests = std::move(manifests)](const std::string& cluster) {
                                              std::vector<std::shared_ptr<const interpret::Objects>> parts;
                                              for (const auto& [name, text] : manifests) {
                                                if (name == cluster) parts.push_back(objects(text));
                                              }
                                              return parts;
                                            });
}

}  // namespace meshfed::testing
