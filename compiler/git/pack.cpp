#include "git/pack.hpp"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "base/path.hpp"
#include "git/deflate.hpp"
#include "git/pack_index.hpp"
#include "git/sha1.hpp"

// The format: https://git-scm.com/docs/pack-format. libgit2's own pack builder searches for deltas, without a way to
// turn that off, and on one thread compresses everything only when it is written; its indexer, also on one thread,
// inflates and hashes again all that was just hashed and compressed.
namespace meshfed::git {
namespace {

// Type and size in front of each object: four bits of the size, then seven at a time; the top bit says that more
// follow.
void put_header(git_object_t type, std::size_t size, std::string& out) {
  auto byte = static_cast<unsigned>(type) << 4U | static_cast<unsigned>(size & 0xFU);
  for (size >>= 4U; size > 0; size >>= 7U) {
    out += static_cast<char>(byte | 0x80U);
    byte = static_cast<unsigned>(size & 0x7FU);
  }
  out += static_cast<char>(byte);
}

std::string checksum_of(std::string_view bytes) {
  Sha1 digest;
  digest.add(bytes);
  return digest.digest();
}

std::uint32_t crc32_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string hexadecimal(std::string_view bytes) {
  git_oid id = {};
  git_oid_fromraw(&id, reinterpret_cast<const unsigned char*>(bytes.data()));
  return hex(id);
}

// A new file in the directory, of whose name Git takes care if it is left behind (git-prune(1)).
int write_temporary(base::Fs& disk, const std::string& directory, std::string_view bytes, std::string& path) {
  constexpr int kTries = 100;  // others may be at work, or were killed
  int error = EEXIST;
  for (int i = 0; error == EEXIST && i < kTries; ++i) {
    path = base::below(directory, "tmp_pack_meshfedc_" + std::to_string(i));
    error = disk.write_new_file(path, bytes);
  }
  if (error != 0) path.clear();
  return error;
}

// The index last: Git looks at no pack without one.
int put_in_place(base::Fs& disk, const std::string& directory, const std::string& name, std::string_view pack,
                 std::string_view index) {
  std::string pack_path, index_path;
  int error = write_temporary(disk, directory, pack, pack_path);
  if (error != 0) return error;
  error = write_temporary(disk, directory, index, index_path);
  if (error == 0) error = disk.sync_file_system(directory);
  if (error == 0) error = disk.rename(pack_path, base::below(directory, name + ".pack"));
  if (error == 0) error = disk.rename(index_path, base::below(directory, name + ".idx"));
  if (error == 0) return disk.sync_file_system(directory);  // the names, before anything refers to what they name
  disk.remove_file(pack_path);
  if (!index_path.empty()) disk.remove_file(index_path);
  return error;
}

}  // namespace

git_oid id_of(git_object_t type, std::string_view bytes) {
  Sha1 digest;
  digest.add(std::string(git_object_type2string(type)) + ' ' + std::to_string(bytes.size()) + '\0');
  digest.add(bytes);
  git_oid id = {};
  git_oid_fromraw(&id, reinterpret_cast<const unsigned char*>(digest.digest().data()));
  return id;
}

void Pack::add(const git_oid& id, git_object_t type, std::string_view bytes) {
  {
    const std::lock_guard lock(mutex_);
    if (!known_.insert(id).second) return;
  }
  Object object{id, type, bytes.size(), deflated(bytes)};
  const std::lock_guard lock(mutex_);
  fresh_.push_back(std::move(object));
}

// Commits, trees, blobs: as Git itself puts them, since walks read them in this order.
void Pack::sort() {
  std::sort(fresh_.begin(), fresh_.end(), [](const Object& a, const Object& b) {
    return a.type != b.type ? a.type < b.type : git_oid_cmp(&a.id, &b.id) < 0;
  });
}

// Each object is let go as soon as it is in the pack.
std::string Pack::assemble(std::vector<PackedObject>& objects) {
  constexpr std::size_t kRoom = 10;  // of a header
  std::size_t size = 64;
  for (const Object& object : fresh_) size += kRoom + object.deflated.size();
  std::string pack = "PACK";
  pack.reserve(size);
  put_number(2, pack);  // the version
  put_number(static_cast<std::uint32_t>(fresh_.size()), pack);
  for (Object& object : fresh_) {
    const std::size_t offset = pack.size();
    put_header(object.type, object.size, pack);
    pack += std::exchange(object.deflated, {});
    objects.push_back({object.id, crc32_of(std::string_view(pack).substr(offset)), offset});
  }
  fresh_.clear();
  return pack;
}

int Pack::write(base::Fs& disk, const std::string& directory) {
  const std::lock_guard lock(mutex_);
  if (fresh_.empty()) return 0;
  sort();
  std::vector<PackedObject> objects;
  std::string pack = assemble(objects);
  const std::string checksum = checksum_of(pack);
  pack += checksum;
  return put_in_place(disk, directory, "pack-" + hexadecimal(checksum), pack, pack_index(std::move(objects), checksum));
}

}  // namespace meshfed::git
