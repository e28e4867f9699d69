#include "git/pack.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "git/deflate.hpp"
#include "git/sha1.hpp"

// The format: https://git-scm.com/docs/pack-format. libgit2's own pack builder searches for deltas, without a way to
// turn that off, and on one thread compresses everything only when it is written; its indexer, which we feed, checks
// each byte of what we wrote.
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

void put_number(std::uint32_t number, std::string& out) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) out += static_cast<char>(number >> shift & 0xFFU);
}

// Bytes on their way to the indexer, many at once: each call to it maps a part of the file.
class Stream {
 public:
  explicit Stream(git_indexer& indexer) : indexer_(indexer) {}

  bool add(std::string_view bytes) {
    digest_.add(bytes);
    pending_ += bytes;
    return pending_.size() < kEnough || flush();
  }

  bool finish() {
    pending_ += digest_.digest();
    return flush() && git_indexer_commit(&indexer_, &progress_) == 0;
  }

 private:
  static constexpr std::size_t kEnough = 4U << 20U;

  bool flush() {
    const int error = git_indexer_append(&indexer_, pending_.data(), pending_.size(), &progress_);
    pending_.clear();
    return error == 0;
  }

  git_indexer& indexer_;
  git_indexer_progress progress_ = {};
  Sha1 digest_;
  std::string pending_;
};

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

bool Pack::append(git_indexer& indexer) const {
  Stream stream(indexer);
  std::string header = "PACK";
  put_number(2, header);  // the version
  put_number(static_cast<std::uint32_t>(fresh_.size()), header);
  if (!stream.add(header)) return false;
  for (const Object& object : fresh_) {
    header.clear();
    put_header(object.type, object.size, header);
    if (!stream.add(header) || !stream.add(object.deflated)) return false;
  }
  return stream.finish();
}

bool Pack::write(const std::string& directory) {
  const std::lock_guard lock(mutex_);
  if (fresh_.empty()) return true;
  sort();
  git_indexer_options options = GIT_INDEXER_OPTIONS_INIT;
  git_indexer* indexer = nullptr;
  if (git_indexer_new(&indexer, directory.c_str(), 0, nullptr, &options) != 0) return false;
  const Indexer owned(indexer);
  if (!append(*indexer)) return false;
  fresh_.clear();
  return true;
}

}  // namespace meshfed::git
