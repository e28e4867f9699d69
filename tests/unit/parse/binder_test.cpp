// Mistakes of shape: each is reported once, at the smallest guilty thing, and the rest is still read.
#include <doctest/doctest.h>

#include "unit/parse/loaded.hpp"

namespace meshfed::testing {
namespace {

Lines reports(const std::string& more) { return Loaded(with(more)).reports(); }

const std::string kExport = R"([export.e]
namespace = "e"
ports = [{ name = "http", number = 80 }]
from = ["m"]
)";

/// The one report about `more`, as help and fix have it.
struct Advice {
  std::string help;
  std::string fix;
};
Advice advice(const std::string& more) {
  Loaded loaded(with(more));
  REQUIRE(loaded.sink.reports().size() == 1);
  const diag::Report& report = loaded.sink.reports().front();
  return {report.help, report.fix ? report.fix->replacement : ""};
}

TEST_CASE("a file that is right gives no report") {
  CHECK(reports("").empty());
  CHECK(reports(kExport + "to = [\"*\"]\ncallers = [\"m/e/*\"]\nweight = { default = 3, n = 5 }\n").empty());
}

TEST_CASE("unknown keys and tables propose the closest name") {
  CHECK(reports("[defaults]\nmlts = \"strict\"\n") == Lines{"MF0201 mlts"});
  CHECK(advice("[defaults]\nmlts = \"strict\"\n").fix == "mtls");
  CHECK(reports("[netwrok.x]\n") == Lines{"MF0202 netwrok"});
  CHECK(advice("[netwrok.x]\n").fix == "network");
  CHECK(advice("[entirely]\n").help.find("fragment") != std::string::npos);
  CHECK(advice("[defaults]\nzzz = 1\n").help.find("its keys are istio, revision") == 0);
}

TEST_CASE("a key of another table is sent there") {
  CHECK(reports("[defaults]\ntrust_domain = \"x\"\n") == Lines{"MF0203 trust_domain"});
  CHECK(reports("[network.o]\ngateway.port = 1\n") == Lines{"MF0203 gateway"});
}

TEST_CASE("words propose the closest one") {
  CHECK(reports("[defaults]\nmtls = \"Strict\"\n") == Lines{"MF0206 \"Strict\""});
  CHECK(advice("[defaults]\nmtls = \"Strict\"\n").fix == "\"strict\"");
  CHECK(advice("[defaults]\nmtls = \"entirely\"\n").help == "write one of unmanaged, strict, permissive");
  CHECK(reports("[defaults]\nistio = \"1.13\"\n") == Lines{"MF0701 \"1.13\""});
}

TEST_CASE("wrong types offer what was meant") {
  CHECK(advice("[defaults]\nistio = 1.26\n").fix == "\"1.26\"");
  CHECK(advice(kExport + "to = \"m\"\n").fix == "[\"m\"]");
  CHECK(reports("[defaults]\nmtls = [\"strict\"]\n") == Lines{"MF0205 [\"strict\"]"});
  CHECK(reports("[defaults]\nkustomization = 2024-05-19\n") == Lines{"MF0205 2024-05-19"});
  CHECK(reports("[mesh]\nm2 = 7\n").size() == 1);
  CHECK(reports("fragment = 3\n[network.o]\n").size() == 1);
}

TEST_CASE("numbers are in range") {
  CHECK(reports("[network.o]\negress_port = 0\n") == Lines{"MF0207 0"});
  CHECK(reports("[network.o]\negress_port = 65536\n") == Lines{"MF0207 65536"});
  CHECK(reports("[network.o]\negress_port = 65535\n").empty());
  CHECK(reports(kExport + "weight = 1001\n") == Lines{"MF0207 1001"});
  CHECK(reports(kExport + "weight = 9223372036854775807\n") == Lines{"MF0207 9223372036854775807"});
}

TEST_CASE("what must hold something is not empty") {
  CHECK(reports(kExport + "to = []\n") == Lines{"MF0208 []"});
  CHECK(reports(kExport + "to = [\"\"]\n") == Lines{"MF0208 \"\""});
  CHECK(reports("include = []\n" + with("")).empty() == false);
  CHECK(reports(kExport + "canonical_name = \"\"\n") == Lines{"MF0208 \"\""});
  CHECK(reports("[cluster.d]\nmesh = \"m\"\nnetwork = \"n\"\nimports = []\n").empty());
}

TEST_CASE("lists hold nothing twice, and no more than they may") {
  CHECK(reports(kExport + "to = [\"m\", \"m\"]\n") == Lines{"MF0209 \"m\""});
  std::string addresses;
  for (int i = 1; i <= 17; ++i) addresses += fmt::format("\"192.0.2.{}\",", i);
  CHECK(reports("[cluster.d]\nmesh = \"m\"\nnetwork = \"n\"\ngateway.addresses = [" + addresses + "]\n") ==
        Lines{"MF0220 \"192.0.2.17\""});
  std::string ports;
  for (int i = 1; i <= 257; ++i) ports += fmt::format("{{name = \"http-{0}\", number = {0}}},", i);
  CHECK(reports("[export.e]\nnamespace = \"e\"\nfrom = [\"m\"]\nports = [" + ports + "]\n") ==
        Lines{"MF0220 {name = \"http-257\", number = 257}"});
  std::string labels;
  for (int i = 1; i <= 256; ++i) labels += fmt::format("selector.l{} = \"x\"\n", i);
  CHECK(reports(kExport + labels).empty());
  CHECK(reports(kExport + labels + "selector.one-more = \"x\"\n") == Lines{"MF0220 one-more"});
}

TEST_CASE("an address is the same in all of its spellings") {
  const auto gateway = [](const std::string& list) {
    return reports("[cluster.d]\nmesh = \"m\"\nnetwork = \"n\"\ngateway.addresses = [" + list + "]\n");
  };
  CHECK(gateway("\"2001:db8::1\", \"2001:DB8::2\"").empty());
  CHECK(gateway("\"2001:db8::1\", \"2001:DB8:0::1\"") == Lines{"MF0209 \"2001:DB8:0::1\""});
  CHECK(gateway("\"::ffff:192.0.2.1\"") == Lines{"MF0225 \"::ffff:192.0.2.1\""});
  CHECK(reports(kExport + "vip = [\"::FFFF:c000:201\"]\n") == Lines{"MF0225 \"::FFFF:c000:201\""});
}

TEST_CASE("an IPv4 address in IPv6's form is replaced by itself, or removed where it stands beside") {
  const auto mapped = [](const Loaded& loaded) {
    for (const diag::Report& report : loaded.sink.reports()) {
      if (report.row->code == 225) return report;
    }
    return diag::Report{};
  };
  Loaded alone(with("gateway.addresses = [\"::ffff:192.0.2.1\"]\n"));
  REQUIRE(mapped(alone).fix);
  CHECK(mapped(alone).fix->replacement == "\"192.0.2.1\"");
  Loaded beside(with("gateway.addresses = [\"::ffff:192.0.2.1\", \"192.0.2.1\"]\n"));
  CHECK_FALSE(mapped(beside).fix);
  CHECK(mapped(beside).help == "remove it: `addresses` lists that address once more");
}

TEST_CASE("required keys are missed where the table is named") {
  CHECK(reports("[export.e]\n") == Lines{"MF0204 e", "MF0204 e", "MF0204 e"});
  CHECK(reports("[cluster.d]\nnetwork = \"n\"\n") == Lines{"MF0204 d"});
  CHECK(reports("[export.e]\nnamespace = \"e\"\nfrom = [\"m\"]\nports = [{ name = \"http\" }]\n") ==
        Lines{"MF0204 { name = \"http\" }"});
}

TEST_CASE("the guilty bytes of a string are marked, not the string") {
  CHECK(reports("[network.o_o]\n") == Lines{"MF0211 _"});
  CHECK(reports(kExport + "service = \"Web\"\n") == Lines{"MF0211 W"});
  CHECK(reports(kExport + "host = \"a.b_c.d\"\n") == Lines{"MF0212 _"});
  CHECK(reports(kExport + "callers = [\"*/a/b\"]\n") == Lines{"MF0601 *"});
  // With escapes the bytes of the text are not those of the file.
  CHECK(reports(kExport + "host = \"a\\u005Fb\"\n") == Lines{"MF0212 \"a\\u005Fb\""});
}

TEST_CASE("UDP is no slip of the pen") {
  const std::string ports = "[export.e]\nnamespace = \"e\"\nfrom = [\"m\"]\nports = [{ name = \"x\", number = 1, ";
  CHECK(reports(ports + "protocol = \"udp\" }]\n") == Lines{"MF0406 \"udp\""});
  CHECK(reports(ports + "protocol = \"UDP\" }]\n") == Lines{"MF0406 \"UDP\""});
  CHECK(reports(ports + "protocol = \"HTTP\" }]\n") == Lines{"MF0206 \"HTTP\""});
  CHECK(advice(ports + "protocol = \"HTTP\" }]\n").fix == "\"http\"");
}

TEST_CASE("what was reported is bad, and the rest is read") {
  Loaded loaded(with("[defaults]\nmtls = 3\ndns_capture = true\nistio = \"1.27\"\n"));
  REQUIRE(loaded.federation.has_value());
  const model::Settings& defaults = loaded.federation->defaults;
  CHECK(defaults.mtls.bad());
  CHECK(*defaults.dns_capture);
  CHECK(*defaults.istio == model::Istio::v1_27);
  CHECK(loaded.federation->clusters.size() == 1);
}

TEST_CASE("egress is a word or a table") {
  Loaded word(with("[defaults]\negress = \"gateway\"\n"));
  CHECK(*word.federation->defaults.egress->fallback == model::EgressMode::gateway);
  CHECK_FALSE(word.federation->defaults.egress->table);
  Loaded table(with("[defaults]\negress = { z = \"direct\", default = \"gateway\", a = \"gateway\" }\n"));
  const model::Egress& egress = *table.federation->defaults.egress;
  CHECK(egress.table);
  CHECK(*egress.fallback == model::EgressMode::gateway);
  REQUIRE(egress.networks.size() == 2);
  CHECK(*egress.networks[0].first == "a");
  CHECK(model::egress_towards({&table.federation->defaults}, "z") == model::EgressMode::direct);
  CHECK(model::egress_towards({&table.federation->defaults}, "other") == model::EgressMode::gateway);
  CHECK(reports("[defaults]\negress = 3\n") == Lines{"MF0205 3"});
  CHECK(reports("[defaults]\negress = { n = \"gatway\" }\n") == Lines{"MF0206 \"gatway\""});
}

TEST_CASE("carriage returns in free text are warned of") {
  const std::string cluster = "[cluster.d]\nmesh = \"m\"\nnetwork = \"n\"\ngateway.annotations = ";
  CHECK(reports(cluster + "{ \"example.com/a\" = \"x\\r\\ny\" }\n") == Lines{"MF0105 \"x\\r\\ny\""});
  CHECK(reports(cluster + "{ \"example.com/a\" = \"x\\ny\" }\n").empty());
  // Where the form forbids it, that is the one report.
  CHECK(reports(kExport + "canonical_name = \"e\\r\"\n") == Lines{"MF0214 \"e\\r\""});
}

TEST_CASE("what differs by place is read by the name of the place") {
  Loaded loaded(with(kExport +
                     "at.m.targets = { http = 9090, b = 1 }\n[export.e.at.c]\nshare = { n = 20, local = 80 }\n"
                     "weight = 4\nselector.app = \"x\"\n"));
  CHECK(loaded.reports().empty());
  const std::vector<model::Place>& places = loaded.federation->exports.front().at;
  REQUIRE(places.size() == 2);
  CHECK(*places[0].name == "c");
  CHECK(*places[0].weight->fallback == 4);
  REQUIRE(places[0].share->size() == 2);
  CHECK(*places[0].share->front().first == "local");
  CHECK(*places[0].share->front().second == 80);
  CHECK(*places[1].name == "m");
  CHECK(*places[1].targets->front().first == "b");  // in the order of names
}

TEST_CASE("mistakes of shape in what differs by place") {
  CHECK(reports(kExport + "at = \"m\"\n") == Lines{"MF0205 \"m\""});
  CHECK(reports(kExport + "at.m = 1\n") == Lines{"MF0205 1"});
  CHECK(reports(kExport + "at.m.namespce = \"x\"\n") == Lines{"MF0201 namespce"});
  CHECK(reports(kExport + "at.m.callers = [\"m/*\"]\n") == Lines{"MF0203 callers"});
  CHECK(reports(kExport + "at.m.share = {}\n") == Lines{"MF0208 {}"});
  CHECK(reports(kExport + "at.m.share = 80\n") == Lines{"MF0205 80"});
  CHECK(reports(kExport + "at.m.share = { local = 101, n = 0 }\n") == Lines{"MF0207 101", "MF0207 0"});
  CHECK(reports(kExport + "at.m.targets = { http = \"x\" }\n") == Lines{"MF0205 \"x\""});
  CHECK(reports(kExport + "at.\"M\".namespace = \"x\"\n") == Lines{"MF0211 M"});
}

}  // namespace
}  // namespace meshfed::testing
