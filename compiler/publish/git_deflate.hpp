// zlib's compression, as Git's objects have it. Private to the Git half of this stage.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>

namespace meshfed::publish::git {

// One after the other: the state, a quarter of a megabyte, is made once.
class Deflater {
 public:
  Deflater();
  ~Deflater();
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  std::string deflate(std::string_view bytes);

 private:
  z_stream stream_ = {};
  std::string buffer_;
};

// The same from several threads, with as many states as are at work at once.
class Deflaters {
 public:
  std::string deflate(std::string_view bytes);

 private:
  std::unique_ptr<Deflater> take();

  std::mutex mutex_;
  std::vector<std::unique_ptr<Deflater>> idle_;
};

}  // namespace meshfed::publish::git
