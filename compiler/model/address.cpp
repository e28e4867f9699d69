#include "model/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <iterator>

#include <fmt/format.h>

namespace meshfed::model {
namespace {

struct Bytes {
  Family family = Family::none;
  std::array<unsigned char, 16> at{};
  bool mapped = false;  // written as IPv6
};

/// ::ffff:0:0/96, which is IPv4 to everybody who reads it.
bool holds_ipv4(const std::array<unsigned char, 16>& at) {
  constexpr std::array<unsigned char, 12> kPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  return std::equal(kPrefix.begin(), kPrefix.end(), at.begin());
}

Bytes parse(std::string_view address) {
  Bytes bytes;
  if (address.size() > INET6_ADDRSTRLEN || address.find('\0') != std::string_view::npos) return bytes;
  const std::string text(address);
  if (inet_pton(AF_INET, text.c_str(), bytes.at.data()) == 1)
    bytes.family = Family::ipv4;
  else if (inet_pton(AF_INET6, text.c_str(), bytes.at.data()) == 1)
    bytes.family = Family::ipv6;
  if (bytes.family == Family::ipv6 && holds_ipv4(bytes.at)) {
    std::copy(bytes.at.begin() + 12, bytes.at.end(), bytes.at.begin());
    bytes.family = Family::ipv4;
    bytes.mapped = true;
  }
  return bytes;
}

struct Block {
  Bytes address;
  unsigned bits = 0;  // of the prefix
};

/// Family none if it is no block.
Block parse_block(std::string_view text) {
  const std::size_t slash = text.find('/');
  Block block{.address = parse(text.substr(0, slash))};
  block.bits = block.address.family == Family::ipv4 ? 32 : 128;
  if (slash == std::string_view::npos) return block;
  if (block.address.mapped) return {};  // of which family the length would be is anybody's guess
  const std::string_view length = text.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
  const bool plain = error == std::errc() && end == length.data() + length.size() && std::to_string(bits) == length;
  if (!plain || bits > block.bits) return {};
  block.bits = bits;
  return block;
}

bool same_prefix(const Bytes& a, const Bytes& b, unsigned bits) {
  for (std::size_t i = 0; i < a.at.size() && bits > 0; ++i) {
    const unsigned here = std::min(bits, 8U);
    if (((a.at[i] ^ b.at[i]) >> (8U - here)) != 0) return false;
    bits -= here;
  }
  return true;
}

/// The longest run of two or more groups that are 0, the first of equal ones; begin is 8 if there is none.
struct Zeros {
  std::size_t begin = 8;
  std::size_t count = 1;
};

Zeros longest_zeros(const std::array<unsigned, 8>& groups) {
  Zeros longest;
  for (std::size_t begin = 0; begin < groups.size(); ++begin) {
    std::size_t end = begin;
    while (end < groups.size() && groups[end] == 0) ++end;
    if (end - begin > longest.count) longest = {begin, end - begin};
  }
  return longest;
}

/// RFC 5952. inet_ntop writes some addresses with an IPv4 tail, which Kubernetes does not.
std::string ipv6_text(const std::array<unsigned char, 16>& at) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i] = at[2 * i] * 256U + at[2 * i + 1];
  const Zeros zeros = longest_zeros(groups);
  std::string text;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i == zeros.begin) {
      text += "::";
      i += zeros.count - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    fmt::format_to(std::back_inserter(text), "{:x}", groups[i]);
  }
  return text;
}

bool all_zero(const unsigned char* begin, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (begin[i] != 0) return false;
  }
  return true;
}

}  // namespace

Family family_of(std::string_view address) { return parse(address).family; }

std::string canonical_address(std::string_view address) {
  const Bytes bytes = parse(address);
  switch (bytes.family) {
    case Family::none:
      break;
    case Family::ipv4:
      return fmt::format("{}.{}.{}.{}", bytes.at[0], bytes.at[1], bytes.at[2], bytes.at[3]);
    case Family::ipv6:
      return ipv6_text(bytes.at);
  }
  return std::string(address);
}

bool is_block(std::string_view text) { return parse_block(text).address.family != Family::none; }

bool in_block(std::string_view address, std::string_view block) {
  const Bytes bytes = parse(address);
  const Block within = parse_block(block);
  if (bytes.family == Family::none || bytes.family != within.address.family) return false;
  return same_prefix(bytes, within.address, within.bits);
}

bool is_mapped_ipv4(std::string_view address) { return parse(address).mapped; }

bool is_private(std::string_view address) {
  const Bytes b = parse(address);
  if (b.family == Family::ipv6) return (b.at[0] & 0xFE) == 0xFC;
  if (b.family == Family::none) return false;
  return b.at[0] == 10 || (b.at[0] == 172 && (b.at[1] & 0xF0) == 16) || (b.at[0] == 192 && b.at[1] == 168) ||
         (b.at[0] == 100 && (b.at[1] & 0xC0) == 64);
}

std::string_view undialable(std::string_view address) {
  const Bytes b = parse(address);
  if (b.family == Family::ipv4) {
    if (b.at[0] == 127) return "a loopback address";
    if (b.at[0] == 0) return "the unspecified address";
    if (b.at[0] == 169 && b.at[1] == 254) return "a link-local address";
    if ((b.at[0] & 0xF0) == 224) return "a multicast address";
    if (b.at[0] == 255 && b.at[1] == 255 && b.at[2] == 255 && b.at[3] == 255) return "the broadcast address";
  }
  if (b.family == Family::ipv6) {
    if (all_zero(b.at.data(), 16)) return "the unspecified address";
    if (all_zero(b.at.data(), 15) && b.at[15] == 1) return "a loopback address";
    if (b.at[0] == 0xFE && (b.at[1] & 0xC0) == 0x80) return "a link-local address";
    if (b.at[0] == 0xFF) return "a multicast address";
  }
  return {};
}

}  // namespace meshfed::model
