// Certificates of the meshes' authorities: each bad one, and the good ones beside it.
#include <doctest/doctest.h>

#include "check/checked.hpp"
#include "diag/sink.hpp"
#include "parse/load.hpp"
#include "support/authority.hpp"
#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

const std::string kDomains =
    replaced(replaced(kShop, "[mesh.tokyo]\n", "[mesh.tokyo]\ntrust_domain = \"tokyo.example\"\n"), "[mesh.berlin]\n",
             "[mesh.berlin]\ntrust_domain = \"berlin.example\"\n") +
    kCart;
const std::string kConstraint = "critical,permitted;URI:tokyo.example";
const std::string kBerlins = "critical,permitted;URI:berlin.example";
const std::string kRoots = "[trust]\nmode = \"roots\"\n";

/// Reports about tokyo's certificates, whose files are as given.
struct Files {
  std::string root = {};
  std::string intermediate = {};
  std::string berlin = {};
  std::string more = {};
};

std::string keys(const Files& files) {
  std::string lines;
  if (!files.root.empty()) lines += "root = \"root.pem\"\n";
  if (!files.intermediate.empty()) lines += "intermediate = \"ca.pem\"\n";
  return lines;
}

Lines said(const Files& files) {
  MemoryFs fs;
  fs.put("root.pem", files.root);
  fs.put("ca.pem", files.intermediate);
  fs.put("berlin.pem", files.berlin);
  std::string toml = replaced(kDomains, "[mesh.tokyo]\n", "[mesh.tokyo]\n" + keys(files));
  if (!files.berlin.empty()) toml = replaced(toml, "[mesh.berlin]\n", "[mesh.berlin]\nroot = \"berlin.pem\"\n");
  fs.put("federation.toml", toml + files.more);
  return found(fs, 1221, 1299);
}

Lines named(const std::string& path) {
  MemoryFs fs;
  fs.put("root.pem", Authority().pem());
  fs.put("/elsewhere/root.pem", Authority().pem());
  fs.put_link("link.pem", "/elsewhere/root.pem");
  fs.put_directory("directory");
  fs.put("federation.toml", replaced(kDomains, "[mesh.tokyo]\n", "[mesh.tokyo]\nroot = \"" + path + "\"\n"));
  return found(fs, 1221, 1299);
}

TEST_CASE("certificates: files below the main file's directory") {
  CHECK(named("root.pem").empty());
  CHECK(named("./root.pem").empty());
  CHECK(named("../elsewhere/root.pem") == Lines{"MF1221 \"../elsewhere/root.pem\""});
  CHECK(named("link.pem") == Lines{"MF1221 \"link.pem\""});
  CHECK(named("missing.pem") == Lines{"MF1222 \"missing.pem\""});
  CHECK(named("directory") == Lines{"MF1222 \"directory\""});
}

TEST_CASE("certificates: the file holds certificates and no key") {
  const Authority root;
  const Lines none = {"MF1223 \"root.pem\""};
  CHECK(said({.root = "\n"}) == none);
  CHECK(said({.root = "-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n"}) == none);
  CHECK(said({.root = root.pem()}).empty());
  CHECK(said({.root = "hello"}) == none);
  CHECK(said({.root = root.request()}) == none);
  CHECK(said({.root = root.der()}) == none);
  CHECK(said({.root = root.pem().substr(0, 200)}) == none);
  CHECK(said({.root = root.key()}) == Lines{"MF1224 \"root.pem\""});
  CHECK(said({.root = root.pem() + root.key()}) == Lines{"MF1224 \"root.pem\""});
}

TEST_CASE("certificates: authorities may sign") {
  const Lines guilty = {"MF1225 \"root.pem\""};
  CHECK(said({.root = Authority({.basic_constraints = "critical,CA:FALSE"}).pem()}) == guilty);
  CHECK(said({.root = Authority({.key_usage = "critical,digitalSignature"}).pem()}) == guilty);
}

