#include "model/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace meshfed::model {
namespace {

struct Bytes {
  Family family = Family::none;
  std::array<unsigned char, 16> at{};
};

Bytes parse(std::string_view address) {
  Bytes bytes;
  if (address.size() > INET6_ADDRSTRLEN || address.find('\0') != std::string_view::npos) return bytes;
  const std::string text(address);
  if (inet_pton(AF_INET, text.c_str(), bytes.at.data()) == 1)
    bytes.family = Family::ipv4;
  else if (inet_pton(AF_INET6, text.c_str(), bytes.at.data()) == 1)
    bytes.family = Family::ipv6;
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
  if (bytes.family == Family::none) return std::string(address);
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(bytes.family == Family::ipv4 ? AF_INET : AF_INET6, bytes.at.data(), text.data(), text.size());
  return text.data();
}

bool is_block(std::string_view text) { return parse_block(text).address.family != Family::none; }

bool in_block(std::string_view address, std::string_view block) {
  const Bytes bytes = parse(address);
  const Block within = parse_block(block);
  if (bytes.family == Family::none || bytes.family != within.address.family) return false;
  return same_prefix(bytes, within.address, within.bits);
}

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
