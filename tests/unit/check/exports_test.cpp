// MF04xx about hosts, workloads, ports and weights, beyond what tests/diag shows.
#include <doctest/doctest.h>

#include "check/checked.hpp"
#include "parse/load.hpp"
#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

Lines exports(const std::string& toml) { return found(toml, 400, 499); }
Lines cart(std::string_view from, std::string_view to) { return exports(kShop + replaced(kCart, from, to)); }
/// A key more.
Lines cart(const std::string& more) { return exports(kShop + kCart + more); }

std::string orders(const std::string& more) {
  return replaced(replaced(kCart, "[export.cart]", "[export.orders]"), "namespace = \"cart\"",
                  "namespace = \"orders\"\n" + more);
}

TEST_CASE("hosts meet across naming, however they came about") {
  CHECK(exports(kShop + kCart + orders("host = \"cart.mesh.global\"")) == Lines{"MF0401 \"cart.mesh.global\""});
  CHECK(exports(kShop + kCart + orders("host = \"cart.cart.mesh.global\"")).empty());
  const std::string service = replaced(kCart, "canonical_name = \"cart\"", "naming = \"service\"");
  const std::string again =
      replaced(replaced(service, "export.cart", "export.other"), "namespace", "service = \"cart\"\nnamespace");
  CHECK(exports(kShop + service + again) == Lines{"MF0401 \"cart\""});
  CHECK(exports(kShop + service + orders("")).empty());
}

TEST_CASE("a host inside the domain is the domain's or below it") {
  CHECK(cart("namespace", "host = \"a.b.mesh.global\"\nnamespace").empty());
  CHECK(cart("namespace", "host = \"a.xmesh.global\"\nnamespace") == Lines{"MF0402 \"a.xmesh.global\""});
  CHECK(cart("namespace", "host = \"lisbon-vpc.gateway.mesh.global\"\nnamespace").empty());
  CHECK(cart("namespace", "host = \"tokyo-vpc.gateway.mesh.global\"\nnamespace") ==
        Lines{"MF0432 \"tokyo-vpc.gateway.mesh.global\""});
}

TEST_CASE("no host is among the names that the clusters' own DNS answers") {
  const auto host = [](const std::string& name, const std::string& shop = kShop) {
    return found(shop + kCart + fmt::format("host = \"{}\"\n", name), 437, 437);
  };
  for (const char* name : {"a.cart.shop.svc.cluster.local", "shop.svc.cluster.local", "cart.cluster.local",
                           "cluster.local", "cart.shop.svc", "cart.shop.svc.clusterset.local"}) {
    INFO(name);
    CHECK(host(name) == Lines{fmt::format("MF0437 \"{}\"", name)});
  }
  for (const char* name :
       {"cart.mesh.global", "cart.mycluster.local", "svc.mesh.global", "cluster.local.mesh.global"}) {
    INFO(name);
    CHECK(host(name).empty());
  }
  // The cluster domain of any cluster counts, whatever it is called.
  const std::string own = replaced(kShop, "[mesh.tokyo]\n", "[mesh.tokyo]\ncluster_domain = \"k8s.tokyo.example\"\n");
  CHECK(host("cart.shop.k8s.tokyo.example", own) == Lines{"MF0437 \"cart.shop.k8s.tokyo.example\""});
  CHECK(host("cart.tokyo.example", own).empty());
}

TEST_CASE("a host may be the name of a Service where nobody both runs and imports it") {
  const std::string name = "cart.shop.svc.cluster.local";
  const std::string cart = kCart + "host = \"" + name + "\"\n";
  CHECK(found(kShop + cart, 402, 441) == Lines{"MF0441 \"" + name + "\""});
  CHECK(found(kShop + cart + "accept = [\"MF0441\"]\n", 402, 441).empty());
  const std::string merged = cart + "merge = [\"tokyo\"]\n";
  CHECK(found(kShop + merged, 437, 441) == Lines{"MF0437 \"" + name + "\""});
  // Those who import it have another domain: theirs is not the name of one of their own.
  const std::string other = replaced(kShop, "[mesh.tokyo]\n", "[mesh.tokyo]\ncluster_domain = \"tokyo.example\"\n");
  CHECK(found(other + merged, 437, 441) == Lines{"MF0441 \"" + name + "\""});
}

TEST_CASE("a domain among the names of Services is one report, however many hosts are below it") {
  const std::string second = replaced(kCart, "export.cart", "export.pay");
  const auto domain = [&](const std::string& name) {
    return found(
        replaced(kShop, "name = \"shop\"\n", fmt::format("name = \"shop\"\ndomain = \"{}\"\n", name)) + kCart + second,
        437, 437);
  };
  CHECK(domain("shop.svc.cluster.local") == Lines{"MF0437 \"shop.svc.cluster.local\""});
  CHECK(domain("mesh.example").empty());
  // The default domain, where a cluster's DNS has it.
  const std::string global = replaced(kShop, "[mesh.tokyo]\n", "[mesh.tokyo]\ncluster_domain = \"global\"\n");
  CHECK(found(global + kCart, 437, 437) == Lines{"MF0437 \"global\""});
}