TEST_CASE("certificates: a root is signed by itself") {
  const Authority root;
  const Authority below({.name = "West"}, root);
  const Authority namesake({.name = "Root"}, root);
  CHECK(said({.root = below.pem()}) == Lines{"MF1226 \"root.pem\""});
  CHECK(said({.root = namesake.pem()}) == Lines{"MF1226 \"root.pem\""});
}

TEST_CASE("certificates: weak signatures and unknown extensions") {
  const Authority root, old_root({.digest = "SHA1"});
  const Wanted tokyo{.name = "Tokyo", .name_constraints = kConstraint, .digest = "SHA1"};
  CHECK(said({.root = root.pem(), .intermediate = Authority(tokyo, root).pem()}) == Lines{"MF1231 \"ca.pem\""});
  CHECK(said({.root = old_root.pem()}).empty());
  CHECK(said({.root = Authority({.rsa_bits = 512}).pem()}) == Lines{"MF1231 \"root.pem\""});
  CHECK(said({.root = Authority({.rsa_bits = 1024}).pem()}) == Lines{"MF1239 \"root.pem\""});
  CHECK(said({.root = Authority({.rsa_bits = 2048}).pem()}).empty());
  CHECK(said({.root = Authority({.unknown_critical = true}).pem()}) == Lines{"MF1232 \"root.pem\""});
}

TEST_CASE("certificates: the intermediate leads to the root") {
  const Authority root, other;
  const Authority middle({.name = "Middle"}, root);
  const Wanted wanted{.name = "Tokyo", .name_constraints = kConstraint};
  const Authority tokyo(wanted, root), deep(wanted, middle), foreign(wanted, other);
  CHECK(said({.root = root.pem(), .intermediate = tokyo.pem()}).empty());
  CHECK(said({.root = root.pem(), .intermediate = tokyo.pem() + root.pem()}).empty());
  CHECK(said({.root = root.pem(), .intermediate = deep.pem() + middle.pem()}).empty());
  CHECK(said({.root = other.pem() + root.pem(), .intermediate = tokyo.pem()}).empty());
  CHECK(said({.root = "", .intermediate = tokyo.pem()}).empty());
  CHECK(said({.root = root.pem(), .intermediate = foreign.pem()}) == Lines{"MF1228 \"ca.pem\""});
  CHECK(said({.root = root.pem(), .intermediate = deep.pem()}) == Lines{"MF1228 \"ca.pem\""});
  CHECK(said({.root = root.pem(), .intermediate = tokyo.pem() + middle.pem()}) == Lines{"MF1238 \"ca.pem\""});
}

TEST_CASE("certificates: not signing with the root's own key") {
  const Authority root({.name_constraints = kConstraint});
  CHECK(said({.root = root.pem(), .intermediate = root.pem()}) == Lines{"MF1227 \"ca.pem\""});
}

TEST_CASE("certificates: path lengths") {
  const Authority short_root({.basic_constraints = "critical,CA:TRUE,pathlen:0"});
  const Authority root({.basic_constraints = "critical,CA:TRUE,pathlen:1"});
  const Wanted wanted{.name = "Tokyo", .name_constraints = kConstraint};
  CHECK(said({.root = root.pem(), .intermediate = Authority(wanted, root).pem()}).empty());
  CHECK(said({.root = short_root.pem(), .intermediate = Authority(wanted, short_root).pem()}) ==
        Lines{"MF1230 \"root.pem\""});
  const Authority middle({.name = "Middle", .basic_constraints = "critical,CA:TRUE,pathlen:0"}, Authority());
  CHECK(said({.intermediate = Authority(wanted, middle).pem() + middle.pem()}) == Lines{"MF1230 \"ca.pem\""});
}

