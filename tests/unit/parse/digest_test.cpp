// What tells one federation from another, and what does not.
#include "parse/digest.hpp"

#include <set>

#include <doctest/doctest.h>

#include "parse/recover.hpp"
#include "syntax/document.hpp"
#include "unit/parse/loaded.hpp"

namespace meshfed::testing {
namespace {

std::string digest(const std::string& toml) {
  source::Manager files;
  diag::Sink sink;
  const std::optional<syntax::Node> document = parse::read_document(files, files.add("federation.toml", toml), sink);
  REQUIRE_MESSAGE(document.has_value(), toml);
  return parse::digest_of(*document);
}

constexpr const char* kShop = R"([export.shop]
namespace = "shop"
ports = [{ name = "http", number = 80 }]
to = ["east", "west"]
)";

TEST_CASE("how a table is written does not count") {
  const std::string shop = digest(kShop);
  for (
      const char* same :
      {R"(# a comment
[export.shop]   # another
to = ["east",
      'west',]
ports = [{ number = 0x50, name = "http" }]
namespace = """shop"""
)",
       R"(export = { shop = { namespace = "sh\u006Fp", to = ["east", "west"], ports = [{ name = "http", number = 80 }] } }
)",
       R"(export.shop.namespace = "shop"
export.shop.to = ["east", "west"]
[[export.shop.ports]]
name = "http"
number = 80
)"})
    CHECK_MESSAGE(digest(same) == shop, same);
}

TEST_CASE("whatever is said counts") {
  const char* const rows[] = {
      "",
      "a = 1",
      "a = 2",
      "a = -1",
      "b = 1",
      "a = '1'",
      "a = true",
      "a = false",
      "a = 'true'",
      "a = ''",
      "a = []",
      "a = {}",
      "a = [1]",
      "a = [1, 1]",
      "a = [[1], 1]",
      "a = [[1, 1]]",
      "a = ['b', 'c']",
      "a = ['c', 'b']",
      "a = ['bc']",
      "a = ['b', 'c', '']",
      "a = ['1:c']",
      "a = { b = 1 }",
      "a = { b = 1, c = 1 }",
      "a = { b = 1 }\nc = 1",
      "a = { b = { c = 1 } }",
      "a = [{ b = 1 }, { c = 1 }]",
      "a = [{ b = 1, c = 1 }]",
      "ab = 1",
  };
  std::set<std::string> digests;
  for (const char* row : rows) CHECK_MESSAGE(digests.insert(digest(row)).second, row);
}

TEST_CASE("an export has a digest of its own, and all that is no export has one together") {
  const Loaded before(with(kShop));
  const Loaded other(with(kShop) + "prefer = \"local\"\n");
  const Loaded more(with(kShop) + "[network.more]\n");
  const Loaded split("include = ['a.toml']\n" + with(""), {{"a.toml", kShop}});
  const Loaded split_again("include = ['a.toml']\n" + with(""), {{"a.toml", "[export.cart]\nnamespace = 'cart'\n"}});
  const auto exported = [](const Loaded& loaded) { return loaded.federation->exports.at(0).digest; };
  CHECK(exported(before) != exported(other));
  CHECK(exported(before) == exported(more));
  CHECK(exported(before) == exported(split));
  CHECK(before.federation->digest == other.federation->digest);
  CHECK(before.federation->digest != more.federation->digest);
  CHECK(split.federation->digest == split_again.federation->digest);
}

}  // namespace
}  // namespace meshfed::testing
