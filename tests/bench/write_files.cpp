// write_files SOURCE TARGET THREADS plain|rename: what the file system alone costs. Reads the tree SOURCE into memory,
// then starts the clock, writes all of it below TARGET, which must not exist, and syncs that file system once.
// `plain` opens, writes and closes each file; `rename` writes a temporary file and renames it. Each directory of SOURCE
// is one thread's work with all that is in it, as meshfedc does it. Prints what it took after the reading, and no
// peak: the content alone is most of it.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "measurement.hpp"

namespace {

namespace fs = std::filesystem;

struct File {
  std::string name;
  std::string bytes;
};

struct Directory {
  std::string name;
  std::vector<File> files;
  std::vector<Directory> directories;
};

[[noreturn]] void fail(std::string_view what, const std::string& name) {
  std::fprintf(stderr, "write_files: %.*s %s: %s\n", static_cast<int>(what.size()), what.data(), name.c_str(),
               std::strerror(errno));
  std::exit(1);
}

void require(bool good, std::string_view what, const std::string& name) {
  if (!good) fail(what, name);
}

Directory read_tree(const fs::path& path) {
  Directory directory{.name = path.filename(), .files = {}, .directories = {}};
  for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
    if (entry.is_directory()) {
      directory.directories.push_back(read_tree(entry.path()));
      continue;
    }
    std::ifstream in(entry.path(), std::ios::binary);
    require(in.good(), "read", entry.path());
    directory.files.push_back({entry.path().filename(), {std::istreambuf_iterator<char>(in), {}}});
  }
  return directory;
}

void write_file(int directory, const File& file, bool rename) {
  const std::string name = rename ? file.name + ".tmp" : file.name;
  const int fd = openat(directory, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  require(fd >= 0, "create", name);
  const ssize_t written = write(fd, file.bytes.data(), file.bytes.size());
  require(written >= 0 && static_cast<std::size_t>(written) == file.bytes.size(), "write", name);
  require(close(fd) == 0, "close", name);
  if (rename) require(renameat(directory, name.c_str(), directory, file.name.c_str()) == 0, "rename", name);
}

int make_directory(int parent, const std::string& name) {
  require(mkdirat(parent, name.c_str(), 0755) == 0, "create", name);
  const int fd = openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  require(fd >= 0, "open", name);
  return fd;
}

void write_tree(int parent, const Directory& tree, bool rename) {
  const int fd = make_directory(parent, tree.name);
  for (const File& file : tree.files) write_file(fd, file, rename);
  for (const Directory& directory : tree.directories) write_tree(fd, directory, rename);
  close(fd);
}

void write_all(const Directory& tree, const std::string& target, unsigned threads, bool rename) {
  const int root = make_directory(AT_FDCWD, target);
  for (const File& file : tree.files) write_file(root, file, rename);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < tree.directories.size(); i = next++) write_tree(root, tree.directories[i], rename);
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < threads; ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
  require(syncfs(root) == 0, "sync", target);
  close(root);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc == 5 ? argv[4] : "";
  unsigned threads = 0;
  if (argc == 5) std::from_chars(argv[3], argv[3] + std::strlen(argv[3]), threads);
  if (threads == 0 || (mode != "plain" && mode != "rename")) {
    std::fputs("usage: write_files SOURCE TARGET THREADS plain|rename\n", stderr);
    return 64;
  }
  const Directory tree = read_tree(argv[1]);
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  const auto start = bench::Clock::now();
  write_all(tree, argv[2], threads, mode == "rename");
  const auto wall = bench::Clock::now() - start;
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  bench::print_measurement(wall, before, after, 0);
  return 0;
}
