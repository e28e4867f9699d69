// `.meshfedc.lock`: which files of a cluster's directory are ours, and with what content. The only list we delete by.
//
//   meshfedc-lock 2 demo
//   httpbin/httpbin.mesh.global.yaml 0d5c…(64 hexadecimal digits) ~Jm3_xQ09bT… <object id> <object id>
//   httpbin/kustomization.yaml
//    Jm3_x
//    Q09bT
//
// Behind `~` stands a code for each line of the file (base::line_code). What many exports have a part in, such as a
// kustomization.yaml, has nothing that changes with each of them, and a line in the lock for each of its own: where Git
// merges two branches of such a file, it merges their locks in the same way, and the outcome is a content that the lock
// knows.
//
// Sorted by path, then content; LF; one final newline. While a build is at work, or after one was killed, or where Git
// could not merge, a path has an entry for each content that it may have. Version 1 had no codes, and a digest for each
// file.
#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "emit/tree.hpp"

namespace meshfed::publish {

struct InventoryEntry {
  std::string path;                     // relative to the cluster's directory
  std::string sha256;                   // empty: the codes alone tell what is in it
  std::vector<std::string> object_ids;  // if there is a digest
  std::string line_codes = {};          // in order; none in a lock of version 1

  auto operator<=>(const InventoryEntry&) const = default;
};

struct Inventory {
  std::string federation;
  std::vector<InventoryEntry> entries;  // sorted by path, then content

  bool operator==(const Inventory&) const = default;
};

inline constexpr std::size_t kMaxLockBytes = 64U << 20U;

struct ParsedInventory {
  enum class Status { good, bad, newer };
  Status status = Status::bad;
  Inventory lock;      // only if good
  std::string detail;  // only if not: "line 3: …"
};

// It is about files: a kustomization.yaml.
bool lists_files(const InventoryEntry& entry);

// The text comes from a directory that others write to, and is believed nothing: each path is one that `is_path`
// accepts, each digest 64 lower-case digits, each id printable ASCII without spaces. Entries may come in any order and
// twice. Where Git left its marks of a conflict, either side counts, and so does what both come from. Lines may end
// with CR LF. Costs no more than a few times the text in memory.
ParsedInventory parse_inventory(std::string_view text);

std::string print(const Inventory& lock);

// The paths of a lock that we printed, sorted, each once. They point into the text.
std::vector<std::string_view> paths_of(std::string_view lock_text);

// The paths of a tree, sorted. They point into it.
std::vector<std::string_view> paths_of(const emit::Tree& tree);

// The lock of a cluster that is published as the tree says.
Inventory inventory_of(std::string_view federation, const emit::Tree& tree);

// print(inventory_of(federation, tree)), without the copy in between.
std::string print_inventory(std::string_view federation, const emit::Tree& tree);

// Every entry of both, the federation of `after`: what a build under way may leave behind.
Inventory merge(Inventory before, Inventory after);

}  // namespace meshfed::publish
