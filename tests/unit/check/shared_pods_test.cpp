// MF0435, MF0436, MF0611: exports that meet at the same pods, however each of them selects these.
#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

/// The shop with a trust domain for each mesh, so that callers of one are no callers of the other.
const std::string kApart =
    replaced(replaced(kShop, "[mesh.berlin]\n", "[mesh.berlin]\ntrust_domain = \"berlin.example\"\n"), "[mesh.tokyo]\n",
             "[mesh.tokyo]\ntrust_domain = \"tokyo.example\"\n");

constexpr const char* kAll = "\"berlin/*\", \"tokyo/*\"";

/// One export of the shop's namespace `apps`; `rest` are more keys.
std::string exported(const std::string& name, const std::string& selection, const std::string& ports,
                     const std::string& rest) {
  return fmt::format(
      "[export.{}]\nnamespace = \"apps\"\n{}\nports = [{}]\nfrom = [\"berlin\"]\nto = [\"tokyo\"]\n"
      "service_accounts = [\"apps\"]\n{}\n",
      name, selection, ports, rest);
}

std::string callers(const std::string& list) { return list.empty() ? "" : "callers = [" + list + "]"; }

/// Two exports that lead to port 8080, `first` and `second` selecting their pods, each with callers of its own.
Lines guarded(const std::string& first, const std::string& second,
              const std::string& one = "\"tokyo/a/a\", \"berlin/*\"",
              const std::string& other = "\"tokyo/b/b\", \"berlin/*\"", const std::string& shop = kApart) {
  return found(shop + exported("one", first, "{ name = \"http\", number = 80, target = 8080 }", callers(one)) +
                   exported("two", second, "{ name = \"http\", number = 81, target = 8080 }", callers(other)),
               611, 611);
}

const Lines kDenied = {"MF0611 [\"tokyo/b/b\", \"berlin/*\"]"};

TEST_CASE("shared pods: callers of one are refused by the other, however each selects the pods") {
  const std::pair<const char*, const char*> meeting[] = {
      {R"(canonical_name = "web")", R"(canonical_name = "web")"},
      {R"(selector = { app = "web" })", R"(selector = { app = "web" })"},
      {R"(selector = { app = "web" })", R"(selector = { app = "web", tier = "front" })"},
      {R"(selector = { app = "web", tier = "front" })", R"(selector = { app = "web" })"},
      {R"(selector = { app = "web", version = "v1" })", R"(selector = { app = "web", tier = "front" })"},
      {R"(selector = { tier = "front" })", R"(selector = { app = "web" })"},
      {R"(selector = { tier = "front" })", R"(selector = { zone = "a" })"},
      {R"(selector = { app = "web" })", R"(canonical_name = "web")"},
      {R"(canonical_name = "web")", R"(selector = { "app.kubernetes.io/name" = "web" })"},
      {R"(canonical_name = "web")", R"(selector = { "service.istio.io/canonical-name" = "web", app = "x" })"},
      {R"(canonical_name = "web")", R"(selector = { tier = "front" })"},
  };
  for (const auto& [first, second] : meeting) {
    INFO(first << " and " << second);
    CHECK(guarded(first, second) == kDenied);
  }
}

TEST_CASE("shared pods: exports of different pods do not meet") {
  const std::pair<const char*, const char*> apart[] = {
      {R"(canonical_name = "web")", R"(canonical_name = "api")"},
      {R"(selector = { app = "web" })", R"(selector = { app = "api" })"},
      {R"(selector = { app = "web", tier = "front" })", R"(selector = { app = "web", tier = "back" })"},
      {R"(selector = { tier = "front" })", R"(selector = { tier = "back", zone = "a" })"},
      {R"(selector = { app = "web" })", R"(canonical_name = "api")"},
      {R"(selector = { app = "web" })", R"(selector = { "app.kubernetes.io/name" = "api" })"},
  };
  for (const auto& [first, second] : apart) {
    INFO(first << " and " << second);
    CHECK(guarded(first, second).empty());
  }
}

