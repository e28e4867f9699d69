// write_objects OBJECTS TARGET THREADS: what zlib and one file alone cost of a commit. Reads into memory what
// `git cat-file --batch` prints of Git's objects, then starts the clock, compresses each of them as the compiler does,
// writes all to the new file TARGET, and syncs that. Nothing is compiled, hashed or indexed. Prints what it took after
// the reading, and no peak: the content alone is most of it.
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "git/deflate.hpp"
#include "measurement.hpp"

namespace {

void require(bool good, std::string_view what, const char* name) {
  if (good) return;
  std::fprintf(stderr, "write_objects: %.*s %s: %s\n", static_cast<int>(what.size()), what.data(), name,
               std::strerror(errno));
  std::exit(1);
}

// "<id> <type> <size>", a line end, as many bytes, a line end.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> objects;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    std::size_t size = 0;
    std::from_chars(line.data() + line.rfind(' ') + 1, line.data() + line.size(), size);
    objects.push_back(text.substr(line.size() + 1, size));
    text.remove_prefix(line.size() + 1 + size + 1);
  }
  return objects;
}

std::vector<std::string> compress(const std::vector<std::string_view>& objects, unsigned threads) {
  std::vector<std::string> compressed(objects.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < objects.size(); i = next++) compressed[i] = meshfed::git::deflated(objects[i]);
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < threads; ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
  return compressed;
}

void write_all(const std::vector<std::string>& parts, const char* target) {
  std::string all;
  for (const std::string& part : parts) all += part;
  const int fd = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  require(fd >= 0, "create", target);
  for (std::size_t done = 0; done < all.size();) {
    const ssize_t written = write(fd, all.data() + done, all.size() - done);
    require(written >= 0, "write", target);
    done += static_cast<std::size_t>(written);
  }
  require(fsync(fd) == 0, "sync", target);
  require(close(fd) == 0, "close", target);
}

}  // namespace

int main(int argc, char** argv) {
  unsigned threads = 0;
  if (argc == 4) std::from_chars(argv[3], argv[3] + std::strlen(argv[3]), threads);
  if (threads == 0) {
    std::fputs("usage: write_objects OBJECTS TARGET THREADS\n", stderr);
    return 64;
  }
  std::ifstream in(argv[1], std::ios::binary);
  require(in.good(), "read", argv[1]);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const std::vector<std::string_view> objects = split(text);
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  const auto start = bench::Clock::now();
  write_all(compress(objects, threads), argv[2]);
  const auto wall = bench::Clock::now() - start;
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  bench::print_measurement(wall, before, after, 0);
  return 0;
}
