#include "git/pack_index.hpp"

#include <algorithm>
#include <array>

#include "git/sha1.hpp"

namespace meshfed::git {
namespace {

constexpr std::uint64_t kLarge = std::uint64_t{1} << 31U;  // offsets from here on stand in a table of their own

// How many ids begin with at most this byte, for each byte.
void put_fanout(const std::vector<PackedObject>& objects, std::string& out) {
  std::array<std::uint32_t, 256> counts{};
  for (const PackedObject& object : objects) ++counts[object.id.id[0]];
  std::uint32_t sum = 0;
  for (const std::uint32_t count : counts) put_number(sum += count, out);
}

void put_offsets(const std::vector<PackedObject>& objects, std::string& out) {
  std::vector<std::uint64_t> large;
  for (const PackedObject& object : objects) {
    const bool fits = object.offset < kLarge;
    put_number(static_cast<std::uint32_t>(fits ? object.offset : kLarge | large.size()), out);
    if (!fits) large.push_back(object.offset);
  }
  for (const std::uint64_t offset : large) {
    put_number(static_cast<std::uint32_t>(offset >> 32U), out);
    put_number(static_cast<std::uint32_t>(offset), out);
  }
}

}  // namespace

std::string pack_index(std::vector<PackedObject> objects, std::string_view checksum) {
  std::sort(objects.begin(), objects.end(),
            [](const PackedObject& a, const PackedObject& b) { return git_oid_cmp(&a.id, &b.id) < 0; });
  std::string out = "\377tOc";
  put_number(2, out);  // the version
  put_fanout(objects, out);
  for (const PackedObject& object : objects) out.append(reinterpret_cast<const char*>(object.id.id), GIT_OID_RAWSZ);
  for (const PackedObject& object : objects) put_number(object.crc32, out);
  put_offsets(objects, out);
  out += checksum;
  Sha1 digest;
  digest.add(out);
  return out += digest.digest();
}

void put_number(std::uint32_t number, std::string& out) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) out += static_cast<char>(number >> shift & 0xFFU);
}

}  // namespace meshfed::git