TEST_CASE("a host has two labels or more") {
  const auto host = [](const std::string& name) { return kShop + kCart + "host = \"" + name + "\"\n"; };
  CHECK(found(host("cart"), 402, 450) == Lines{"MF0450 \"cart\""});
  CHECK(found(host("cart.internal"), 450, 450) == Lines{});
  CHECK(found(replaced(host("mesh"), "name = \"shop\"", "name = \"shop\"\ndomain = \"mesh\""), 450, 450) ==
        Lines{"MF0450 \"mesh\""});
}

TEST_CASE("what a short host becomes is nobody else's") {
  const auto fix = [](const std::string& toml) {
    MemoryFs fs;
    fs.put("federation.toml", toml);
    source::Manager files;
    diag::Sink sink;
    check::run(*parse::load(fs, "federation.toml", files, sink), sink);
    for (const diag::Report& report : sink.reports()) {
      if (report.row->code == 450 && report.fix) return report.fix->replacement;
    }
    return std::string();
  };
  const std::string cart = kShop + kCart + "host = \"basket\"\n";
  const auto other = [](const std::string& name) { return replaced(kCart, "export.cart", "export." + name); };
  CHECK(fix(cart) == "\"basket.mesh.global\"");
  CHECK(fix(cart + other("basket")) == "\"cart.mesh.global\"");
  CHECK(fix(cart + other("basket") + other("another") + "host = \"cart.mesh.global\"\n") == "");
}

TEST_CASE("a virtual address can be called") {
  const auto vip = [](const std::string& list) { return found(kShop + kCart + "vip = [" + list + "]\n", 451, 451); };
  CHECK(vip("\"240.0.0.1\", \"fd00::1\"") == Lines{});
  CHECK(vip("\"0.0.0.0\", \"ff02::1\"") == Lines{"MF0451 \"0.0.0.0\"", "MF0451 \"ff02::1\""});
}

TEST_CASE("names of ports say protocols by their first part") {
  for (const char* good : {"http", "http-api", "grpc-web", "grpc-web-x", "http2-x", "tcp"}) {
    CAPTURE(good);
    CHECK(cart("\"http\"", fmt::format("\"{}\"", good)).empty());
  }
  CHECK(cart("\"http\"", "\"https2\"") == Lines{"MF0405 \"https2\""});
  CHECK(cart("\"http\"", "\"api-http\"") == Lines{"MF0405 \"api-http\""});
  CHECK(cart("\"http\"", "\"udp\"") == Lines{"MF0406 \"udp\""});
  CHECK(cart("\"http\"", "\"api\", protocol = \"http\"").empty());
}

TEST_CASE("ports that the proxy uses") {
  CHECK(cart("8080", "15008") == Lines{"MF0428 15008"});
  CHECK(cart("8080", "15099") == Lines{"MF0427 15099"});
  CHECK(cart("8080", "15443").empty());
  CHECK(cart("8080", "80, target = 15001") == Lines{"MF0428 15001"});
}

TEST_CASE("naming decides which keys have a place; unknown naming decides nothing") {
  CHECK(cart("canonical_name = \"cart\"\n", "") == Lines{"MF0408 cart"});
  CHECK(cart("canonical_name", "naming = \"servce\"\ncanonical_name").empty());
  CHECK(
      cart("canonical_name = \"cart\"\n", "naming = \"servce\"\nhost = \"x.mesh.global\"\nservice = \"y\"\n").empty());
  CHECK(cart("canonical_name = \"cart\"\n", "canonical_name = \"c art\"\n").empty());  // bad, but said
}

TEST_CASE("TCP hosts share a port only where addresses are allocated") {
  const std::string tcp = replaced(kCart, "name = \"http\"", "name = \"tcp\"");
  const std::string two = tcp + replaced(tcp, "export.cart", "export.orders");
  const std::string deaf = replaced(kShop, "dns_capture = true", "dns_capture = false");
  CHECK(found(kShop + two, 423, 423).empty());
  CHECK(found(deaf + two, 423, 423) == Lines{"MF0423 berlin-1", "MF0423 tokyo-1"});
  CHECK(found(deaf + tcp, 423, 423).empty());
  const std::string fixed = tcp + "vip = [\"240.1.0.1\"]\n";
  CHECK(found(deaf + fixed + replaced(tcp, "export.cart", "export.orders"), 423, 423).empty());
  const std::string tls = replaced(kCart, "name = \"http\"", "name = \"tls\"");
  CHECK(found(deaf + tls + replaced(tls, "export.cart", "export.orders"), 423, 423).empty());
}