TEST_CASE("shared pods: what counts is whom the policies let in, not how that is written") {
  const std::string web = R"(canonical_name = "web")";
  const std::pair<std::string, std::string> equal[] = {
      {kAll, kAll},
      {"", ""},
      {R"("tokyo/a/a", "berlin/*")", R"("berlin/*", "tokyo/a/a")"},
      {R"("tokyo/a/*", "tokyo/a/a", "berlin/*")", R"("berlin/*", "tokyo/a/*")"},
      {kAll, ""},  // who has no list lets in those who reach it, and the list has all of them
      {"", kAll},
  };
  for (const auto& [one, other] : equal) {
    INFO(one << " and " << other);
    CHECK(guarded(web, web, one, other).empty());
  }
  const std::pair<std::string, std::string> unequal[] = {
      {R"("tokyo/a/a", "berlin/*")", ""},
      {"", R"("tokyo/a/a", "berlin/*")"},
      {R"("tokyo/a/*", "berlin/*")", R"("tokyo/a/a", "berlin/*")"},
      {R"("tokyo/a/a", "berlin/*")", R"("tokyo/a/a")"},
  };
  for (const auto& [one, other] : unequal) {
    INFO(one << " and " << other);
    CHECK(guarded(web, web, one, other).size() == 1);
  }
}

TEST_CASE("shared pods: equal trust domains make equal callers") {
  const std::string web = R"(canonical_name = "web")";
  CHECK(guarded(web, web, R"("tokyo/a/a")", R"("berlin/a/a")").size() == 1);
  CHECK(guarded(web, web, R"("tokyo/a/a")", R"("berlin/a/a")", kShop).empty());  // both have the default domain
  CHECK(guarded(web, web, R"("tokyo/a/a", "tokyo/*")", R"("berlin/*")", kShop).empty());
}

TEST_CASE("shared pods: other ports, namespaces and clusters keep exports apart") {
  const std::string web = R"(canonical_name = "web")";
  const std::string one =
      exported("one", web, "{ name = \"http\", number = 80, target = 8080 }", callers("\"tokyo/a/a\""));
  const std::string two =
      exported("two", web, "{ name = \"http\", number = 81, target = 8080 }", callers("\"tokyo/b/b\""));
  CHECK(found(kShop + one + two, 611, 611).size() == 1);
  CHECK(found(kShop + one + replaced(two, "8080", "8081"), 611, 611).empty());
  CHECK(found(kShop + one + replaced(two, "\"apps\"", "\"others\""), 611, 611).empty());
  const std::string elsewhere =
      replaced(replaced(two, "from = [\"berlin\"]", "from = [\"tokyo\"]"), "to = [\"tokyo\"]", "to = [\"berlin\"]");
  CHECK(found(kShop + one + elsewhere, 611, 611).empty());
}

TEST_CASE("shared pods: two Services of one Deployment") {
  const std::string service = "naming = \"service\"\nselector = { app = \"web\" }";
  CHECK(guarded(service, service) == kDenied);
  CHECK(guarded(service, R"(canonical_name = "web")") == kDenied);
}

TEST_CASE("shared pods: a pair is one report, however many ports and clusters it shares") {
  const std::string ports = "{ name = \"http\", number = 80 }, { name = \"http-b\", number = 81 }";
  const std::string more =
      "[cluster.berlin-2]\nmesh = \"berlin\"\nnetwork = \"berlin-vpc\"\ngateway.addresses = [\"198.51.100.11\"]\n";
  const std::string web = R"(canonical_name = "web")";
  CHECK(found(kShop + more + exported("one", web, ports, callers("\"tokyo/a/a\"")) +
                  exported("two", web, ports, callers("\"tokyo/b/b\"")),
              611, 611) == Lines{"MF0611 [\"tokyo/b/b\"]"});
}

/// Two ports that lead to 8080 under these protocols, within one export.
Lines protocols(const std::string& one, const std::string& other, const std::string& rest = "") {
  return found(kShop + exported("one", rest.empty() ? "canonical_name = \"web\"" : rest,
                                fmt::format("{{ name = \"{}-a\", number = 80, target = 8080 }}, "
                                            "{{ name = \"{}-b\", number = 81, target = 8080 }}",
                                            one, other),
                                ""),
               435, 435);
}

TEST_CASE("shared pods: a port of the pods has one protocol") {
  const std::pair<const char*, const char*> different[] = {{"http", "tcp"},  {"http", "http2"}, {"http", "grpc"},
                                                           {"grpc", "tcp"},  {"http", "https"}, {"grpc-web", "http"},
                                                           {"redis", "http"}};
  for (const auto& [one, other] : different) {
    INFO(one << " and " << other);
    CHECK(protocols(one, other) == Lines{fmt::format("MF0435 \"{}-b\"", other)});
    CHECK(protocols(other, one) == Lines{fmt::format("MF0435 \"{}-b\"", one)});
  }
  const std::pair<const char*, const char*> alike[] = {
      {"http", "http"}, {"grpc", "http2"}, {"tcp", "tls"}, {"https", "tls"}, {"tcp", "mysql"}};
  for (const auto& [one, other] : alike) {
    INFO(one << " and " << other);
    CHECK(protocols(one, other).empty());
  }
}

TEST_CASE("shared pods: protocols of a Service are compared where its target ports are known") {
  const std::string service = "naming = \"service\"\nselector = { app = \"web\" }";
  CHECK(protocols("http", "tcp", service) == Lines{"MF0435 \"tcp-b\""});
  CHECK(found(kShop + exported("one", service, "{ name = \"http\", number = 80 }", "") +
                  exported("two", service, "{ name = \"tcp\", number = 80 }", ""),
              435, 435)
            .empty());
}

TEST_CASE("shared pods: protocols of several exports") {
  const std::string one =
      exported("one", "canonical_name = \"web\"", "{ name = \"http\", number = 80, target = 8080 }", "");
  const std::string two =
      exported("two", "selector = { app = \"web\" }", "{ name = \"tcp\", number = 81, target = 8080 }", "");
  CHECK(found(kShop + one + two, 435, 435) == Lines{"MF0435 \"tcp\""});
  CHECK(found(kShop + one + two + "accept = [\"MF0435\"]\n", 435, 435).empty());
}

const std::string kOslo = R"([mesh.oslo]
[network.oslo-vpc]
[cluster.oslo-1]
mesh = "oslo"
network = "oslo-vpc"
gateway.addresses = ["192.0.2.30"]
)";

/// Two exports of one namespace, both merged in Oslo, one from Berlin and one from Tokyo.
Lines merged(const std::string& first, const std::string& second) {
  const auto from = [](std::string text, const char* source) {
    return replaced(replaced(text, "[\"berlin\"]", fmt::format("[\"{}\"]", source)), "to = [\"tokyo\"]",
                    "merge = [\"oslo\"]");
  };
  return found(kShop + kOslo + from(exported("one", first, "{ name = \"http\", number = 80 }", ""), "berlin") +
                   from(exported("two", second, "{ name = \"http\", number = 81 }", ""), "tokyo"),
               436, 436);
}

TEST_CASE("shared pods: remote endpoints are selected by their own export alone") {
  const std::tuple<const char*, const char*, const char*> shared[] = {
      {R"(canonical_name = "web")", R"(canonical_name = "web")", R"("web")"},
      {R"(selector = { app = "web" })", R"(selector = { app = "web" })", R"({ app = "web" })"},
      {R"(selector = { app = "web" })", R"(selector = { app = "web", tier = "a" })", R"({ app = "web", tier = "a" })"},
      {R"(selector = { app = "web", tier = "a" })", R"(selector = { app = "web" })", R"({ app = "web" })"},
      {R"(selector = { "service.istio.io/canonical-name" = "web" })", R"(canonical_name = "web")", R"("web")"},
      {"naming = \"service\"\nselector = { app = \"web\" }", R"(selector = { app = "web" })", R"({ app = "web" })"},
  };
  for (const auto& [first, second, guilty] : shared) {
    INFO(first << " and " << second);
    CHECK(merged(first, second) == Lines{fmt::format("MF0436 {}", guilty)});
  }
}

TEST_CASE("shared pods: entries carry the labels that are written, and no others") {
  const std::pair<const char*, const char*> apart[] = {
      {R"(canonical_name = "web")", R"(canonical_name = "api")"},
      {R"(selector = { app = "web" })", R"(canonical_name = "web")"},
      {R"(selector = { app = "web", tier = "a" })", R"(selector = { app = "web", zone = "b" })"},
      {R"(selector = { tier = "a" })", R"(selector = { zone = "b" })"},
  };
  for (const auto& [first, second] : apart) {
    INFO(first << " and " << second);
    CHECK(merged(first, second).empty());
  }
}

TEST_CASE("shared pods: an export that only serves beside one that is merged takes its entries, too") {
  const std::string web = "canonical_name = \"web\"";
  const std::string serves = exported("one", web, "{ name = \"http\", number = 80 }", "");
  const std::string merges = replaced(replaced(exported("two", web, "{ name = \"http\", number = 81 }", ""),
                                               "from = [\"berlin\"]", "from = [\"tokyo\"]"),
                                      "to = [\"tokyo\"]", "merge = [\"berlin\"]");
  CHECK(found(kShop + serves + merges, 436, 436) == Lines{"MF0436 \"web\""});
  CHECK(found(kShop + serves + exported("two", web, "{ name = \"http\", number = 81 }", ""), 436, 436).empty());
}

}  // namespace
}  // namespace meshfed::testing
