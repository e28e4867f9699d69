// An Fs in memory for tests. It records every call, so that "did not touch x" is an assertion, and fails the calls it
// is told to fail. Files, directories, links and one kind of special file; no permissions. Relative paths start at
// /cwd, which exists.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/fs.hpp"

namespace meshfed::testing {

class MemoryFs final : public base::Fs {
 public:
  enum class Call {
    read,  // both read_file and read_regular
    stat,
    canonical,
    list,
    make_directory,
    write,
    rename,
    remove_file,
    remove_directory,
    sync,
    lock
  };

  struct Event {
    Call call;
    std::string path;  // as the caller wrote it
    std::string to;    // of a rename
    int error;         // what the call returned
  };

  MemoryFs();

  // Setting the scene and looking at it: not recorded, and parents are made. `put` replaces what is there.
  void put(const std::string& path, std::string_view bytes);
  void put_directory(const std::string& path);
  void put_link(const std::string& path, const std::string& target);
  void put_other(const std::string& path);                                       // like a fifo
  void erase(const std::string& path);                                           // with all that is below
  void change_directory(const std::string& path) { working_directory_ = path; }  // absolute; for relative paths
  bool exists(const std::string& path) const;
  std::optional<std::string> bytes(const std::string& path) const;  // of a file; links are not followed
  std::vector<std::string> paths() const;  // everything below /cwd, relative and sorted; directories end in '/'

  // What happened since the last forget().
  std::vector<Event> events() const;
  // The events that change something, or sync, and succeeded, in words: "mkdir out", "write a", "rename a -> b",
  // "remove a", "rmdir out", "sync out".
  std::vector<std::string> changes() const;
  bool touched(const std::string& path) const;  // any call named this path, as written
  void forget();

  // The n-th call of this kind from now, the first being 1, fails with `error` and does nothing.
  void fail(Call call, std::size_t nth, int error);
  // Like a killed process: after n more changing calls every call fails with EIO; a write that is due just then leaves
  // half of its bytes behind. nullopt: lives again.
  void die_after(std::optional<std::size_t> changes);

  // The clock, which ticks with each change, misses its next `ticks`, like that of a disk, which is slower than a
  // build.
  void stop_clock(std::size_t ticks) { missing_ticks_ = ticks; }
  std::size_t ticks() const { return ticks_; }  // missed ones too

  base::Result<std::string> read_file(const std::string& path, std::size_t limit) override;
  base::Result<std::string> read_regular(const std::string& path, std::size_t limit) override;
  base::Result<base::Stat> stat(const std::string& path) override;
  base::Result<std::string> canonical(const std::string& path) override;
  base::Result<std::vector<std::string>> list_directory(const std::string& path) override;
  int make_directory(const std::string& path) override;
  int write_new_file(const std::string& path, std::string_view bytes) override;
  int rename(const std::string& from, const std::string& to) override;
  int remove_file(const std::string& path) override;
  int remove_directory(const std::string& path) override;
  int sync_file_system(const std::string& path) override;
  base::Result<std::unique_ptr<base::FileLock>> try_lock(const std::string& path) override;

 private:
  struct Node {
    base::FileKind kind = base::FileKind::directory;
    std::string content;  // bytes of a file, target of a link
    std::uint64_t inode = 0;
    std::int64_t modified = 0;  // see stop_clock
    std::int64_t changed = 0;
  };
  class Held;

  // The link-free absolute path; what it names need not exist, its parent must.
  base::Result<std::string> resolve(const std::string& path, bool follow_last) const;
  Node* find(const std::string& path, bool follow_last, int& error);
  void place(const std::string& path, base::FileKind kind, std::string_view content);
  std::int64_t tick();
  void touch_parent(const std::string& real);
  void move(const std::string& from, const std::string& to);
  bool has_children(const std::string& real) const;
  base::Result<std::string> read(const std::string& path, std::size_t limit, bool regular);
  int interruption(Call call, bool changing);
  int record(Call call, const std::string& path, int error, const std::string& to = {});

  mutable std::mutex mutex_;
  std::string working_directory_ = "/cwd";
  std::map<std::string, Node> nodes_;  // by link-free absolute path
  std::uint64_t last_inode_ = 0;
  std::int64_t time_ = 0;
  std::size_t ticks_ = 0;
  std::size_t missing_ticks_ = 0;
  std::vector<Event> events_;
  std::map<Call, std::size_t> counts_;
  std::map<std::pair<Call, std::size_t>, int> failures_;  // by kind and count
  std::optional<std::size_t> lives_;
  std::shared_ptr<std::set<std::string>> locked_;
};

}  // namespace meshfed::testing
