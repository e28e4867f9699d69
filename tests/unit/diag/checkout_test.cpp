#include "diag/checkout.hpp"

#include <doctest/doctest.h>

using meshfed::diag::Checkout;
using meshfed::diag::path_in;

TEST_CASE("paths are relative to the repository's root") {
  const Checkout checkout{"/srv/repo", "/srv/repo/prod"};
  CHECK(path_in(checkout, "federation.toml") == "prod/federation.toml");
  CHECK(path_in(checkout, "./a//b.toml") == "prod/a/b.toml");
  CHECK(path_in(checkout, "../federation.toml") == "federation.toml");
  CHECK(path_in(checkout, "/srv/repo/x/y.toml") == "x/y.toml");
  CHECK(path_in({"/srv/repo", "/srv/repo"}, "a.toml") == "a.toml");
}

TEST_CASE("what is outside of it is absolute") {
  const Checkout checkout{"/srv/repo", "/srv/repo/prod"};
  CHECK(path_in(checkout, "../../other/a.toml") == "/srv/other/a.toml");
  CHECK(path_in(checkout, "/srv/repo-2/a.toml") == "/srv/repo-2/a.toml");
}

TEST_CASE("without a repository a path stays what it is") {
  CHECK(path_in({}, "federation.toml") == "federation.toml");
  CHECK(path_in({}, "./prod/../a.toml") == "a.toml");
  CHECK(path_in({}, "../a.toml") == "../a.toml");
  CHECK(path_in({}, "/etc/a.toml") == "/etc/a.toml");
}
