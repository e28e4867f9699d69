// IP addresses and host names as gateways are reached by them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace meshfed::model {

enum class Family : std::uint8_t { none, ipv4, ipv6 };

/// The family of an address in dotted or colon form; none if it is not an IP address (a zone or a prefix length makes
/// it none). An IPv4 address is one in IPv6's form too: ::ffff:192.0.2.1.
Family family_of(std::string_view address);
inline bool is_ip(std::string_view address) { return family_of(address) != Family::none; }

/// The address as Kubernetes prints it (RFC 5952 for IPv6), the same for all of its spellings; anything but an IP
/// address is given back as it is.
std::string canonical_address(std::string_view address);

/// An address, or a CIDR block: an address, `/` and a prefix length without leading zeros.
bool is_block(std::string_view text);

/// The IP address is the block's own, or lies in it. False if either is none.
bool in_block(std::string_view address, std::string_view block);

/// An IPv4 address in IPv6's form: ::ffff:192.0.2.1, or ::ffff:c000:201.
bool is_mapped_ipv4(std::string_view address);

/// RFC 1918, RFC 6598 (shared address space) or RFC 4193 (unique local).
bool is_private(std::string_view address);

/// Why no other host can dial it: "a loopback address", "the unspecified address", "a link-local address", "a multicast
/// address", "the broadcast address"; empty if none of these.
std::string_view undialable(std::string_view address);

}  // namespace meshfed::model
