// MF022x, MF0314, MF0316: what included files may say.
#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

/// The shop with `rules`, and one fragment `teams/pay.toml`.
Lines fragment(const std::string& rules, const std::string& text) {
  MemoryFs fs;
  fs.put("federation.toml", replaced(kShop, "version = 1\n", "version = 1\ninclude = [\"teams/*.toml\"]\n") + rules);
  fs.put("teams/pay.toml", text);
  return found(fs, 0, 399);
}

TEST_CASE("a rule without keys allows everything") {
  CHECK(fragment("[fragment.\"teams/*.toml\"]\n", kCart).empty());
  CHECK(fragment("[fragment.\"./teams/*.toml\"]\n", kCart).empty());
  CHECK(fragment("[fragment.\"*/*.toml\"]\n", kCart).empty());
}

TEST_CASE("no rule allows nothing") {
  CHECK(fragment("", kCart) == Lines{"MF0223 \"teams/*.toml\""});
  CHECK(fragment("[fragment.\"*.toml\"]\n", kCart) == Lines{"MF0223 \"teams/*.toml\""});
}

TEST_CASE("namespaces are compared by name") {
  CHECK(fragment("[fragment.\"teams/*.toml\"]\nnamespaces = [\"cart\", \"pay\"]\n", kCart).empty());
  CHECK(fragment("[fragment.\"teams/*.toml\"]\nnamespaces = [\"pay\"]\n", kCart) == Lines{"MF0224 \"cart\""});
}

TEST_CASE("parties are compared by the clusters they mean") {
  const auto from = [](const std::string& allowed, const std::string& written) {
    return fragment(fmt::format("[fragment.\"teams/*.toml\"]\nfrom = [{}]\n", allowed),
                    replaced(kCart, "[\"berlin\"]", "[" + written + "]"));
  };
  CHECK(from("\"berlin\"", "\"berlin-1\"").empty());
  CHECK(from("\"berlin-1\"", "\"berlin\"").empty());  // its only cluster
  CHECK(from("\"tokyo\"", "\"berlin\"") == Lines{"MF0224 \"berlin\""});
  CHECK(from("\"berlin\"", "\"berlin\", \"tokyo-1\"") == Lines{"MF0224 \"tokyo-1\""});
}

TEST_CASE("merge is serving") {
  const std::string merges = replaced(kCart, "to = [\"tokyo\"]", "merge = [\"tokyo\"]");
  CHECK(fragment("[fragment.\"teams/*.toml\"]\nfrom = [\"berlin\"]\n", merges) == Lines{"MF0224 \"tokyo\""});
  CHECK(fragment("[fragment.\"teams/*.toml\"]\nfrom = [\"berlin\", \"tokyo\"]\n", merges).empty());
}

TEST_CASE("everybody must be listed as such") {
  const std::string all = replaced(kCart, "to = [\"tokyo\"]", "to = [\"*\"]");
  CHECK(fragment("[fragment.\"teams/*.toml\"]\nto = [\"*\"]\n", all).empty());
  CHECK(fragment("[fragment.\"teams/*.toml\"]\nto = [\"*\"]\n", kCart).empty());
  CHECK(fragment("[fragment.\"teams/*.toml\"]\nto = [\"berlin\", \"tokyo\"]\n", all) == Lines{"MF0224 \"*\""});
}

TEST_CASE("a file that several rules match satisfies each") {
  const std::string two = "[fragment.\"teams/*.toml\"]\nnamespaces = [\"cart\"]\n[fragment.\"teams/pay.toml\"]\n";
  CHECK(fragment(two + "namespaces = [\"cart\", \"pay\"]\n", kCart).empty());
  CHECK(fragment(two + "namespaces = [\"pay\"]\n", kCart) == Lines{"MF0224 \"cart\""});
}

