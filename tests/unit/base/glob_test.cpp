#include "base/glob.hpp"

#include <doctest/doctest.h>

namespace meshfed::base {
namespace {

TEST_CASE("a star stands for anything within one component") {
  CHECK(glob_matches("apps/*.toml", "apps/shop.toml"));
  CHECK(glob_matches("*/*.toml", "apps/shop.toml"));
  CHECK(glob_matches("a*b*c", "aXbYbZc"));
  CHECK(glob_matches("shop.toml", "shop.toml"));
  CHECK(glob_matches("*", "shop"));
  CHECK_FALSE(glob_matches("apps/*.toml", "apps/deep/shop.toml"));
  CHECK_FALSE(glob_matches("apps/*.toml", "apps/shop.yaml"));
  CHECK_FALSE(glob_matches("*.toml", "apps/shop.toml"));
  CHECK_FALSE(glob_matches("apps/*", "apps"));
  CHECK_FALSE(glob_matches("a*b", "a"));
}

TEST_CASE("a leading dot is matched by a dot only") {
  CHECK_FALSE(glob_matches("*", ".git"));
  CHECK_FALSE(glob_matches("*/config", ".git/config"));
  CHECK(glob_matches(".*", ".git"));
}

}  // namespace
}  // namespace meshfed::base
