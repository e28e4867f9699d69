// What a cluster gets of a federation.toml, for tests of lowering.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "diag/render_text.hpp"
#include "lower/lower.hpp"
#include "parse/load.hpp"
#include "support/memory_fs.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {

/// Replaces the first `from` in the federation that the tests begin with.
inline std::string shop(std::string_view from = "", std::string_view to = "", const std::string& more = "") {
  std::string text = kShop + kCart + more;
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

inline k8s::ClusterPlan plan_of(const std::string& toml, std::string_view cluster, const lower::Known& known) {
  MemoryFs fs;
  fs.put("federation.toml", toml);
  source::Manager files;
  diag::Sink sink;
  auto federation = parse::load(fs, "federation.toml", files, sink);
  REQUIRE(federation.has_value());
  const auto checked = check::run(std::move(*federation), sink);
  REQUIRE_MESSAGE(checked.has_value(), diag::render_text(sink, files, {}));
  return lower::lower(*checked, checked->resolved().find_cluster(cluster), known);
}

inline k8s::ClusterPlan plan_of(const std::string& toml, std::string_view cluster) {
  return plan_of(toml, cluster, [](std::string_view) { return false; });
}

inline const std::vector<k8s::Resource>& at(const k8s::ClusterPlan& plan, std::string_view path) {
  for (const k8s::File& file : plan.files)
    if (file.path == path) return file.resources;
  static const std::vector<k8s::Resource> kNothing;
  return kNothing;
}

}  // namespace meshfed::testing
