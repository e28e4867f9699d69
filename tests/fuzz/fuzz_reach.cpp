// Any manifests, as those of two clusters that call each other: whatever they say, every question has an answer, and no
// more calls end than were made.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "ask/exposure.hpp"
#include "ask/table.hpp"
#include "ask/trace.hpp"
#include "interpret/read.hpp"
#include "yaml/reader.hpp"

using namespace meshfed;

namespace {

interpret::ClusterFacts cluster(const std::string& name) {
  interpret::ClusterFacts facts;
  facts.name = facts.mesh = facts.network = name;
  facts.dns_capture = true;
  facts.istio = 31;
  facts.locality = "eu/a";
  facts.workloads = {{.ns = "shop", .name = "pay", .labels = {{"app", "pay"}}, .account = "pay", .ports = {}}};
  return facts;
}

interpret::Facts two_clusters() {
  interpret::Facts facts;
  facts.clusters = {cluster("east"), cluster("west")};
  for (const char* name : {"east", "west"}) {
    facts.doors.push_back({.address = name,
                           .port = 15443,
                           .viewers = {},
                           .cluster = name,
                           .ns = "istio-system",
                           .gateway = "ew-istio",
                           .listener = 15443});
  }
  return facts;
}

void check(const ask::Answer& answer) {
  constexpr double kAll = 1 + 1e-6;
  double answered = 0;
  for (const ask::End& end : answer.ends) answered += end.share;
  if (!(answered < kAll)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const yaml::Reading reading = yaml::read(std::string(reinterpret_cast<const char*>(data), size));
  auto objects = std::make_shared<interpret::Objects>();
  for (const yaml::Value& document : reading.documents) interpret::read(document, *objects);
  const interpret::World world(two_clusters(), [&](const std::string&) {
    return std::vector<std::shared_ptr<const interpret::Objects>>{objects};
  });
  const ask::Table table(world, {});
  for (std::size_t part = 0; part < table.parts(); ++part) {
    for (const ask::Question& question : table.part(part)) check(ask::trace(world, question, ask::Detail::hops));
  }
  ask::exposure(world, {});
  return 0;
}
