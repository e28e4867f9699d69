#include "publish/git_deflate.hpp"

#include <limits>
#include <stdexcept>
#include <utility>

namespace meshfed::publish::git {

Deflater::Deflater() {
  if (deflateInit(&stream_, Z_BEST_SPEED) != Z_OK) throw std::runtime_error("zlib refuses to compress");
}

Deflater::~Deflater() { deflateEnd(&stream_); }

std::string Deflater::deflate(std::string_view bytes) {
  deflateReset(&stream_);
  buffer_.resize(deflateBound(&stream_, static_cast<uLong>(bytes.size())));
  if (buffer_.size() > std::numeric_limits<uInt>::max()) throw std::runtime_error("too large for zlib");
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // which zlib only reads
  stream_.avail_in = static_cast<uInt>(bytes.size());
  stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
  stream_.avail_out = static_cast<uInt>(buffer_.size());
  if (::deflate(&stream_, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("zlib refuses to compress");
  return buffer_.substr(0, stream_.total_out);
}

std::unique_ptr<Deflater> Deflaters::take() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return std::make_unique<Deflater>();
  std::unique_ptr<Deflater> one = std::move(idle_.back());
  idle_.pop_back();
  return one;
}

std::string Deflaters::deflate(std::string_view bytes) {
  std::unique_ptr<Deflater> one = take();
  std::string out = one->deflate(bytes);
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(one));
  return out;
}

}  // namespace meshfed::publish::git
