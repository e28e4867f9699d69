// The form of strings, as tables: what is written, what is wrong with it, and which of its bytes are to blame.
#include "parse/formats.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

namespace meshfed::testing {
namespace {

using parse::Format;
using parse::FormatError;

struct Row {
  std::string text;
  std::string flaw;    // empty: none
  std::string guilty;  // the bytes that are blamed; empty: all of them
};

void check(Format format, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const std::optional<FormatError> flaw = parse::flaw_of(format, row.text);
    CHECK((flaw ? flaw->text : "") == row.flaw);
    if (flaw) CHECK(row.text.substr(flaw->begin, flaw->end - flaw->begin) == row.guilty);
  }
}

const std::string k63(63, 'a');
const std::string k64(64, 'a');

TEST_CASE("DNS labels") {
  check(Format::dns_label, {{"a", "", ""},
                            {"0", "", ""},
                            {"west-2", "", ""},
                            {k63, "", ""},
                            {"", "it is empty", ""},
                            {k64, "it has 64 bytes of 63 allowed", ""},
                            {"West", "`W` is upper case", "W"},
                            {"we_st", "`_` is not allowed", "_"},
                            {"a.b", "`.` is not allowed", "."},
                            {"caf\u00e9", "`\u00e9` is not allowed", "\u00e9"},
                            {"-a", "`-` cannot be at the start", "-"},
                            {"a-", "`-` cannot be at the end", "-"},
                            {"a\nb", "`\\n` is not allowed", "\n"}});
}

TEST_CASE("DNS names") {
  check(Format::dns_name, {{"mesh.global", "", ""},
                           {"a", "", ""},
                           {"1.example", "", ""},
                           {"", "it is empty", ""},
                           {"a..b", "one of its labels is empty", ""},
                           {"a.b.", "one of its labels is empty", ""},
                           {".a", "one of its labels is empty", ""},
                           {"*.a", "`*` is not allowed", "*"},
                           {"a.-b", "`-` cannot be at the start", "-"},
                           {"a." + k64, "it has 64 bytes of 63 allowed", k64},
                           {"a.10", "its last label is all digits", ""},
                           {k63 + "." + k63 + "." + k63 + "." + k63, "it has 255 bytes of 253 allowed", ""}});
}

TEST_CASE("DNS subdomains may end in digits") {
  check(Format::dns_subdomain, {{"robot.1", "", ""},
                                {"1", "", ""},
                                {"opts-v1.2", "", ""},
                                {"", "it is empty", ""},
                                {"a..b", "one of its labels is empty", ""},
                                {"a_b", "`_` is not allowed", "_"},
                                {k63 + "." + k63 + "." + k63 + "." + k63, "it has 255 bytes of 253 allowed", ""}});
}

TEST_CASE("revisions name objects and label pods") {
  check(Format::revision, {{"canary", "", ""},
                           {"1-30", "", ""},
                           {"1.30", "", ""},
                           {"Canary", "`C` is upper case", "C"},
                           {"a_b", "`_` is not allowed", "_"},
                           {"a." + k63, "it has 65 bytes of 63 allowed", ""}});
}

TEST_CASE("patterns of hosts") {
  check(Format::host_pattern, {{"*", "", ""},
                               {"*.local", "", ""},
                               {"a.example", "", ""},
                               {"*.", "it is empty", ""},
                               {"*.1", "its last label is all digits", "1"},
                               {"a.*.b", "`*` is not allowed", "*"},
                               {"**.b", "`*` is not allowed", "*"},
                               {"*.B", "`B` is upper case", "B"},
                               {"", "it is empty", ""}});
}

TEST_CASE("label keys") {
  check(Format::label_key, {{"app", "", ""},
                            {"App_1.x", "", ""},
                            {"app.kubernetes.io/name", "", ""},
                            {"v1.2/name", "", ""},
                            {"", "it has no name", ""},
                            {"example.com/", "it has no name", ""},
                            {"/a", "it is empty", ""},
                            {"a/b/c", "`/` is not allowed", "/"},
                            {"Example.com/a", "`E` is upper case", "E"},
                            {"example.com/a b", "` ` is not allowed", " "},
                            {"a/" + k64, "it has 64 bytes of 63 allowed", k64}});
}

TEST_CASE("annotation keys of a gateway have a shorter prefix") {
  const std::string k252 = k63 + "." + k63 + "." + k63 + "." + std::string(60, 'a');
  check(Format::annotation_key, {{"app", "", ""},
                                 {"example.com/app", "", ""},
                                 {"example.com/", "it has no name", ""},
                                 {k252 + "/a", "", ""},
                                 {k252 + "a/a", "its prefix has 253 bytes of 252 allowed", k252 + "a"}});
  CHECK_FALSE(parse::flaw_of(Format::label_key, k252 + "a/a"));
}

TEST_CASE("label values") {
  check(Format::label_value, {{"", "", ""},
                              {"A-b_c.9", "", ""},
                              {k63, "", ""},
                              {k64, "it has 64 bytes of 63 allowed", ""},
                              {"_a", "`_` cannot be at the start", "_"},
                              {"a.", "`.` cannot be at the end", "."},
                              {"a b", "` ` is not allowed", " "}});
}

TEST_CASE("addresses of gateways") {
  check(Format::address, {{"192.0.2.1", "", ""},
                          {"2001:db8::1", "", ""},
                          {"gw.example.com", "", ""},
                          {"192.0.2.256", "it has the form of an IPv4 address", ""},
                          {"010.0.0.1", "it has the form of an IPv4 address", ""},
                          {"192.0.2.1.", "it has the form of an IPv4 address", ""},
                          {"192.0.2.1:443", "ports, schemes and zones are not allowed here", ""},
                          {"https://gw.example.com", "ports, schemes and zones are not allowed here", ""},
                          {"fe80::1%eth0", "ports, schemes and zones are not allowed here", ""},
                          {"gateway", "it has no domain, and istiod ignores search domains", ""},
                          {"gw.example.com.", "one of its labels is empty", ""},
                          {"gw_1.example.com", "`_` is not allowed", "_"}});
}

TEST_CASE("host names that some read as addresses") {
  CHECK(parse::is_disguised_address("10.0.0.0x1"));
  CHECK(parse::is_disguised_address("0x7f000001"));
  CHECK(parse::is_disguised_address("a.1"));
  CHECK_FALSE(parse::is_disguised_address("10.0.0.1"));
  CHECK_FALSE(parse::is_disguised_address("::1"));
  CHECK_FALSE(parse::is_disguised_address("gw.example.com"));
  CHECK_FALSE(parse::is_disguised_address("gw.0x"));
}

TEST_CASE("IP addresses") {
  CHECK_FALSE(parse::flaw_of(Format::ip, "240.0.0.1"));
  CHECK_FALSE(parse::flaw_of(Format::ip, "2001:db8::1"));
  CHECK(parse::flaw_of(Format::ip, "240.0.0.0/24"));
  CHECK(parse::flaw_of(Format::ip, "01.2.3.4"));
  CHECK(parse::flaw_of(Format::ip, ""));
}

TEST_CASE("localities") {
  check(Format::locality, {{"eu", "", ""},
                           {"eu-west/eu-west-1a", "", ""},
                           {"a/b/c", "", ""},
                           {"", "it is empty", ""},
                           {"a/b/c/d", "it has more than three parts", ""},
                           {"a/", "one of its parts is empty", ""},
                           {"a//c", "one of its parts is empty", ""},
                           {"eu west", "` ` is not allowed", " "}});
}

TEST_CASE("callers") {
  check(Format::caller, {{"m/n/a", "", ""},
                         {"m/n/*", "", ""},
                         {"m/*", "", ""},
                         {"m/n/robot.1", "", ""},
                         {"m/1/1", "", ""},
                         {"m/n.o/a", "`.` is not allowed", "."},
                         {"m.n/*", "`.` is not allowed", "."},
                         {"m", "it does not have two or three parts", ""},
                         {"m/n/a/b", "it does not have two or three parts", ""},
                         {"m/n", "it names no account", ""},
                         {"*/n/a", "`*` may only be the whole last part", "*"},
                         {"m/*/a", "`*` may only be the whole last part", "*"},
                         {"m/n/a*", "`*` may only be the whole last part", "*"},
                         {"m//a", "it is empty", ""},
                         {"M/n/a", "`M` is upper case", "M"}});
}

TEST_CASE("codes and patterns") {
  check(Format::code, {{"MF0301", "", ""},
                       {"mf0301", "it is not of the form MF0123", ""},
                       {"MF301", "it is not of the form MF0123", ""},
                       {"", "it is not of the form MF0123", ""}});
  check(Format::path, {{"teams/*.toml", "", ""}, {"", "it is empty", ""}});
  check(Format::any, {{"", "", ""}, {"anything \n", "", ""}});
}

}  // namespace
}  // namespace meshfed::testing
