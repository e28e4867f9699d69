#include "support/memory_fs.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace meshfed::testing {

using base::FileKind;
using base::Result;

namespace {

constexpr std::string_view kHome = "/cwd";
constexpr int kMaxLinks = 40;

std::vector<std::string> components_of(std::string_view path) {
  std::vector<std::string> out;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0 && path.substr(0, end) != ".") out.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return out;
}

std::string parent_of(const std::string& real) {
  const std::size_t slash = real.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : real.substr(0, slash);
}

std::string below(const std::string& directory, const std::string& name) {
  return directory == "/" ? "/" + name : directory + "/" + name;
}

}  // namespace

class MemoryFs::Held final : public base::FileLock {
 public:
  Held(std::shared_ptr<std::set<std::string>> all, std::string path) : all_(std::move(all)), path_(std::move(path)) {}
  ~Held() override { all_->erase(path_); }

 private:
  std::shared_ptr<std::set<std::string>> all_;
  std::string path_;
};

MemoryFs::MemoryFs() : locked_(std::make_shared<std::set<std::string>>()) {
  nodes_["/"] = {FileKind::directory, {}, ++last_inode_};
  nodes_[std::string(kHome)] = {FileKind::directory, {}, ++last_inode_};
}

Result<std::string> MemoryFs::resolve(const std::string& path, bool follow_last) const {
  if (path.empty()) return {ENOENT, {}};
  std::string at = path.front() == '/' ? "/" : working_directory_;
  std::vector<std::string> rest = components_of(path);
  std::reverse(rest.begin(), rest.end());
  for (int links = 0; !rest.empty();) {
    const std::string name = std::move(rest.back());
    rest.pop_back();
    const auto here = nodes_.find(at);
    if (here == nodes_.end()) return {ENOENT, {}};
    if (here->second.kind != FileKind::directory) return {ENOTDIR, {}};
    if (name == "..") {
      at = parent_of(at);
      continue;
    }
    const std::string next = below(at, name);
    const auto node = nodes_.find(next);
    if (node == nodes_.end() || node->second.kind != FileKind::symlink || (rest.empty() && !follow_last)) {
      at = next;
      continue;
    }
    if (++links > kMaxLinks) return {ELOOP, {}};
    const std::string& target = node->second.content;
    std::vector<std::string> more = components_of(target);
    rest.insert(rest.end(), more.rbegin(), more.rend());
    if (!target.empty() && target.front() == '/') at = "/";
  }
  return {0, at};
}

MemoryFs::Node* MemoryFs::find(const std::string& path, bool follow_last, int& error) {
  const Result<std::string> real = resolve(path, follow_last);
  const auto node = real.ok() ? nodes_.find(real.value) : nodes_.end();
  error = !real.ok() ? real.error : node == nodes_.end() ? ENOENT : 0;
  return error == 0 ? &node->second : nullptr;
}

void MemoryFs::place(const std::string& path, FileKind kind, std::string_view content) {
  std::string at = path.front() == '/' ? "/" : working_directory_;
  for (const std::string& name : components_of(path)) {
    at = below(at, name);
    if (!nodes_.contains(at)) nodes_[at] = {FileKind::directory, {}, ++last_inode_, tick(), time_};
  }
  Node& node = nodes_[at];
  if (kind != FileKind::directory) node = {kind, std::string(content), ++last_inode_, tick(), time_};
  touch_parent(at);
}

std::int64_t MemoryFs::tick() {
  ++ticks_;
  if (missing_ticks_ > 0)
    --missing_ticks_;
  else
    ++time_;
  return time_;
}

void MemoryFs::touch_parent(const std::string& real) {
  Node& parent = nodes_[parent_of(real)];
  parent.modified = parent.changed = tick();
}

bool MemoryFs::has_children(const std::string& real) const {
  const std::string prefix = below(real, "");
  const auto next = nodes_.upper_bound(prefix);
  return next != nodes_.end() && next->first.starts_with(prefix);
}

void MemoryFs::put(const std::string& path, std::string_view bytes) {
  const std::lock_guard guard(mutex_);
  place(path, FileKind::file, bytes);
}

void MemoryFs::put_directory(const std::string& path) {
  const std::lock_guard guard(mutex_);
  place(path, FileKind::directory, {});
}

void MemoryFs::put_link(const std::string& path, const std::string& target) {
  const std::lock_guard guard(mutex_);
  place(path, FileKind::symlink, target);
}

void MemoryFs::put_other(const std::string& path) {
  const std::lock_guard guard(mutex_);
  place(path, FileKind::other, {});
}

void MemoryFs::erase(const std::string& path) {
  const std::lock_guard guard(mutex_);
  const std::string real = resolve(path, false).value;
  std::erase_if(nodes_, [&](const auto& entry) { return entry.first == real || entry.first.starts_with(real + "/"); });
}

bool MemoryFs::exists(const std::string& path) const {
  const std::lock_guard guard(mutex_);
  const Result<std::string> real = resolve(path, false);
  return real.ok() && nodes_.contains(real.value);
}

