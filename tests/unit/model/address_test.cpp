#include "model/address.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace meshfed::model {
namespace {

TEST_CASE("addresses are told from names") {
  CHECK(family_of("192.0.2.1") == Family::ipv4);
  CHECK(family_of("2001:db8::1") == Family::ipv6);
  for (const std::string_view text :
       {"", "192.0.2", "192.0.2.256", "010.0.0.1", "fe80::1%eth0", "192.0.2.0/24", "gw.example.com"}) {
    CAPTURE(text);
    CHECK(family_of(text) == Family::none);
  }
}

TEST_CASE("addresses are written as Kubernetes writes them") {
  CHECK(canonical_address("2001:DB8:0:0:0:0:0:1") == "2001:db8::1");
  CHECK(canonical_address("192.0.2.1") == "192.0.2.1");
  CHECK(canonical_address("gw.example.com") == "gw.example.com");
  CHECK(canonical_address("0:0:0:0:0:0:0:0") == "::");
  CHECK(canonical_address("::1") == "::1");
  CHECK(canonical_address("1::") == "1::");
  CHECK(canonical_address("::192.0.2.1") == "::c000:201");
  CHECK(canonical_address("64:FF9B::192.0.2.1") == "64:ff9b::c000:201");
  CHECK(canonical_address("2001:db8:0:1:0:0:1:1") == "2001:db8:0:1::1:1");
  CHECK(canonical_address("2001:0:0:1:0:0:0:1") == "2001:0:0:1::1");
  CHECK(canonical_address("2001:0:0:1:1:0:0:1") == "2001::1:1:0:0:1");
  CHECK(canonical_address("1:2:3:4:5:6:0:8") == "1:2:3:4:5:6:0:8");
}

TEST_CASE("an IPv4 address is one in any spelling") {
  for (const std::string_view text :
       {"::ffff:192.0.2.1", "::FFFF:C000:201", "0:0:0:0:0:ffff:192.0.2.1", "0000::ffff:c000:0201"}) {
    CAPTURE(text);
    CHECK(is_mapped_ipv4(text));
    CHECK(family_of(text) == Family::ipv4);
    CHECK(canonical_address(text) == "192.0.2.1");
  }
  for (const std::string_view text :
       {"192.0.2.1", "::192.0.2.1", "::fffe:c000:201", "::ffff:0:192.0.2.1", "a.example"}) {
    CAPTURE(text);
    CHECK_FALSE(is_mapped_ipv4(text));
  }
  CHECK(is_private("::ffff:10.0.0.1"));
  CHECK(undialable("::ffff:127.0.0.1") == "a loopback address");
}

TEST_CASE("private addresses are those of RFC 1918, 6598 and 4193") {
  for (const std::string_view text :
       {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.127.255.255", "fd00::1"}) {
    CAPTURE(text);
    CHECK(is_private(text));
  }
  for (const std::string_view text :
       {"172.15.0.1", "172.32.0.1", "100.128.0.1", "192.169.0.1", "2001:db8::1", "gw.example.com"}) {
    CAPTURE(text);
    CHECK_FALSE(is_private(text));
  }
}

TEST_CASE("what nobody else can dial has a name") {
  CHECK(undialable("127.0.0.2") == "a loopback address");
  CHECK(undialable("::1") == "a loopback address");
  CHECK(undialable("0.0.0.0") == "the unspecified address");
  CHECK(undialable("::") == "the unspecified address");
  CHECK(undialable("169.254.1.1") == "a link-local address");
  CHECK(undialable("fe80::1") == "a link-local address");
  CHECK(undialable("224.0.0.1") == "a multicast address");
  CHECK(undialable("ff02::1") == "a multicast address");
  CHECK(undialable("255.255.255.255") == "the broadcast address");
  CHECK(undialable("192.0.2.1").empty());
}

}  // namespace
}  // namespace meshfed::model