TEST_CASE("a TCP host without an address takes its port, whatever its part in the export") {
  const std::string tcp = replaced(kCart, "name = \"http\"", "name = \"tcp\"");
  const auto deaf = [](const std::string& mesh) {
    return replaced(kShop, fmt::format("[mesh.{}]\n", mesh), fmt::format("[mesh.{}]\ndns_capture = false\n", mesh));
  };
  const auto about = [](const std::string& toml) { return found(toml, 434, 434); };
  CHECK(about(deaf("berlin") + tcp) == Lines{"MF0434 8080"});  // serves
  CHECK(about(deaf("tokyo") + tcp) == Lines{"MF0434 8080"});   // imports
  CHECK(about(deaf("tokyo") + replaced(tcp, "to = [", "merge = [")) == Lines{"MF0434 8080"});
  CHECK(about(kShop + tcp).empty());
  CHECK(about(deaf("tokyo") + kCart).empty());  // HTTP says its host
  CHECK(about(deaf("tokyo") + tcp + "vip = [\"240.10.0.1\"]\n").empty());
  for (const char* protocol : {"mysql", "mongo", "redis"})
    CHECK(about(deaf("tokyo") + replaced(kCart, "name = \"http\"", fmt::format("name = \"{}\"", protocol))) ==
          Lines{"MF0434 8080"});
  CHECK(about(deaf("tokyo") + replaced(kCart, "name = \"http\"", "name = \"tls\"")).empty());  // as does TLS
  CHECK(about(deaf("tokyo") + tcp + "accept = [\"MF0434\"]\n").empty());
}

TEST_CASE("virtual addresses meet only within a cluster, and in any spelling") {
  const std::string v6 = kCart + "vip = [\"2001:db8::1\"]\n";
  const std::string same = replaced(kCart, "export.cart", "export.orders") + "vip = [\"2001:db8:0::1\"]\n";
  CHECK(exports(kShop + v6 + same) == Lines{"MF0424 \"2001:db8:0::1\""});
  const std::string osaka =
      "[mesh.osaka]\n[network.o1]\n[network.o2]\n[cluster.o1]\nmesh=\"osaka\"\nnetwork=\"o1\"\n"
      "gateway.addresses = [\"192.0.2.1\"]\n[cluster.o2]\nmesh=\"osaka\"\nnetwork=\"o2\"\n";
  const std::string apart =
      replaced(replaced(same, "from = [\"berlin\"]", "from = [\"o1\"]"), "[\"tokyo\"]", "[\"o2\"]");
  CHECK(exports(kShop + osaka + v6 + apart).empty());
}

TEST_CASE("weights decide where there are two places to go") {
  CHECK(cart("weight = 3\n") == Lines{"MF0426 3"});
  CHECK(exports(kShop + replaced(kCart, "to = [\"tokyo\"]", "merge = [\"tokyo\"]") + "weight = 3\n").empty());
  CHECK(exports(kShop + replaced(kCart, "from = [\"berlin\"]", "from = [\"berlin\", \"tokyo\"]") + "weight = 3\n")
            .empty());
  // Nobody sees it: that is said, and enough.
  CHECK(exports(kShop + replaced(kCart, "to = [\"tokyo\"]\n", "") + "weight = 3\n").empty());
}

TEST_CASE("a Service of a team's own gets a DestinationRule of ours only if the team knows") {
  const auto rule = [](const std::string& parties, const std::string& more = "",
                       const std::string& naming = "service") {
    std::string cart = replaced(kCart, "from = [\"berlin\"]\nto = [\"tokyo\"]\n", parties);
    if (naming == "service")
      cart = replaced(cart, "canonical_name = \"cart\"", "naming = \"service\"\nselector = { app = \"cart\" }");
    return found(kShop + cart + more, 439, 440);
  };
  const std::string merge = "from = [\"berlin\"]\nmerge = [\"tokyo\"]\n";
  const std::string both = "from = [\"berlin\", \"tokyo\"]\nto = [\"berlin\", \"tokyo\"]\n";
  CHECK(rule(merge) == Lines{"MF0439 cart"});
  CHECK(rule(both) == Lines{"MF0439 cart"});
  CHECK(rule("from = [\"berlin\"]\nto = [\"tokyo\"]\n").empty());  // the Service is ours
  CHECK(rule(merge, "", "global").empty());
  CHECK(rule(merge, "destination_rule = true\n").empty());
  CHECK(rule(merge, "destination_rule = false\n").empty());
  CHECK(rule(merge, "accept = [\"MF0439\"]\n").empty());
  CHECK(rule(merge, "destination_rule = false\nprefer = \"local\"\n") == Lines{"MF0440 \"local\""});
  CHECK(rule(merge, "destination_rule = false\nprefer = \"local\"\n", "global") == Lines{"MF0440 \"local\""});
}

}  // namespace
}  // namespace meshfed::testing
