// Federations for the tests of pictures: of a text, or of any shape.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "check/checked.hpp"
#include "diag/render_text.hpp"
#include "graph/topology.hpp"
#include "parse/load.hpp"
#include "support/memory_fs.hpp"
#include "support/random.hpp"

namespace meshfed::testing {

inline check::Checked checked(const std::string& toml) {
  MemoryFs fs;
  fs.put("federation.toml", toml);
  source::Manager files;
  diag::Sink sink;
  auto federation = parse::load(fs, "federation.toml", files, sink);
  REQUIRE(federation.has_value());
  auto checked = check::run(std::move(*federation), sink);
  REQUIRE_MESSAGE(checked.has_value(), diag::render_text(sink, files, {}));
  return std::move(*checked);
}

inline graph::Topology topology_of(const std::string& toml) { return graph::topology(checked(toml).resolved()); }

/// Any shape: no cluster, one mesh of all, a mesh each, no calls, calls of everybody to everybody, long names.
inline graph::Topology random_topology(std::uint64_t seed, std::uint32_t most_clusters) {
  Random random(seed);
  graph::Topology all;
  all.federation = "fleet";
  const auto clusters = static_cast<std::uint32_t>(random.below(most_clusters + 1));
  const std::uint32_t inhabited = clusters == 0 ? 0 : 1 + static_cast<std::uint32_t>(random.below(clusters));
  const std::uint32_t meshes = inhabited + static_cast<std::uint32_t>(random.below(3));
  const std::uint32_t hosts = static_cast<std::uint32_t>(random.below(20));
  const std::uint64_t density = random.below(11);
  all.compared = random.below(2) == 0;
  const auto change = [&] {
    return all.compared && random.below(4) == 0 ? static_cast<graph::Change>(1 + random.below(3)) : graph::Change::none;
  };
  const auto name = [&](const char* kind, std::uint32_t id) {
    return fmt::format("{}-{}{}", kind, id, std::string(random.below(8) == 0 ? 50 : random.below(12), 'x'));
  };
  for (std::uint32_t i = 0; i < meshes; ++i)
    all.meshes.push_back({.name = name("mesh", i), .facts = {{"trust domain", "a"}}, .change = change()});
  for (std::uint32_t i = 0; i < clusters; ++i)
    all.clusters.push_back({.name = name("cluster", i),
                            .mesh = i < inhabited ? i : static_cast<std::uint32_t>(random.below(inhabited)),
                            .network = name("network", i),
                            .gateway = random.below(2) == 0 ? "203.0.113.1:15443" : "",
                            .facts = {},
                            .change = change()});
  for (std::uint32_t i = 0; i < hosts; ++i)
    all.hosts.push_back({.name = name("host", i),
                         .exported = name("export", i),
                         .aliases = {},
                         .facts = {},
                         .local = {},
                         .digest = {}});
  for (std::uint32_t host = 0; host < hosts; ++host) {
    for (std::uint32_t server = 0; server < clusters; ++server) {
      if (random.below(3) != 0) continue;
      all.servings.push_back({server, host, change()});
      for (std::uint32_t consumer = 0; consumer < clusters; ++consumer) {
        if (consumer != server && random.below(10) < density)
          all.links.push_back({server, consumer, host, static_cast<graph::Way>(random.below(5)), change()});
      }
    }
  }
  graph::arrange(all);
  return all;
}

}  // namespace meshfed::testing