TEST_CASE("a rule's own mistakes do not fall back on the fragment") {
  CHECK(fragment("[fragment.\"teams/*.toml\"]\nfrom = [\"berln\"]\n", kCart) == Lines{"MF0316 \"berln\""});
  CHECK(fragment("[fragment.\"teams/**\"]\n", kCart) == Lines{"MF0014 \"teams/**\""});
  CHECK(fragment("[fragment.\"teams/*.toml\"]\nnamespaces = []\n", kCart) == Lines{"MF0208 []"});
  CHECK(fragment("[fragment.\"teams/*.toml\"]\n", replaced(kCart, "\"berlin\"", "\"berln\"")) ==
        Lines{"MF0301 \"berln\""});
}

TEST_CASE("a rule for no file is told only when the files are known") {
  const std::string useless = "[fragment.\"teams/*.toml\"]\n[fragment.\"apps/*.toml\"]\n";
  CHECK(fragment(useless, kCart) == Lines{"MF0314 \"apps/*.toml\""});
  CHECK(fragment(useless, "[export.x\n").size() == 1);
}

TEST_CASE("the main file's exports are its owner's") {
  CHECK(fragment("[fragment.\"teams/*.toml\"]\nnamespaces = [\"pay\"]\n" + kCart, "").empty());
}

TEST_CASE("a fragment takes only addresses that its rule leaves to it") {
  const auto takes = [](const std::string& vips, const std::string& vip) {
    return fragment("[fragment.\"teams/*.toml\"]\n" + (vips.empty() ? "" : fmt::format("vips = [{}]\n", vips)),
                    fmt::format("{}vip = [{}]\n", kCart, vip));
  };
  CHECK(takes("", R"("10.96.0.1")") == Lines{"MF0230 \"10.96.0.1\""});
  CHECK(takes(R"("240.10.0.1")", R"("240.10.0.1")").empty());
  CHECK(takes(R"("240.10.0.1")", R"("240.10.0.2")") == Lines{"MF0230 \"240.10.0.2\""});
  CHECK(takes(R"("240.10.0.0/16")", R"("240.10.255.9", "240.11.0.1")") == Lines{"MF0230 \"240.11.0.1\""});
  CHECK(takes(R"("240.10.0.0/15")", R"("240.11.0.1")").empty());
  CHECK(takes(R"("2001:db8::/32")", R"("2001:DB8:1::1")").empty());
  CHECK(takes(R"("2001:db8::/32")", R"("2001:db9::1")") == Lines{"MF0230 \"2001:db9::1\""});
  CHECK(takes(R"("0.0.0.0/0")", R"("2001:db8::1")") == Lines{"MF0230 \"2001:db8::1\""});
  for (const char* wrong : {"240.10.0.0/33", "240.10.0.0/", "240.10.0.0/08", "240.10/16", "any"})
    CHECK(takes(fmt::format("\"{}\"", wrong), R"("240.10.0.1")") == Lines{fmt::format("MF0232 \"{}\"", wrong)});
}

TEST_CASE("a fragment takes no port of clusters that allocate no addresses") {
  const std::string tcp = replaced(kCart, "name = \"http\"", "name = \"tcp\"");
  const auto in = [](const std::string& toml, const std::string& text, const std::string& rule) {
    MemoryFs fs;
    fs.put("federation.toml", replaced(toml, "version = 1\n", "version = 1\ninclude = [\"teams/*.toml\"]\n") +
                                  "[fragment.\"teams/*.toml\"]\n" + rule);
    fs.put("teams/pay.toml", text);
    return found(fs, 0, 399);
  };
  const std::string server = replaced(kShop, "[mesh.berlin]\n", "[mesh.berlin]\ndns_capture = false\n");
  const std::string client = replaced(kShop, "[mesh.tokyo]\n", "[mesh.tokyo]\ndns_capture = false\n");
  CHECK(in(server, tcp, "") == Lines{"MF0231 8080"});
  CHECK(in(client, tcp, "") == Lines{"MF0231 8080"});
  CHECK(in(client, tcp + "accept = [\"MF0434\"]\n", "").front() == "MF0231 8080");  // not theirs to accept
  CHECK(in(client, kCart, "").empty());
  CHECK(in(client, tcp + "vip = [\"240.10.0.1\"]\n", "vips = [\"240.10.0.0/16\"]\n").empty());
}

}  // namespace
}  // namespace meshfed::testing
