#include "git/deflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <stdexcept>

namespace meshfed::git {
namespace {

// Most objects are a page or less, and zlib's usual window and table, 256 KiB to be cleared for each, take as long as
// the object itself: they get what their size needs. Any reader takes that, since the format says how large the window
// is.
class Deflater {
 public:
  explicit Deflater(std::size_t size) {
    constexpr std::size_t kLookahead = 262;  // of the window that zlib does not use
    const int window = std::clamp(static_cast<int>(std::bit_width(size + kLookahead)), 9, MAX_WBITS);
    const int memory =
        std::min(window - 6, MAX_MEM_LEVEL - 1);  // a table of twice the window; the most is zlib's usual
    require(deflateInit2(&stream_, Z_BEST_SPEED, Z_DEFLATED, window, memory, Z_DEFAULT_STRATEGY) == Z_OK);
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() { deflateEnd(&stream_); }

  std::string run(std::string_view bytes) {
    require(bytes.size() <= std::numeric_limits<uInt>::max());
    std::string out(deflateBound(&stream_, static_cast<uLong>(bytes.size())), '\0');
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib only reads it
    stream_.avail_in = static_cast<uInt>(bytes.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    require(::deflate(&stream_, Z_FINISH) == Z_STREAM_END);
    return out.substr(0, stream_.total_out);
  }

 private:
  static void require(bool done) {
    if (!done) throw std::runtime_error("zlib refuses to compress");
  }

  z_stream stream_ = {};
};

}  // namespace

std::string deflated(std::string_view bytes) { return Deflater(bytes.size()).run(bytes); }

}  // namespace meshfed::git
