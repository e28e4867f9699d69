#include "publish/inventory.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "publish/path.hpp"

namespace meshfed::publish {
namespace {

constexpr std::string_view kMagic = "meshfedc-lock";
constexpr std::string_view kVersion = "1";
constexpr std::size_t kMaxId = 1024;

// Up to the next separator, which is taken too.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view out = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return out;
}

bool is_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxId &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

// A later version than ours: a number without sign or leading zero, greater than 1.
bool is_later_version(std::string_view text) {
  return !text.empty() && text.front() != '0' && text != kVersion && text.size() <= 9 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

ParsedInventory bad(std::size_t line, std::string_view what) {
  return {ParsedInventory::Status::bad, {}, "line " + std::to_string(line) + ": " + std::string(what)};
}

ParsedInventory parse_header(std::string_view line) {
  if (take(line, ' ') != kMagic) return bad(1, "it does not start with `meshfedc-lock`");
  const std::string_view version = take(line, ' ');
  if (is_later_version(version))
    return {ParsedInventory::Status::newer, {}, "line 1: format " + std::string(version) + ", but only 1 is supported"};
  if (version != kVersion) return bad(1, "format " + base::quoted(version.substr(0, 20)));
  if (!is_component(line)) return bad(1, "invalid federation name " + base::quoted(line.substr(0, 80)));
  return {ParsedInventory::Status::good, {std::string(line), {}}, {}};
}

// What is wrong with the line; an entry is added if nothing is.
std::optional<std::string> parse_entry(std::string_view line, std::vector<InventoryEntry>& entries) {
  const bool more = line.find(' ') != std::string_view::npos;
  const std::string_view path = take(line, ' ');
  if (!is_path(path)) return "not a path that meshfedc writes: " + base::quoted(path.substr(0, 80));
  const bool ids = line.find(' ') != std::string_view::npos;
  const std::string_view digest = take(line, ' ');
  if (!more || !is_digest(digest)) return "no SHA-256 digest after the path";
  InventoryEntry entry = {std::string(path), std::string(digest), {}};
  while (ids) {
    const bool last = line.find(' ') == std::string_view::npos;
    const std::string_view id = take(line, ' ');
    if (!is_id(id)) return "not an object id: " + base::quoted(id.substr(0, 80));
    entry.object_ids.emplace_back(id);
    if (last) break;
  }
  entries.push_back(std::move(entry));
  return std::nullopt;
}

// Sorted, and one entry for each path and content.
void tidy(std::vector<InventoryEntry>& entries) {
  const auto key = [](const InventoryEntry& e) {
    return std::pair<std::string_view, std::string_view>(e.path, e.sha256);
  };
  if (!std::is_sorted(entries.begin(), entries.end())) std::sort(entries.begin(), entries.end());
  const auto end = std::unique(entries.begin(), entries.end(),
                               [&](const InventoryEntry& a, const InventoryEntry& b) { return key(a) == key(b); });
  entries.erase(end, entries.end());
}

std::string first_line(std::string_view federation) {
  return std::string(kMagic).append(" ").append(kVersion).append(" ").append(federation).append("\n");
}

void add_line(std::string& out, std::string_view path, std::string_view digest, const std::vector<std::string>& ids) {
  out.append(path).append(" ").append(digest);
  for (const std::string& id : ids) out.append(" ").append(id);
  out += '\n';
}

}  // namespace

ParsedInventory parse_inventory(std::string_view text) {
  if (text.size() > kMaxLockBytes) return bad(1, "the file is too large");
  if (text.empty()) return bad(1, "the file is empty");
  if (text.back() != '\n')
    return bad(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1, "truncated");
  ParsedInventory out = parse_header(take(text, '\n'));
  if (out.status != ParsedInventory::Status::good) return out;
  for (std::size_t line = 2; !text.empty(); ++line) {
    if (const std::optional<std::string> wrong = parse_entry(take(text, '\n'), out.lock.entries))
      return bad(line, *wrong);
  }
  tidy(out.lock.entries);
  return out;
}

std::string print(const Inventory& lock) {
  std::string out = first_line(lock.federation);
  for (const InventoryEntry& entry : lock.entries) add_line(out, entry.path, entry.sha256, entry.object_ids);
  return out;
}

std::vector<std::string_view> paths_of(std::string_view lock_text) {
  std::vector<std::string_view> paths;
  take(lock_text, '\n');
  while (!lock_text.empty()) {
    std::string_view line = take(lock_text, '\n');
    const std::string_view path = take(line, ' ');
    if (paths.empty() || paths.back() != path) paths.push_back(path);
  }
  return paths;
}

Inventory inventory_of(std::string_view federation, const emit::Tree& tree) {
  Inventory out = {std::string(federation), {}};
  out.entries.reserve(tree.files.size());
  for (const emit::OutputFile& file : tree.files)
    out.entries.push_back({file.path, file.content->sha256, file.content->object_ids});
  return out;
}

std::string print_inventory(std::string_view federation, const emit::Tree& tree) {
  std::string out = first_line(federation);
  for (const emit::OutputFile& file : tree.files)
    add_line(out, file.path, file.content->sha256, file.content->object_ids);
  return out;
}

Inventory merge(const Inventory& before, const Inventory& after) {
  Inventory out = {after.federation, {}};
  out.entries.reserve(before.entries.size() + after.entries.size());
  std::merge(before.entries.begin(), before.entries.end(), after.entries.begin(), after.entries.end(),
             std::back_inserter(out.entries));
  tidy(out.entries);
  return out;
}

}  // namespace meshfed::publish
