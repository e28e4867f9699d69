#include "base/stand_in.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace meshfed::base;

TEST_CASE("what extensions of Git store in place of a file is known by its beginning") {
  CHECK(stand_in("version https://git-lfs.github.com/spec/v1\noid sha256:0\n")->what == "a pointer of Git LFS");
  CHECK(stand_in(std::string_view("\0GITCRYPT\0\1\2", 12))->what == "what git-crypt has encrypted");
  CHECK(stand_in("/annex/objects/SHA256E-s1--0\n")->what == "a pointer of git-annex");
  for (const char* text : {"", "version = 1\n", "version https://example.com/\n", "meshfedc-lock 2 demo\n"})
    CHECK_MESSAGE(!stand_in(text), text);
}