TEST_CASE("certificates: name constraints fit the trust domain, and no other") {
  const Authority root;
  const auto constrained = [&](const std::string& constraints) {
    return said({.root = root.pem(),
                 .intermediate = Authority({.name = "Tokyo", .name_constraints = constraints}, root).pem()});
  };
  CHECK(constrained(kConstraint).empty());
  CHECK(constrained("critical,excluded;URI:berlin.example").empty());
  CHECK(constrained("") == Lines{"MF1234 \"ca.pem\""});
  CHECK(constrained("critical,permitted;URI:tokyo.example,permitted;URI:berlin.example") == Lines{"MF1234 \"ca.pem\""});
  CHECK(constrained("critical,permitted;URI:kyoto.example") == Lines{"MF1233 \"ca.pem\""});
  CHECK(constrained("critical,permitted;URI:.tokyo.example") == Lines{"MF1233 \"ca.pem\""});
}

TEST_CASE("certificates: where roots differ, they are what others accept") {
  const Authority open, narrow({.name_constraints = kConstraint}), berlin({.name_constraints = kBerlins});
  const auto may_issue = [&](const std::string& roots, const std::string& intermediate) {
    Lines lines = said({.root = roots, .intermediate = intermediate, .berlin = berlin.pem(), .more = kRoots});
    std::erase_if(lines, [](const std::string& line) { return line.starts_with("MF1237"); });
    return lines;
  };
  const Wanted unconstrained{.name = "Tokyo"}, constrained{.name = "Tokyo", .name_constraints = kConstraint};
  const Lines guilty = {"MF1234 \"root.pem\""};
  CHECK(may_issue(open.pem(), Authority(unconstrained, open).pem()) == guilty);
  CHECK(may_issue(open.pem(), Authority(constrained, open).pem()) == guilty);
  CHECK(may_issue(narrow.pem(), Authority(unconstrained, narrow).pem()).empty());
  CHECK(may_issue(narrow.pem() + open.pem(), "") == guilty);
  CHECK(may_issue("", Authority(unconstrained, open).pem()) == Lines{"MF1234 \"ca.pem\""});
}

TEST_CASE("certificates: one root where one is shared") {
  const Authority root, other;
  CHECK(said({.root = root.pem(), .berlin = root.pem()}).empty());
  CHECK(said({.root = root.pem(), .berlin = other.pem()}) == Lines{"MF1235 \"root.pem\""});
  CHECK(said({.root = root.pem() + other.pem(), .berlin = other.pem() + root.pem()}).empty());
}

TEST_CASE("certificates: several roots are told to every istiod") {
  const Authority root({.name_constraints = kConstraint}), other({.name_constraints = kBerlins});
  const Lines by_hand = {"MF1237 berlin", "MF1237 tokyo"};
  CHECK(said({.root = root.pem(), .berlin = other.pem(), .more = kRoots}) == by_hand);
  MemoryFs fs;
  fs.put("federation.toml", replaced(kDomains, "\"1.31\"\n", "\"1.31.1\"\ninstall = \"helm\"\n") + kRoots);
  CHECK(found(fs, 1221, 1299) == Lines{"MF1236 berlin", "MF1236 tokyo"});
}

TEST_CASE("certificates: valid on a day, if one is named") {
  MemoryFs fs;
  fs.put("root.pem", Authority({.not_before = 1000, .not_after = 2000}).pem());
  fs.put("federation.toml", replaced(kDomains, "[mesh.tokyo]\n", "[mesh.tokyo]\nroot = \"root.pem\"\n"));
  const auto valid = [&](std::optional<std::int64_t> at) {
    source::Manager files;
    diag::Sink sink;
    return check::run(*parse::load(fs, "federation.toml", files, sink), sink, 1, at).has_value();
  };
  CHECK(valid(std::nullopt));
  CHECK(valid(1000));
  CHECK(valid(1999));
  CHECK_FALSE(valid(999));
  CHECK_FALSE(valid(2000));
}

}  // namespace
}  // namespace meshfed::testing
