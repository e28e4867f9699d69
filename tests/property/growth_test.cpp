// Whatever grows, grows the work of a run and what it prints no faster: every list and table of the language, right and
// wrong. Work is counted, not timed.
#include "property/growing.hpp"

namespace meshfed::testing {
namespace {

Files fragments(std::size_t n, const std::string& rules, const char* include, const std::string& namespace_) {
  Files files = Small{.top = include, .exported = kOrders, .tables = rules};
  for (std::size_t i = 0; i < n; ++i) {
    files[fmt::format("apps/{}/exports.toml", i)] =
        fmt::format("[export.e{}]\nnamespace = \"{}\"\ncanonical_name = \"e{}\"\n{}", i, namespace_, i, kOrders);
  }
  return files;
}

// clang-format off
const std::vector<Growing> kRight = {
    {"exports", 400, [](std::size_t n) { return Small{.exported = kOrders, .tables = exports(n)}; }},
    {"ports", 240, [](std::size_t n) {
       const auto port = [](std::size_t i) { return fmt::format("{{ name = \"http-{}\", number = {} }}, ", i, 1000 + i); };
       return Small{.exported = "ports = [" + repeat(n, port) + "]\n" + kFrom + kTo + kAccounts};
     }},
    {"from", 400, [](std::size_t n) {
       return Small{.exported = kPorts + list("from", n, "c{}") + kTo + kAccounts, .tables = clusters(n, "east")};
     }},
    {"from, by its weight and locality", 400, [](std::size_t n) {
       const auto weight = [](std::size_t i) { return fmt::format("n{} = 3, ", i); };
       std::string weights = repeat(n, weight);
       weights.resize(weights.size() - 2);
       return Small{.exported = kPorts + list("from", n, "c{}") + "merge = [\"west-1\"]\n" + kAccounts +
                                "prefer = \"nearest\"\nweight = { " + weights + " }\n",
                    .tables = clusters(n, "east", "locality = \"eu/west\"\n")};
     }},
    {"places that serve", 400, [](std::size_t n) {
       const auto place = [](std::size_t i) {
         return fmt::format("[export.orders.at.c{0}]\nnamespace = \"shop-{0}\"\ncanonical_name = \"orders-{0}\"\n"
                            "service_accounts = [\"orders-{0}\"]\ntargets.http = {1}\n", i, 20000 + i);
       };
       return Small{.exported = kPorts + list("from", n, "c{}") + kTo + kAccounts + "callers = [\"west/*\", \"east/*\"]\n",
                    .tables = repeat(n, place) + clusters(n, "east")};
     }},
    {"places that merge, in namespaces of their own", 400, [](std::size_t n) {
       const auto place = [](std::size_t i) { return fmt::format("[export.orders.at.c{0}]\nnamespace = \"shop-{0}\"\nweight = 3\n", i); };
       return Small{.exported = kPorts + kFrom + list("merge", n, "c{}") + kAccounts, .tables = repeat(n, place) + clusters(n, "west")};
     }},
    {"places that share calls out", 400, [](std::size_t n) {
       const auto place = [](std::size_t i) { return fmt::format("[export.orders.at.c{}]\nshare = {{ local = 80, east-vpc = 20 }}\n", i); };
       return Small{.exported = kPorts + kFrom + list("merge", n, "c{}") + kAccounts, .tables = repeat(n, place) + clusters(n, "west", "locality = \"eu/west\"\n")};
     }},
    {"to", 400, [](std::size_t n) {
       return Small{.exported = kPorts + kFrom + list("to", n, "c{}") + kAccounts, .tables = clusters(n, "west")};
     }},
    {"merge", 400, [](std::size_t n) {
       return Small{.exported = kPorts + kFrom + list("merge", n, "c{}") + kAccounts, .tables = clusters(n, "west")};
     }},
    {"exports that select pods by other labels", 400, [](std::size_t n) {
       const auto one = [](std::size_t i) { return fmt::format("[export.e{0}]\nnamespace = \"shop\"\nselector.tier = \"t{0}\"\n{1}", i, kOrders); };
       return Small{.exported = kOrders, .tables = repeat(n, one)};
     }},
    {"exports that select the same pods", 400, [](std::size_t n) {
       const auto one = [](std::size_t i) { return fmt::format("[export.e{0}]\nnamespace = \"shop\"\ncanonical_name = \"one\"\n{1}", i, kOrders); };
       return Small{.exported = kOrders, .tables = repeat(n, one)};
     }},
    {"callers", 400, [](std::size_t n) { return Small{.exported = kOrders + list("callers", n, "west/shop/a{}")}; }},
    {"callers of meshes that look alike", 400, [](std::size_t n) {
       const auto mesh = [](std::size_t i) {
         return fmt::format("[mesh.m{0}]\ntrust_domain = \"x.example\"\n[cluster.c{0}]\nmesh = \"m{0}\"\nnetwork = \"n{0}\"\n[network.n{0}]\n", i);
       };
       return Small{.exported = kPorts + kFrom + list("to", n, "c{}") + kAccounts + list("callers", n, "m{}/shop/cart"),
                    .tables = repeat(n, mesh)};
     }},
    {"exports with aliases, limits and outliers of their own", 400, [](std::size_t n) {
       const auto one = [](std::size_t i) {
         return fmt::format("[export.e{0}]\nnamespace = \"shop\"\ncanonical_name = \"e{0}\"\n{1}alias = [\"e{0}.example\"]\noutlier = {{}}\n"
                            "connection_pool.tcp.maxConnections = 1\n", i, kOrders);
       };
       return Small{.exported = kOrders, .tables = repeat(n, one)};
     }},
    {"clusters that get an export with an outlier of its own", 400, [](std::size_t n) {
       return Small{.exported = kPorts + kFrom + list("to", n, "c{}") + kAccounts + "outlier = {}\n", .tables = clusters(n, "west")};
     }},
    {"service_accounts", 400, [](std::size_t n) {
       return Small{.exported = kPorts + kFrom + kTo + list("service_accounts", n, "a{}")};
     }},
    {"visible_to", 400, [](std::size_t n) { return Small{.exported = kOrders + list("visible_to", n, "ns{}")}; }},
    {"vip", 240, [](std::size_t n) {
       const auto vip = [](std::size_t i) { return fmt::format("\"{}\", ", address(i)); };
       return Small{.exported = kOrders + "vip = [" + repeat(n, vip) + "]\n"};
     }},
    {"imports", 400, [](std::size_t n) {
       return Small{.west = list("imports", n, "e{}"), .exported = kPorts + kFrom + "to = [\"*\"]\n" + kAccounts, .tables = exports(n)};
     }},
    {"seen_from", 400, [](std::size_t n) {
       const auto view = [](std::size_t i) {
         return fmt::format("[cluster.east-1.gateway.seen_from.n{}]\naddresses = [\"10.0.{}.{}\"]\n", i, i / 250, 1 + i % 250);
       };
       return Small{.exported = kPorts + kFrom + "to = [\"west\"]\n" + kAccounts, .tables = clusters(n, "west") + repeat(n, view)};
     }},
    {"exports behind a router", 400, [](std::size_t n) { return Small{.exported = kOrders, .tables = kRouter + exports(n, kPorts + "from = [\"r\"]\n" + kTo + kAccounts)}; }},
    {"labels of a selector", 400, [](std::size_t n) {
       const auto label = [](std::size_t i) { return fmt::format("selector.l{0} = \"v{0}\"\n", i); };
       return Small{.exported = kOrders, .tables = "[export.x]\nnamespace = \"shop\"\n" + kOrders + repeat(n, label)};
     }},
    {"accept", 400, [](std::size_t n) {  // the codes are few: in many places
       return Small{.exported = kOrders, .tables = exports(n, kPorts + kFrom + kTo + "accept = [\"MF0603\"]\n")};
     }},
    {"egress by network", 400, [](std::size_t n) {
       const auto mode = [](std::size_t i) { return fmt::format("egress.n{} = \"direct\"\n", i); };
       return Small{.defaults = "egress.default = \"gateway\"\n" + repeat(n, mode),
                    .exported = kPorts + kFrom + "to = [\"west\"]\n" + kAccounts,
                    .tables = clusters(n, "west")};
     }},
    {"networks behind an egress gateway", 60, [](std::size_t n) {
       return Small{.west = "egress = \"gateway\"\n", .exported = kPorts + list("from", n, "c{}") + kTo + kAccounts,
                    .tables = clusters(n, "east")};
     }},
    {"meshes", 400, [](std::size_t n) {
       const auto mesh = [](std::size_t i) {
         return fmt::format("[mesh.m{0}]\ntrust_domain = \"m{0}.example\"\n[network.n{0}]\n[cluster.c{0}]\nmesh = \"m{0}\"\nnetwork = \"n{0}\"\n", i);
       };
       return Small{.exported = kPorts + kFrom + list("to", n, "m{}") + kAccounts, .tables = repeat(n, mesh)};
     }},
    {"clusters that see all", 400, [](std::size_t n) {
       return Small{.exported = kPorts + kFrom + "to = [\"*\"]\n" + kAccounts, .tables = clusters(n, "west")};
     }},
    {"included files", 400, [](std::size_t n) {
       return fragments(n, "[fragment.\"apps/*/exports.toml\"]\n", "include = [\"apps/*/exports.toml\"]\n", "shop");
     }},
    {"included files, each with its rule", 400, [](std::size_t n) {
       const auto rule = [](std::size_t i) { return fmt::format("[fragment.\"apps/{}/*.toml\"]\nnamespaces = [\"shop\"]\n", i); };
       return fragments(n, repeat(n, rule), "include = [\"apps/*/exports.toml\"]\n", "shop");
     }},
    {"included files, by path", 400, [](std::size_t n) {
       return fragments(n, "[fragment.\"apps/*/exports.toml\"]\n", list("include", n, "apps/{}/exports.toml").c_str(), "shop");
     }},
    {"addresses of a rule", 400, [](std::size_t n) {
       Files files = fragments(1, "[fragment.\"apps/*/*\"]\nvips = [" + repeat(n, [](std::size_t i) { return fmt::format("\"{}\", ", address(i)); }) + "]\n", "include = [\"apps/*/*\"]\n", "shop");
       for (std::size_t i = 0; i < n; ++i)
         files["apps/0/exports.toml"] += fmt::format("[export.v{0}]\nnamespace = \"shop\"\ncanonical_name = \"v{0}\"\nvip = [\"{1}\"]\n{2}", i, address(i), kOrders);
       return files;
     }},
    {"namespaces of a rule", 400, [](std::size_t n) {
       return fragments(n, "[fragment.\"apps/*/*\"]\n" + list("namespaces", n, "ns{}") , "include = [\"apps/*/*\"]\n", "ns0");
     }},
};

const std::vector<Growing> kWrong = {
    {"unknown keys", 400, [](std::size_t n) {
       return Small{.exported = kOrders + repeat(n, [](std::size_t i) { return fmt::format("key{} = 1\n", i); })};
     }},
    {"unknown keys of a table with a long name", 400, [](std::size_t n) {
       const auto key = [](std::size_t i) { return fmt::format("key{} = 1\n", i); };
       return Small{.exported = kOrders, .tables = "[export." + std::string(100 * n, 'x') + "]\n" + repeat(n, key)};
     }},
    {"unknown tables", 400, [](std::size_t n) {
       return Small{.exported = kOrders, .tables = repeat(n, [](std::size_t i) { return fmt::format("[table{}]\n", i); })};
     }},
    {"exports that lack all keys", 400, [](std::size_t n) {
       return Small{.exported = kOrders, .tables = repeat(n, [](std::size_t i) { return fmt::format("[export.e{}]\n", i); })};
     }},
    {"exports from nowhere", 400, [](std::size_t n) {
       return Small{.exported = kOrders, .tables = exports(n, kPorts + "from = [\"nowhere\"]\n" + kTo + kAccounts)};
     }},
    {"exports of one host", 400, [](std::size_t n) {
       return Small{.exported = kOrders, .tables = exports(n, kOrders + "host = \"x.mesh.global\"\n")};
     }},
    {"exports of one alias", 400, [](std::size_t n) {
       return Small{.exported = kOrders, .tables = exports(n, kOrders + "alias = [\"x.mesh.global\"]\n")};
     }},
    {"hosts below hosts", 400, [](std::size_t n) {
       std::string above = "mesh.global", chain;
       for (std::size_t i = 0; i < 60; ++i) {
         above = "a." + above;
         chain += fmt::format("[export.above{0}]\nnamespace = \"shop\"\ncanonical_name = \"above{0}\"\nhost = \"{1}\"\n{2}", i, above, kOrders);
       }
       const auto below = [&](std::size_t i) {
         return fmt::format("[export.below{0}]\nnamespace = \"shop\"\ncanonical_name = \"below{0}\"\nhost = \"b{0}.{1}\"\n{2}", i, above, kOrders);
       };
       return Small{.west = "egress = \"gateway\"\n", .exported = kOrders, .tables = chain + repeat(n, below)};
     }},
    {"ports of one number", 240, [](std::size_t n) {
       const auto port = [](std::size_t) { return std::string("{ name = \"http\", number = 80 }, "); };
       return Small{.exported = "ports = [" + repeat(n, port) + "]\n" + kFrom + kTo + kAccounts};
     }},
    {"TCP ports that hosts share", 240, [](std::size_t n) {
       const auto port = [](std::size_t i) { return fmt::format("{{ name = \"tcp-{}\", number = {} }}, ", i, 1000 + i); };
       const std::string lines = "ports = [" + repeat(n, port) + "]\n" + kFrom + kTo + kAccounts;
       return Small{.defaults = "", .west = "dns_capture = false\n", .exported = lines, .tables = exports(2, lines)};
     }},
    {"from, undeclared", 400, [](std::size_t n) {
       return Small{.exported = kPorts + list("from", n, "east-{}x") + kTo + kAccounts, .tables = clusters(n, "east")};
     }},
    {"from, without gateways", 400, [](std::size_t n) {
       const auto cluster = [](std::size_t i) { return fmt::format("[network.n{0}]\n[cluster.c{0}]\nmesh = \"east\"\nnetwork = \"n{0}\"\n", i); };
       return Small{.exported = kPorts + list("from", n, "c{}") + kTo + kAccounts, .tables = repeat(n, cluster)};
     }},
    {"to, beside those who serve", 400, [](std::size_t n) {
       const auto cluster = [](std::size_t i) {
         return fmt::format("[cluster.c{0}]\nmesh = \"east\"\nnetwork = \"east-vpc\"\n[cluster.d{0}]\nmesh = \"east\"\nnetwork = \"east-vpc\"\n", i);
       };
       return Small{.exported = kPorts + list("from", n, "c{}") + list("to", n, "d{}") + kAccounts, .tables = repeat(n, cluster)};
     }},
    {"to, refusing", 400, [](std::size_t n) {
       return Small{.exported = kPorts + kFrom + list("to", n, "c{}") + kAccounts, .tables = clusters(n, "west", "imports = []\n")};
     }},
    {"to, twice", 400, [](std::size_t n) { return Small{.exported = kPorts + kFrom + list("to", n, "west-1") + kAccounts}; }},
    {"merge, and from as well", 400, [](std::size_t n) {
       const auto cluster = [](std::size_t i) { return fmt::format("[cluster.c{}]\nmesh = \"east\"\nnetwork = \"east-vpc\"\n", i); };
       return Small{.exported = kPorts + list("from", n, "c{}") + list("merge", n, "c{}") + kAccounts, .tables = repeat(n, cluster)};
     }},
    {"places without a part", 400, [](std::size_t n) {
       const auto place = [](std::size_t i) { return fmt::format("[export.orders.at.c{0}]\nnamespace = \"shop-{0}\"\n", i); };
       return Small{.exported = kOrders, .tables = repeat(n, place) + clusters(n, "east")};
     }},
    {"places that nobody declares", 400, [](std::size_t n) {
       const auto place = [](std::size_t i) { return fmt::format("[export.orders.at.east-{}x]\nshare.nowhere = 100\n", i); };
       return Small{.exported = kOrders, .tables = repeat(n, place) + clusters(n, "east")};
     }},
    {"places that name no account", 400, [](std::size_t n) {
       const auto place = [](std::size_t i) { return fmt::format("[export.orders.at.c{0}]\nnamespace = \"shop-{0}\"\n", i); };
       return Small{.exported = kPorts + list("from", n, "c{}") + "merge = [\"west-1\"]\n", .tables = repeat(n, place) + clusters(n, "east")};
     }},
    {"targets of no port", 400, [](std::size_t n) {
       const auto target = [](std::size_t i) { return fmt::format("targets.http-{} = 80\n", i); };
       return Small{.exported = kOrders, .tables = "[export.orders.at.east]\n" + repeat(n, target)};
     }},
    {"shares of too many, in many clusters", 400, [](std::size_t n) {  // more than 100 cannot be of 100
       n += 100;
       const auto share = [](std::size_t i) { return fmt::format("share.n{} = 1\n", i); };
       return Small{.exported = kPorts + kFrom + "to = [\"west\"]\n" + kAccounts,
                    .tables = "[export.orders.at.west]\n" + repeat(n, share) + clusters(n, "west")};
     }},
    {"shares of nobody, in many clusters", 400, [](std::size_t n) {
       const auto place = [](std::size_t i) { return fmt::format("[export.orders.at.c{}]\nshare = {{ local = 80, west-vpc = 20 }}\n", i); };
       return Small{.exported = kPorts + kFrom + "to = [\"west\"]\nweight = 3\n" + kAccounts, .tables = repeat(n, place) + clusters(n, "west")};
     }},
    {"callers of no mesh", 400, [](std::size_t n) { return Small{.exported = kOrders + list("callers", n, "nowhere/shop/a{}")}; }},
    {"callers who do not consume", 400, [](std::size_t n) {
       return Small{.exported = kOrders + list("callers", n, "north/shop/a{}"),
                    .tables = "[mesh.north]\n[network.n]\n[cluster.n]\nmesh = \"north\"\nnetwork = \"n\"\n"};
     }},
    {"callers who do not consume what many clusters serve", 400, [](std::size_t n) {
       return Small{.exported = kPorts + list("from", n, "c{}") + kTo + kAccounts + list("callers", n, "north/shop/a{}"),
                    .tables = clusters(n, "east") + "[mesh.north]\n[network.n]\n[cluster.n]\nmesh = \"north\"\nnetwork = \"n\"\n"};
     }},
    {"exports that disagree about the same pods", 400, [](std::size_t n) {
       const auto one = [](std::size_t i) {
         return fmt::format("[export.e{0}]\nnamespace = \"shop\"\ncanonical_name = \"one\"\nports = [{{ name = \"{1}\", number = 80 }}]\n", i, i == 0 ? "tcp" : "http") + kFrom + kTo + kAccounts;
       };
       return Small{.exported = kOrders, .tables = repeat(n, one)};
     }},
    {"callers of one long form", 400, [](std::size_t n) { return Small{.exported = kOrders + list("callers", n, "a/b/c/d{}")}; }},
    {"callers that look alike, but for the last", 400, [](std::size_t n) {
       const auto mesh = [](std::size_t i) {
         return fmt::format("[mesh.m{0}]\ntrust_domain = \"x.example\"\n[cluster.c{0}]\nmesh = \"m{0}\"\nnetwork = \"n{0}\"\n[network.n{0}]\n", i);
       };
       return Small{.exported = kPorts + kFrom + list("to", n, "c{}") + kAccounts + list("callers", n - 1, "m{}/shop/cart"),
                    .tables = repeat(n, mesh)};
     }},
    {"service_accounts", 400, [](std::size_t n) { return Small{.exported = kPorts + kFrom + kTo + list("service_accounts", n, "A{}")}; }},
    {"visible_to", 400, [](std::size_t n) { return Small{.exported = kOrders + list("visible_to", n, "A{}")}; }},
    {"vip", 400, [](std::size_t n) { return Small{.exported = kOrders + list("vip", n, "x{}")}; }},
    {"vip of all", 400, [](std::size_t n) { return Small{.exported = kOrders, .tables = exports(n, kOrders + "vip = [\"240.0.0.1\"]\n")}; }},
    {"imports", 1600, [](std::size_t n) {
       return Small{.west = list("imports", n, "e{}x"), .exported = kOrders, .tables = exports(n)};
     }},
    {"seen_from", 400, [](std::size_t n) {
       const auto view = [](std::size_t i) { return fmt::format("[cluster.east-1.gateway.seen_from.n{}x]\naddresses = [\"10.0.0.1\"]\n", i); };
       return Small{.exported = kOrders, .tables = clusters(n, "west") + repeat(n, view)};
     }},
    {"seen_from at one address", 400, [](std::size_t n) {
       const auto view = [](std::size_t i) { return fmt::format("[cluster.east-1.gateway.seen_from.n{}]\naddresses = [\"10.0.0.1\"]\n", i); };
       return Small{.exported = kPorts + kFrom + "to = [\"west\"]\n" + kAccounts, .tables = clusters(n, "west") + repeat(n, view)};
     }},
    {"addresses", 400, [](std::size_t n) { return Small{.exported = kOrders, .tables = "[cluster.x]\n" + list("gateway.addresses", n, "x{}")}; }},
    {"exports without what a router needs", 400, [](std::size_t n) {
       return Small{.exported = kOrders, .tables = kRouter + exports(n, kPorts + "from = [\"east\"]\nto = [\"*\"]\ndestination_rule = false\n")};
     }},
    {"networks at one address", 400, [](std::size_t n) {
       const auto cluster = [](std::size_t i) {
         return fmt::format("[network.n{0}]\n[cluster.c{0}]\nmesh = \"east\"\nnetwork = \"n{0}\"\ngateway.addresses = [\"203.0.113.9\"]\n", i);
       };
       return Small{.exported = kPorts + list("from", n, "c{}") + kTo + kAccounts, .tables = repeat(n, cluster)};
     }},
    {"labels of a selector", 400, [](std::size_t n) {
       return Small{.exported = kOrders + repeat(n, [](std::size_t i) { return fmt::format("selector.\"a b{0}\" = \"v\"\n", i); })};
     }},
    {"annotations", 400, [](std::size_t n) {
       return Small{.east = repeat(n, [](std::size_t i) { return fmt::format("gateway.annotations.\"a/b{}\" = \"v\"\n", i); }),
                    .exported = kOrders};
     }},
    {"accept", 400, [](std::size_t n) { return Small{.east = list("accept", n, "MF9{:03}"), .exported = kOrders}; }},
    {"weight", 400, [](std::size_t n) {
       return Small{.exported = kOrders + repeat(n, [](std::size_t i) { return fmt::format("weight.n{}x = 3\n", i); }),
                    .tables = clusters(n, "west")};
     }},
    {"egress by network", 400, [](std::size_t n) {
       return Small{.defaults = repeat(n, [](std::size_t i) { return fmt::format("egress.n{}x = \"direct\"\n", i); }),
                    .exported = kOrders, .tables = clusters(n, "west")};
     }},
    {"egress by network, said again by every cluster", 200, [](std::size_t n) {
       const std::string lines = "egress.n0 = \"direct\"\n";
       return Small{.defaults = repeat(n, [](std::size_t i) { return fmt::format("egress.n{} = \"direct\"\n", i); }),
                    .exported = kOrders, .tables = clusters(n, "west", lines)};
     }},
    {"clusters of no mesh", 400, [](std::size_t n) { return Small{.exported = kOrders, .tables = clusters(n, "nowhere")}; }},
    {"meshes without clusters", 400, [](std::size_t n) {
       return Small{.exported = kOrders, .tables = repeat(n, [](std::size_t i) { return fmt::format("[mesh.m{}]\n", i); })};
     }},
    {"networks without clusters", 400, [](std::size_t n) {
       return Small{.exported = kOrders, .tables = repeat(n, [](std::size_t i) { return fmt::format("[network.x{}]\n", i); })};
     }},
    {"included files without a rule", 400, [](std::size_t n) {
       return fragments(n, "[fragment.\"other/*\"]\n", "include = [\"apps/*/exports.toml\"]\n", "shop");
     }},
    {"included files that say too much", 400, [](std::size_t n) {
       return fragments(n, "[fragment.\"apps/*/*\"]\n" + list("namespaces", n, "ns{}"), "include = [\"apps/*/*\"]\n", "shop");
     }},
    {"rules for no file", 400, [](std::size_t n) {
       return fragments(1, "[fragment.\"apps/*/*\"]\n" + repeat(n, [](std::size_t i) { return fmt::format("[fragment.\"x/{}/*\"]\n", i); }), "include = [\"apps/*/*\"]\n", "shop");
     }},
    {"names in a rule", 400, [](std::size_t n) {
       return fragments(1, "[fragment.\"apps/*/*\"]\n" + list("from", n, "x{}"), "include = [\"apps/*/*\"]\n", "shop");
     }},
    {"include", 400, [](std::size_t n) { return Small{.top = list("include", n, "nothing/{}.toml"), .exported = kOrders}; }},
    {"secrets", 400, [](std::size_t n) {
       return Small{.exported = kOrders, .tables = repeat(n, [](std::size_t) { return "# -----BEGIN PRIVATE KEY-----\n# -----END PRIVATE KEY-----\n"; })};
     }},
    {"one long value", 400, [](std::size_t n) {
       return Small{.exported = kPorts + kFrom + kTo, .tables = "[export.x]\nnamespace = \"" + std::string(1000 * n, 'x') + " \"\n"};
     }},
    {"one long line", 1600, [](std::size_t n) {
       return Small{.exported = kOrders, .tables = "[export.x]\nports = [" + repeat(n, [](std::size_t) { return "1, "; }) + "]\n"};
     }},
};
// clang-format on

TEST_CASE("growth: what is right costs in proportion to its size") { check_right(kRight); }

TEST_CASE("growth: what is wrong costs in proportion to its size") {
  for (const Growing& growing : kWrong) check_growth(growing);
}

TEST_CASE("growth: what is printed is bounded") { check_bounded(kWrong); }

}  // namespace
}  // namespace meshfed::testing
