// The random federations that a property is tried on.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

#include "driver/compile.hpp"
#include "support/memory_fs.hpp"
#include "support/random_federation.hpp"

namespace meshfed::testing {

/// The run's first seed: MESHFED_SEED, else 1.
inline std::uint64_t first_seed() {
  const char* given = std::getenv("MESHFED_SEED");
  return given ? std::strtoull(given, nullptr, 10) : 1;
}

/// How many of `all` are tried: a tenth where MESHFED_FEW is set, for a quick look.
inline std::uint64_t tried_of(std::uint64_t all) { return std::getenv("MESHFED_FEW") ? all / 10 : all; }

/// Calls `check(seed)` for `tried_of(all)` seeds.
template <class Check>
void for_each_seed(std::uint64_t all, Check check) {
  const std::uint64_t first = first_seed();
  for (std::uint64_t seed = first; seed < first + tried_of(all); ++seed) {
    INFO("MESHFED_SEED=" << seed);
    check(seed);
  }
}

/// Calls `visit(checked)` for a federation that is right.
template <class Visit>
void with_checked(const std::map<std::string, std::string>& files, Visit visit) {
  MemoryFs fs;
  for (const auto& [path, text] : files) fs.put(path, text);
  source::Manager sources;
  diag::Sink sink;
  const auto checked = driver::analyse(fs, "federation.toml", sources, sink);
  REQUIRE(checked);
  visit(*checked);
}

/// The same for the federations of `tried_of(all)` seeds.
template <class Visit>
void for_each_checked(std::uint64_t all, Visit visit) {
  for_each_seed(all, [&](std::uint64_t seed) { with_checked(random_federation(seed).files(), visit); });
}

}  // namespace meshfed::testing
