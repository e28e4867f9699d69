// Values that few keys have: versions, durations, and tables that may be one word.
#include <doctest/doctest.h>

#include "parse/formats.hpp"
#include "unit/parse/loaded.hpp"

namespace meshfed::testing {
namespace {

using std::chrono::milliseconds;

model::Settings defaults(const std::string& lines) {
  Loaded loaded(with("[defaults]\n" + lines));
  CHECK(loaded.reports() == Lines{});
  return loaded.federation->defaults;
}

Lines wrong(const std::string& lines) { return Loaded(with("[defaults]\n" + lines)).reports(); }

TEST_CASE("istio is a minor, or a patch of one") {
  const auto version = [](const std::string& text) { return *defaults("istio = \"" + text + "\"\n").istio; };
  CHECK(version("1.30") == model::IstioVersion{model::Istio::v1_30, {}});
  CHECK(version("1.30.4") == model::IstioVersion{model::Istio::v1_30, 4});
  CHECK(version("1.32.0") == model::IstioVersion{model::Istio::v1_32, 0});
  CHECK(model::word(version("1.30.12")) == "1.30.12");
  CHECK(version("1.30.4").is_at_least(4));
  CHECK_FALSE(version("1.30.3").is_at_least(4));
  CHECK_FALSE(version("1.30").is_at_least(0));
  for (const char* text : {"1.25", "1.25.1", "1.30.", "1.30.x", "1.30.04", "1.30.4-rc.1", "v1.30", "1", "1.30.4.1", ""})
    CHECK(wrong(fmt::format("istio = \"{}\"\n", text)) == Lines{fmt::format("MF0701 \"{}\"", text)});
  CHECK(wrong("istio = 1.30\n") == Lines{"MF0205 1.30"});
}

TEST_CASE("a duration is a number and its unit") {
  CHECK(parse::duration_of("10s") == milliseconds(10'000));
  CHECK(parse::duration_of("500ms") == milliseconds(500));
  CHECK(parse::duration_of("2m") == milliseconds(120'000));
  CHECK(parse::duration_of("1h") == milliseconds(3'600'000));
  for (const char* text : {"", "s", "10", "10 s", "1m30s", "1.5s", "-1s", "10S", "1234567890s"})
    CHECK_FALSE(parse::duration_of(text).has_value());
  CHECK(parse::duration_text(milliseconds(90'000)) == "90s");
  CHECK(parse::duration_text(milliseconds(3'600'000)) == "1h");
  CHECK(parse::duration_text(milliseconds(0)) == "0ms");
}

TEST_CASE("another spelling of a duration is understood") {
  CHECK(parse::meant_duration("10 seconds") == "10s");
  CHECK(parse::meant_duration("1m30s") == "90s");
  CHECK(parse::meant_duration("1h 30min") == "90m");
  CHECK(parse::meant_duration("0.5s") == "500ms");
  CHECK(parse::meant_duration("10S") == "10s");
  CHECK(parse::meant_duration(" 10 ") == "10s");
  for (const char* text :
       {"", "s", "ten seconds", "-1s", "1 day", "0", "10s 5", "5 10s", "1.2.3s", "1.2345s", "0.5ms", "9999999999s"})
    CHECK(parse::meant_duration(text) == "");
  CHECK(Loaded(with("[defaults]\noutlier = { interval = \"${INTERVAL}\" }\n")).reports() ==
        Lines{"MF0226 ${INTERVAL}"});
}

TEST_CASE("outlier is a table or false") {
  const model::Outlier some = *defaults("outlier = { errors = 3, count = \"5xx\", interval = \"500ms\" }\n").outlier;
  CHECK(some.on);
  CHECK(*some.errors == 3);
  CHECK(*some.count == model::Counted::all_5xx);
  CHECK(*some.interval == milliseconds(500));
  CHECK(*some.ejection == milliseconds(30'000));
  CHECK_FALSE(defaults("outlier = false\n").outlier->on);
  CHECK(defaults("outlier = {}\n").outlier->on);
  CHECK(wrong("outlier = true\n") == Lines{"MF0205 true"});
  CHECK(wrong("outlier = \"off\"\n") == Lines{"MF0205 \"off\""});
  CHECK(wrong("outlier = { interval = 10 }\n") == Lines{"MF0205 10"});
  CHECK(wrong("outlier = { interval = \"10\" }\n") == Lines{"MF0280 \"10\""});
  CHECK(wrong("outlier = { interval = \"0s\" }\n") == Lines{"MF0207 \"0s\""});
  CHECK(wrong("outlier = { ejection = \"25h\" }\n") == Lines{"MF0207 \"25h\""});
  CHECK(wrong("outlier = { errors = 0, max_percent = 101 }\n") == Lines{"MF0207 0", "MF0207 101"});
  CHECK(wrong("outlier = { count = \"gateways\" }\n") == Lines{"MF0206 \"gateways\""});
  CHECK(wrong("outlier = { error = 3 }\n") == Lines{"MF0201 error"});
}

TEST_CASE("replicas are a number or a range") {
  const auto replicas = [](const std::string& value) {
    Loaded loaded(with("gateway = { addresses = [\"192.0.2.1\"], replicas = " + value + " }\n"));
    const auto reports = loaded.reports();
    return std::pair{reports,
                     reports.empty() ? *(*loaded.federation->clusters[0].gateway)->replicas : model::Replicas{}};
  };
  const model::Replicas three = replicas("3").second;
  CHECK_FALSE(three.range);
  CHECK(*three.min == 3);
  const model::Replicas range = replicas("{ min = 2, max = 5 }").second;
  CHECK(range.range);
  CHECK((*range.min == 2 && *range.max == 5));
  CHECK(replicas("0").first == Lines{"MF0207 0"});
  CHECK(replicas("\"3\"").first == Lines{"MF0205 \"3\""});
  CHECK(replicas("{ min = 2 }").first == Lines{"MF0204 replicas"});
}

TEST_CASE("a connection pool has Istio's own keys, and is not empty") {
  const auto pool = [](const std::string& value) {
    return Loaded(with("[export.orders]\nnamespace = \"shop\"\ncanonical_name = \"orders\"\nfrom = [\"m\"]\n"
                       "ports = [{ name = \"http\", number = 80 }]\nconnection_pool = " +
                       value + "\n"))
        .reports();
  };
  CHECK(pool("{ tcp = { maxConnections = 1, idleTimeout = \"0s\", tcpKeepalive = { time = \"2h\" } } }") == Lines{});
  CHECK(pool("{ http = { h2UpgradePolicy = \"UPGRADE\", useClientProtocol = false } }") == Lines{});
  CHECK(pool("{}") == Lines{"MF0208 {}"});
  CHECK(pool("{ tcp = {} }") == Lines{"MF0208 {}"});
  CHECK(pool("{ tcp = { max_connections = 1 } }") == Lines{"MF0201 max_connections"});
  CHECK(pool("{ http = { idleTimeout = \"0s\" } }") == Lines{"MF0207 \"0s\""});
  CHECK(pool("{ http = { h2UpgradePolicy = \"upgrade\" } }") == Lines{"MF0206 \"upgrade\""});
  CHECK(pool("{ tcp = { maxConnections = 0 } }") == Lines{"MF0207 0"});
}

}  // namespace
}  // namespace meshfed::testing
