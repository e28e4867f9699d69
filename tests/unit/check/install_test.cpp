// How istiod is installed.
#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

Lines with(const std::string& version, const std::string& lines) {
  return found(replaced(kShop, "\"1.31\"\n", "\"" + version + "\"\n" + lines) + kCart, 1201, 1219);
}

TEST_CASE("install: one version is installed") {
  CHECK(with("1.31.1", "install = \"helm\"\n").empty());
  CHECK(with("1.31", "install = \"none\"\n").empty());
  CHECK(with("1.31", "").empty());
  CHECK(with("1.31", "install = \"helm\"\n") == Lines{"MF1201 \"1.31\""});
  CHECK(with("1.31", "install = { by = \"istioctl\" }\n") == Lines{"MF1201 \"1.31\""});
}

TEST_CASE("install: Argo CD and Flux apply charts") {
  CHECK(with("1.31.1", "install = { by = \"helm\", apply = \"flux\" }\n").empty());
  CHECK(with("1.31.1", "install = { by = \"sail\", apply = \"none\" }\n").empty());
  CHECK(with("1.31.1", "install = { by = \"sail\", apply = \"flux\" }\n") == Lines{"MF1202 \"flux\""});
  CHECK(with("1.31.1", "install = { by = \"none\", apply = \"flux\" }\n") == Lines{"MF1202 \"flux\""});
}

TEST_CASE("install: the Sail operator has update strategies") {
  CHECK(with("1.31.1", "install = { by = \"sail\", update = \"InPlace\" }\n").empty());
  CHECK(with("1.31.1", "install = { by = \"helm\", update = \"InPlace\" }\n") == Lines{"MF1203 \"InPlace\""});
}

TEST_CASE("install: the Sail operator installs no version that has ended") {
  CHECK(with("1.29.7", "install = \"sail\"\n").empty());
  CHECK(with("1.28.10", "install = \"helm\"\n").empty());
  CHECK(with("1.28.10", "install = \"sail\"\n") == Lines{"MF1204 \"1.28.10\""});
}

TEST_CASE("install: the Sail operator names revisions after versions") {
  const std::string sail = "install = { by = \"sail\", update = \"RevisionBased\" }\n";
  CHECK(with("1.31.1", sail + "revision = \"blue-v1-31-1\"\n").empty());
  CHECK(with("1.31.1", sail + "revision = \"blue\"\n") == Lines{"MF1205 \"blue\""});
  CHECK(with("1.31.1", sail + "revision = \"blue-v1-31-0\"\n") == Lines{"MF1205 \"blue-v1-31-0\""});
  CHECK(with("1.31.1", sail) == Lines{"MF1205 \"RevisionBased\""});
  CHECK(with("1.31.1", "install = \"sail\"\nrevision = \"blue\"\n").empty());
}

TEST_CASE("install: cacerts say what they take, and are written") {
  const auto trust = [](const std::string& install, const std::string& cacerts) {
    return found(replaced(kShop, "\"1.31\"\n", "\"1.31.1\"\ninstall = " + install + "\n") + kCart +
                     "[trust]\ncacerts = " + cacerts + "\n",
                 1201, 1219);
  };
  const std::string helm = "\"helm\"";
  CHECK(trust(helm, "\"none\"").empty());
  CHECK(trust(helm, "{ from = \"external-secret\", store = \"vault\", key = \"a/b\" }").empty());
  CHECK(trust(helm, "{ from = \"istio-csr\", issuer = \"root\" }").empty());
  CHECK(trust(helm, "\"cert-manager\"") == Lines{"MF1212 \"cert-manager\""});
  CHECK(trust(helm, "{ from = \"external-secret\" }") == Lines{"MF1212 \"external-secret\""});
  CHECK(trust(helm, "{ from = \"istio-csr\", issuer = \"root\", key = \"a\" }") == Lines{"MF1213 \"a\""});
  const std::string issued = "{ from = \"cert-manager\", issuer = \"root\" }";
  CHECK(trust("\"none\"", issued) == Lines{"MF1214 cacerts", "MF1214 cacerts"});
  CHECK(trust("{ by = \"helm\", apply = \"argocd\" }", issued) == Lines{"MF1215 cacerts"});
}

TEST_CASE("install: what is written accepts trust domains") {
  const std::string domains = replaced(kShop, "[mesh.tokyo]\n", "[mesh.tokyo]\ntrust_domain = \"tokyo.example\"\n");
  CHECK(found(domains + kCart, 602, 602) == Lines{"MF0602 berlin"});
  CHECK(found(replaced(domains, "\"1.31\"\n", "\"1.31.1\"\ninstall = \"helm\"\n") + kCart, 602, 602).empty());
}

}  // namespace
}  // namespace meshfed::testing