std::optional<std::string> MemoryFs::bytes(const std::string& path) const {
  const std::lock_guard guard(mutex_);
  const Result<std::string> real = resolve(path, false);
  const auto node = real.ok() ? nodes_.find(real.value) : nodes_.end();
  if (node == nodes_.end() || node->second.kind != FileKind::file) return std::nullopt;
  return node->second.content;
}

std::vector<std::string> MemoryFs::paths() const {
  const std::lock_guard guard(mutex_);
  const std::string prefix = std::string(kHome) + "/";
  std::vector<std::string> out;
  for (const auto& [path, node] : nodes_) {
    if (!path.starts_with(prefix)) continue;
    out.push_back(path.substr(prefix.size()) + (node.kind == FileKind::directory ? "/" : ""));
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<MemoryFs::Event> MemoryFs::events() const {
  const std::lock_guard guard(mutex_);
  return events_;
}

std::vector<std::string> MemoryFs::changes() const {
  static const std::map<Call, std::string> kWords = {{Call::make_directory, "mkdir "},   {Call::write, "write "},
                                                     {Call::rename, "rename "},          {Call::remove_file, "remove "},
                                                     {Call::remove_directory, "rmdir "}, {Call::sync, "sync "}};
  std::vector<std::string> out;
  for (const Event& event : events()) {
    const auto word = kWords.find(event.call);
    if (event.error != 0 || word == kWords.end()) continue;
    out.push_back(word->second + event.path + (event.to.empty() ? "" : " -> " + event.to));
  }
  return out;
}

bool MemoryFs::touched(const std::string& path) const {
  const std::vector<Event> all = events();
  return std::any_of(all.begin(), all.end(), [&](const Event& e) { return e.path == path || e.to == path; });
}

void MemoryFs::forget() {
  const std::lock_guard guard(mutex_);
  events_.clear();
}

void MemoryFs::fail(Call call, std::size_t nth, int error) {
  const std::lock_guard guard(mutex_);
  failures_[{call, counts_[call] + nth}] = error;
}

void MemoryFs::die_after(std::optional<std::size_t> changes) {
  const std::lock_guard guard(mutex_);
  lives_ = changes;
}

// The error that was arranged for this call, 0 for none.
int MemoryFs::interruption(Call call, bool changing) {
  const std::size_t count = ++counts_[call];
  if (lives_ && *lives_ == 0) return EIO;
  if (lives_ && changing) --*lives_;
  const auto failure = failures_.find({call, count});
  return failure == failures_.end() ? 0 : failure->second;
}

int MemoryFs::record(Call call, const std::string& path, int error, const std::string& to) {
  events_.push_back({call, path, to, error});
  return error;
}

Result<std::string> MemoryFs::read(const std::string& path, std::size_t limit, bool regular) {
  const std::lock_guard guard(mutex_);
  int error = interruption(Call::read, false);
  const Node* node = error == 0 ? find(path, !regular, error) : nullptr;
  if (node != nullptr && node->kind == FileKind::directory) error = EISDIR;
  if (node != nullptr && node->kind == FileKind::symlink) error = ELOOP;
  if (node != nullptr && node->kind == FileKind::other) error = EINVAL;
  if (error == 0 && node->content.size() > limit) error = EFBIG;
  record(Call::read, path, error);
  return error == 0 ? Result<std::string>{0, node->content} : Result<std::string>{error, {}};
}

Result<std::string> MemoryFs::read_file(const std::string& path, std::size_t limit) { return read(path, limit, false); }
Result<std::string> MemoryFs::read_regular(const std::string& path, std::size_t limit) {
  return read(path, limit, true);
}

Result<base::Stat> MemoryFs::stat(const std::string& path) {
  const std::lock_guard guard(mutex_);
  int error = interruption(Call::stat, false);
  const Node* node = error == 0 ? find(path, false, error) : nullptr;
  if (error == ENOENT || error == ENOTDIR) error = 0;
  record(Call::stat, path, error);
  if (node == nullptr) return {error, {}};
  const bool file = node->kind == FileKind::file;
  return {0,
          {.kind = node->kind,
           .size = file ? node->content.size() : 0,
           .mode = file ? 0644U : 0755U,
           .device = 1,
           .inode = node->inode,
           .modified = node->modified,
           .changed = node->changed}};
}

Result<std::string> MemoryFs::canonical(const std::string& path) {
  const std::lock_guard guard(mutex_);
  int error = interruption(Call::canonical, false);
  if (error == 0) find(path, true, error);
  record(Call::canonical, path, error);
  if (error != 0) return {error, {}};
  return resolve(path, true);
}

Result<std::vector<std::string>> MemoryFs::list_directory(const std::string& path) {
  const std::lock_guard guard(mutex_);
  int error = interruption(Call::list, false);
  const Node* node = error == 0 ? find(path, true, error) : nullptr;
  if (node != nullptr && node->kind != FileKind::directory) error = ENOTDIR;
  record(Call::list, path, error);
  if (error != 0) return {error, {}};
  const std::string real = resolve(path, true).value;
  const std::string prefix = below(real, "");
  Result<std::vector<std::string>> out;
  for (auto entry = nodes_.upper_bound(prefix); entry != nodes_.end() && entry->first.starts_with(prefix); ++entry) {
    const std::string name = entry->first.substr(prefix.size());
    if (name.find('/') == std::string::npos) out.value.push_back(name);
  }
  std::sort(out.value.begin(), out.value.end());
  return out;
}

int MemoryFs::make_directory(const std::string& path) {
  const std::lock_guard guard(mutex_);
  int error = interruption(Call::make_directory, true);
  const Result<std::string> real = resolve(path, false);
  if (error == 0) error = real.error;
  if (error == 0 && nodes_.contains(real.value)) error = EEXIST;
  if (error == 0) place(real.value, FileKind::directory, {});
  return record(Call::make_directory, path, error);
}

int MemoryFs::write_new_file(const std::string& path, std::string_view bytes) {
  const std::lock_guard guard(mutex_);
  const bool dying = lives_ && *lives_ == 1;
  int error = interruption(Call::write, true);
  const Result<std::string> real = resolve(path, false);
  if (error == 0) error = real.error;
  if (error == 0 && nodes_.contains(real.value)) error = EEXIST;
  if (error == 0 && !nodes_.contains(parent_of(real.value))) error = ENOENT;
  if (error == 0) place(real.value, FileKind::file, bytes);
  if (error == 0 && dying) nodes_[real.value].content.resize(bytes.size() / 2);
  if (error == 0 && dying) error = EIO;
  return record(Call::write, path, error);
}

int MemoryFs::rename(const std::string& from, const std::string& to) {
  const std::lock_guard guard(mutex_);
  int error = interruption(Call::rename, true);
  const Node* node = error == 0 ? find(from, false, error) : nullptr;
  const Result<std::string> target = resolve(to, false);
  if (error == 0) error = target.error;
  const auto there = nodes_.find(target.value);
  if (error == 0 && there != nodes_.end()) {
    const bool directory = node->kind == FileKind::directory;
    if ((there->second.kind == FileKind::directory) != directory) error = directory ? ENOTDIR : EISDIR;
    if (error == 0 && directory && has_children(target.value)) error = ENOTEMPTY;
  }
  if (error == 0) move(resolve(from, false).value, target.value);
  return record(Call::rename, from, error, to);
}

void MemoryFs::move(const std::string& from, const std::string& to) {
  std::map<std::string, Node> moved;
  for (auto& [path, node] : nodes_) {
    if (path == from || path.starts_with(from + "/")) moved[to + path.substr(from.size())] = node;
  }
  std::erase_if(nodes_, [&](const auto& entry) { return entry.first == from || entry.first.starts_with(from + "/"); });
  moved[to].changed = tick();
  for (auto& [path, node] : moved) nodes_[path] = node;
  touch_parent(from);
  touch_parent(to);
}

int MemoryFs::remove_file(const std::string& path) {
  const std::lock_guard guard(mutex_);
  int error = interruption(Call::remove_file, true);
  const Node* node = error == 0 ? find(path, false, error) : nullptr;
  if (node != nullptr && node->kind == FileKind::directory) error = EISDIR;
  const std::string real = resolve(path, false).value;
  if (error == 0) nodes_.erase(real);
  if (error == 0) touch_parent(real);
  return record(Call::remove_file, path, error);
}

int MemoryFs::remove_directory(const std::string& path) {
  const std::lock_guard guard(mutex_);
  int error = interruption(Call::remove_directory, true);
  const Node* node = error == 0 ? find(path, false, error) : nullptr;
  if (node != nullptr && node->kind != FileKind::directory) error = ENOTDIR;
  const std::string real = resolve(path, false).value;
  if (error == 0 && has_children(real)) error = ENOTEMPTY;
  if (error == 0) nodes_.erase(real);
  if (error == 0) touch_parent(real);
  return record(Call::remove_directory, path, error);
}

int MemoryFs::sync_file_system(const std::string& path) {
  const std::lock_guard guard(mutex_);
  int error = interruption(Call::sync, true);
  if (error == 0) find(path, true, error);
  return record(Call::sync, path, error);
}

Result<std::unique_ptr<base::FileLock>> MemoryFs::try_lock(const std::string& path) {
  const std::lock_guard guard(mutex_);
  int error = interruption(Call::lock, false);
  if (error == 0) find(path, true, error);
  const std::string real = resolve(path, true).value;
  if (error == 0 && !locked_->insert(real).second) error = EWOULDBLOCK;
  record(Call::lock, path, error);
  if (error != 0) return {error, nullptr};
  return {0, std::make_unique<Held>(locked_, real)};
}

}  // namespace meshfed::testing
