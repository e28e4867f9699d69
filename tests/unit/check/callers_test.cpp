// MF0612 to MF0615: the policies that `callers` become hold for what was declared, and whom.
#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

/// The shop with a trust domain for each mesh; empty: the default.
std::string domains(const std::string& berlin, const std::string& tokyo) {
  const auto with = [](std::string toml, const std::string& mesh, const std::string& domain) {
    const std::string header = fmt::format("[mesh.{}]\n", mesh);
    return domain.empty() ? toml : replaced(toml, header, fmt::format("{}trust_domain = \"{}\"\n", header, domain));
  };
  return with(with(kShop, "berlin", berlin), "tokyo", tokyo);
}

std::string called_by(const std::string& callers) { return fmt::format("{}callers = [{}]\n", kCart, callers); }

TEST_CASE("callers: cluster.local is no name for a mesh where the server has another one") {
  const auto about = [](const std::string& toml) { return found(toml, 613, 613); };
  CHECK(about(domains("b.example", "") + called_by("\"tokyo/a/a\"")) == Lines{"MF0613 tokyo"});
  CHECK(about(domains("b.example", "cluster.local") + called_by("\"tokyo/a/*\"")) == Lines{"MF0613 \"cluster.local\""});
  CHECK(about(domains("b.example", "") + called_by("\"tokyo/*\", \"tokyo/a/a\"")) == Lines{"MF0613 tokyo"});
  CHECK(about(domains("b.example", "") + called_by("\"tokyo/*\", \"berlin/*\"")).empty());  // istiod leaves those alone
  CHECK(about(domains("b.example", "") + called_by("\"berlin/*\"")).empty());               // not named
  CHECK(about(domains("", "") + called_by("\"tokyo/a/a\"")).empty());
  CHECK(about(domains("", "t.example") + called_by("\"tokyo/a/a\"")).empty());
  CHECK(about(domains("b.example", "t.example") + called_by("\"tokyo/a/a\"")).empty());
  const std::string merged = replaced(called_by("\"berlin/a/a\""), "to = [\"tokyo\"]", "merge = [\"tokyo\"]");
  CHECK(about(domains("", "t.example") + merged) == Lines{"MF0613 berlin"});  // the merging mesh has a policy, too
  const std::string twice = called_by("\"tokyo/a/a\", \"tokyo/b/b\"");
  CHECK(about(domains("b.example", "") + twice + replaced(twice, "export.cart", "export.pay")) ==
        Lines{"MF0613 tokyo"});  // one cause
}

TEST_CASE("callers: who serves is not shut out") {
  const auto about = [](const std::string& toml) { return found(toml, 614, 614); };
  const std::string apart = domains("b.example", "t.example");
  CHECK(about(apart + called_by("\"tokyo/a/a\"")) == Lines{"MF0614 [\"tokyo/a/a\"]"});
  CHECK(about(apart + called_by("\"tokyo/a/a\", \"berlin/x/y\"")).empty());
  CHECK(about(apart + called_by("\"tokyo/*\"")) == Lines{"MF0614 [\"tokyo/*\"]"});
  CHECK(about(kShop + called_by("\"tokyo/*\"")).empty());  // one trust domain: these are Berlin's, too
  CHECK(about(kShop + called_by("\"tokyo/a/a\"")) == Lines{"MF0614 [\"tokyo/a/a\"]"});
  const std::string merged = replaced(called_by("\"tokyo/a/a\""), "to = [\"tokyo\"]", "merge = [\"tokyo\"]");
  CHECK(about(apart + merged).empty());
  CHECK(about(apart + called_by("\"tokyo/a/a\"") + "accept = [\"MF0614\"]\n").empty());
}

TEST_CASE("callers: no policy in a root namespace") {
  const auto about = [](const std::string& toml) { return found(toml, 615, 615); };
  const auto in = [](const std::string& ns) {
    return replaced(called_by("\"tokyo/*\""), "namespace = \"cart\"", fmt::format("namespace = \"{}\"", ns));
  };
  const std::string own = replaced(kShop, "[mesh.berlin]\n", "[mesh.berlin]\nroot_namespace = \"mesh\"\n");
  CHECK(about(kShop + in("istio-system")) == Lines{"MF0615 \"istio-system\""});
  CHECK(about(own + in("mesh")) == Lines{"MF0615 \"mesh\""});
  CHECK(about(own + in("istio-system")).empty());  // that of Tokyo, which has no workloads of it
  CHECK(about(own + replaced(in("istio-system"), "to = [", "merge = [")) == Lines{"MF0615 \"istio-system\""});
  CHECK(about(kShop + replaced(in("istio-system"), "callers = [\"tokyo/*\"]\n", "")).empty());
}

TEST_CASE("callers: a Service says to which port of the pods it leads") {
  const auto about = [](const std::string& toml) { return found(toml, 612, 612); };
  const std::string service = replaced(called_by("\"tokyo/*\""), "canonical_name = \"cart\"",
                                       "naming = \"service\"\nselector = { app = \"cart\" }");
  CHECK(about(kShop + service) == Lines{"MF0612 8080"});
  CHECK(about(kShop + replaced(service, "number = 8080", "number = 80, target = 8080")).empty());
  CHECK(about(kShop + replaced(service, "callers = [\"tokyo/*\"]\n", "")).empty());
  CHECK(about(kShop + called_by("\"tokyo/*\"")).empty());  // global: the ServiceEntry leads there as well
  const std::string second =
      replaced(service, "number = 8080 }", "number = 80, target = 8080 }, { name = \"grpc\", number = 9000 }");
  CHECK(about(kShop + second) == Lines{"MF0612 9000"});
}

}  // namespace
}  // namespace meshfed::testing
