// Keys that a table does not have: words of others, keys of other tables, slips of the pen.
#include <set>

#include <doctest/doctest.h>

#include "parse/foreign.hpp"
#include "parse/keys.hpp"
#include "unit/parse/loaded.hpp"

namespace meshfed::testing {
namespace {

const std::string kExport = R"([export.e]
namespace = "e"
canonical_name = "e"
from = ["m"]
ports = [{ name = "http", number = 80 }]
)";

struct Told {
  Lines reports;
  std::string help;
  std::string text;  // with the edit made
};

Told told(const std::string& more) {
  const std::string text = with(more);
  Loaded loaded(text);
  Told out{.reports = loaded.reports(), .help = {}, .text = text};
  if (loaded.sink.reports().empty()) return out;
  const diag::Report& report = loaded.sink.reports().front();
  out.help = report.help;
  if (report.fix)
    out.text.replace(report.fix->span.begin, report.fix->span.end - report.fix->span.begin, report.fix->replacement);
  return out;
}

void is_mended(const std::string& more, const std::string& report) {
  CAPTURE(more);
  const Told mistake = told(more);
  CHECK(mistake.reports == Lines{report});
  CAPTURE(mistake.text);
  CHECK(Loaded(mistake.text).reports().empty());
}

TEST_CASE("every spelling of a key is that key") {
  is_mended("[mesh.o]\ntrustDomain = \"x\"\n", "MF0201 trustDomain");
  is_mended("[mesh.o]\ntrust-domain = \"x\"\n", "MF0201 trust-domain");
  is_mended("[mesh.o]\nTRUST_DOMAIN = \"x\"\n", "MF0201 TRUST_DOMAIN");
}

TEST_CASE("a word of others is renamed, removed, or answered") {
  is_mended(kExport + "exportTo = [\"web\"]\n", "MF0201 exportTo");
  is_mended(kExport + "hosts = [\"e.mesh.global\"]\n", "MF0201 hosts");
  is_mended(kExport + "headless = true # one each\n", "MF0201 headless");
  is_mended(kExport + "retries = { attempts = 3 }\n", "MF0201 retries");
  is_mended("gateway.addresses = [\"192.0.2.1\"]\ngateway.loadBalancerIP = \"192.0.2.1\"\n", "MF0201 loadBalancerIP");
  is_mended("gateway = { loadBalancerIP = \"x\", addresses = [\"192.0.2.1\"] }\n", "MF0201 loadBalancerIP");
  is_mended("gateway = { addresses = [\"192.0.2.1\"], loadBalancerIP = \"x\" }\n", "MF0201 loadBalancerIP");
  CHECK(told(kExport + "[export.e.retries]\nattempts = 3\n").help.find("VirtualService") != std::string::npos);
  CHECK(told("[import.x]\n").help.find("`to`") != std::string::npos);
}

TEST_CASE("what is renamed is read, so nothing is missing") {
  is_mended("[export.e]\nnamespace = \"e\"\ncanonical_name = \"e\"\nfrom = [\"m\"]\nport = 80\n", "MF0201 port");
  is_mended("[export.e]\nmetadata.namespace = \"e\"\nfrom = [\"m\"]\nports = [{ name = \"http\", number = 80 }]\n",
            "MF0201 metadata");
}

TEST_CASE("a table under a wrong name is read as what it is") {
  is_mended("[clusters.d]\nmesh = \"m\"\nnetwork = \"n\"\n[clusters.f]\nmesh = \"m\"\nnetwork = \"n\"\n",
            "MF0202 clusters");
  is_mended("[\"services\" . e]\n" + kExport.substr(11), "MF0202 \"services\"");
}

TEST_CASE("lists of tables are named in their headers") {
  is_mended("[[export]]\nname = \"e\"\n" + kExport.substr(11), "MF0205 [[export]]");
}

TEST_CASE("a key of one other table is moved there") {
  is_mended("[network.o]\nmtls = \"strict\"\n[defaults]\n", "MF0203 mtls");
  is_mended("[gateway]\naddresses = [\"192.0.2.1\"]\n", "MF0203 gateway");
}

TEST_CASE("what differs in one place is moved below its name") {
  is_mended(kExport + "[export.e.m]\nnamespace = \"x\"\n", "MF0201 m");
  is_mended(kExport + "m = { namespace = \"x\" }\n", "MF0201 m");
  is_mended(kExport + "[[export.e.at]]\nname = \"m\"\nnamespace = \"x\"\n", "MF0205 [[export.e.at]]");
  is_mended(kExport + "targets = { http = 8080 }\n", "MF0203 targets");
  is_mended(kExport + "to = [\"m\"]\nshare = { n = 100 }\n", "MF0203 share");
  is_mended(kExport + "at.m.targetPorts = { http = 8080 }\n", "MF0201 targetPorts");
  // No edit where there is more than one place, or a table already.
  CHECK(told(kExport + "to = [\"m\", \"c\"]\nshare = { n = 100 }\n").help.find("at.WHO") != std::string::npos);
  CHECK(told(kExport + "to = [\"m\"]\nshare = { n = 100 }\nat.m.weight = 2\n").reports == Lines{"MF0203 share"});
  // Nobody of that name is declared.
  CHECK(told(kExport + "[export.e.elsewhere]\nnamespace = \"x\"\n").help.find("its keys are") != std::string::npos);
}

TEST_CASE("keys that an export and its places have are the export's, where neither is meant") {
  is_mended("[mesh.o]\nweight = 3\n" + kExport, "MF0203 weight");
}

TEST_CASE("what was read already is not read again") {
  const Told twice = told("[mesh.o]\ntrust_domain = \"x\"\ntrustDomain = \"y\"\n");
  CHECK(twice.reports == Lines{"MF0201 trustDomain"});
  CHECK(twice.text.find("trustDomain") == std::string::npos);
}

TEST_CASE("words of others are none of ours, each once, and lead to keys that exist") {
  for (const parse::Table* table : parse::all_tables()) {
    for (const parse::Key& key : table->keys) {
      const parse::Foreign* row = parse::find_foreign(table->title, key.name);
      CAPTURE(table->title);
      CAPTURE(key.name);
      CHECK((!row || row->table.empty()));
    }
  }
  CHECK(parse::find_foreign("[export.*]", "exportTo")->ours == "visible_to");
  CHECK(parse::find_foreign("[export.*]", "zzz") == nullptr);
}

TEST_CASE("all are all, in both spellings") {
  const auto reads = [](const std::string& more) { return Loaded(with(more)).reports().empty(); };
  for (const char* key : {"to", "visible_to", "callers"}) {
    CHECK(reads(kExport + key + " = \"*\"\n"));
    CHECK(reads(kExport + key + " = [\"*\"]\n"));
  }
  for (const char* key : {"to", "from", "namespaces"}) {
    CHECK(reads(fmt::format("[fragment.\"*.toml\"]\n{} = \"*\"\n", key)));
    CHECK(reads(fmt::format("[fragment.\"*.toml\"]\n{} = [\"*\"]\n", key)));
  }
  CHECK(reads("imports = \"*\"\n"));
  CHECK(reads("imports = [\"*\"]\n"));
  CHECK_FALSE(reads(kExport + "merge = \"*\"\n"));
  CHECK_FALSE(reads(kExport + "visible_to = [\"*\", \"web\"]\n"));
}

TEST_CASE("nothing replaces variables") {
  CHECK(told("gateway.addresses = [\"${GW}\"]\n").reports == Lines{"MF0226 ${GW}"});
  CHECK(told("mtls = \"$MTLS\"\n").reports == Lines{"MF0226 $MTLS"});
  CHECK(told("gateway.port = \"{{ .Values.port }}\"\n").reports == Lines{"MF0226 {{ .Values.port }}"});
  CHECK(told("gateway.addresses = [\"<ip>\"]\n").reports == Lines{"MF0226 <ip>"});
  // Annotations are for others, who may replace something.
  CHECK(told("gateway = { addresses = [\"192.0.2.1\"], annotations = { \"a/b\" = \"${X}\" } }\n").reports.empty());
}

}  // namespace
}  // namespace meshfed::testing
