// The index of a pack, format 2: https://git-scm.com/docs/pack-format. Only for files that may see libgit2.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <git2.h>

namespace meshfed::git {

struct PackedObject {
  git_oid id;
  std::uint32_t crc32;   // of its bytes in the pack, header and all
  std::uint64_t offset;  // of the first of them
};

/// `checksum` is the pack's own, its last 20 bytes.
std::string pack_index(std::vector<PackedObject> objects, std::string_view checksum);

/// A number as these formats have it: four bytes, the most significant first.
void put_number(std::uint32_t number, std::string& out);

}  // namespace meshfed::git
