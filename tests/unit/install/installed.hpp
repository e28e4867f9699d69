// What installs the istiod of a cluster of a federation.toml, for tests.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "diag/render_text.hpp"
#include "install/install.hpp"
#include "parse/load.hpp"
#include "support/memory_fs.hpp"
#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"
#include "yaml/writer.hpp"

namespace meshfed::testing {

/// The shop with an installation of tokyo's istiod, and with further keys in [defaults] and [mesh.tokyo].
inline std::string installed(const std::string& install, const std::string& defaults = "",
                             const std::string& tokyo = "") {
  const std::string text =
      replaced(kShop + kCart, "istio = \"1.31\"\n", "istio = \"1.31.1\"\ninstall = " + install + "\n" + defaults);
  return replaced(text, "[mesh.tokyo]\n", "[mesh.tokyo]\n" + tokyo);
}

inline check::Checked checked(MemoryFs& fs, const std::string& toml) {
  fs.put("federation.toml", toml);
  source::Manager files;
  diag::Sink sink;
  auto federation = parse::load(fs, "federation.toml", files, sink);
  REQUIRE(federation.has_value());
  auto done = check::run(std::move(*federation), sink);
  REQUIRE_MESSAGE(done.has_value(), diag::render_text(sink, files, {}));
  return std::move(*done);
}

inline k8s::IstioValues values(MemoryFs& fs, const std::string& toml, std::string_view cluster) {
  const check::Checked done = checked(fs, toml);
  return install::values_of(done.resolved(), done.resolved().find_cluster(cluster));
}

inline k8s::IstioValues values(const std::string& toml, std::string_view cluster = "tokyo-1") {
  MemoryFs fs;
  return values(fs, toml, cluster);
}

}  // namespace meshfed::testing
