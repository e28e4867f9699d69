#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

Lines about(const std::string& toml) { return found(toml, 814, 814); }

std::string in_namespace(const std::string& ns) {
  return kShop + replaced(kCart, "namespace = \"cart\"", "namespace = \"" + ns + "\"");
}

std::string with_host(const std::string& host) {
  return kShop + replaced(kCart, "namespace", "host = \"" + host + "\"\nnamespace");
}

}  // namespace

TEST_CASE("file names: Windows has some names for devices, alone or before a dot") {
  for (const char* name : {"aux", "con", "nul", "prn", "com0", "com9", "lpt1"}) {
    CHECK(about(in_namespace(name)) == Lines{std::string("MF0814 \"") + name + "\""});
    CHECK(about(with_host(std::string(name) + ".mesh.global")) ==
          Lines{std::string("MF0814 \"") + name + ".mesh.global\""});
  }
  for (const char* name : {"auxiliary", "com", "com10", "comx", "lpt", "nul-1", "conin", "xaux"}) {
    CHECK(about(in_namespace(name)).empty());
    CHECK(about(with_host(std::string(name) + ".mesh.global")).empty());
  }
  CHECK(about(with_host("cart.aux.global")).empty());
}

TEST_CASE("file names: every key that becomes a directory or a file") {
  CHECK(about(kShop + replaced(kCart, "[export.cart]", "[export.nul]")) == Lines{"MF0814 nul"});
  CHECK(about(replaced(kShop, "[cluster.tokyo-1]", "[cluster.com1]") + kCart) == Lines{"MF0814 com1"});
  CHECK(about(replaced(kShop, "[mesh.tokyo]\n", "[mesh.tokyo]\nroot_namespace = \"prn\"\n") + kCart) ==
        Lines{"MF0814 \"prn\""});
  CHECK(about(kShop + kCart + "[export.cart.at.tokyo]\nnamespace = \"aux\"\n") == Lines{"MF0814 \"aux\""});
  CHECK(about(replaced(kShop, "mtls", "files = \"namespace\"\nmtls") + replaced(kCart, "[export.cart]", "[export.nul]"))
            .empty());
}

TEST_CASE("file names: a namespace is reported once") {
  const std::string other = replaced(replaced(kCart, "[export.cart]", "[export.mail]"), "\"cart\"", "\"aux\"");
  CHECK(about(in_namespace("aux") + replaced(replaced(other, "canonical_name = \"cart\"", "canonical_name = \"mail\""),
                                             "number = 8080", "number = 8081")) == Lines{"MF0814 \"aux\""});
}

}  // namespace meshfed::testing
