#include "publish/ownership.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/lines.hpp"
#include "base/sha256.hpp"

namespace meshfed::publish {
namespace {

using Codes = std::unordered_set<std::string_view>;

void add(std::string_view codes, Codes& all) {
  for (; !codes.empty(); codes.remove_prefix(base::kLineCode)) all.insert(codes.substr(0, base::kLineCode));
}

bool records(std::span<const InventoryEntry> entries, std::string_view bytes) {
  const std::string digest = base::sha256_hex(bytes);
  const std::string codes = base::line_codes(bytes);
  return std::any_of(entries.begin(), entries.end(), [&](const InventoryEntry& entry) {
    if (entry.sha256.empty()) return !codes.empty() && entry.line_codes == codes;
    return entry.sha256 == digest;
  });
}

bool is_merged(std::string_view bytes, std::span<const InventoryEntry> entries, const Inventory& lock,
               const emit::Content* planned) {
  const bool marked = base::has_conflict_markers(bytes);
  if (!marked && entries.size() < 2) return false;
  Codes recorded;
  for (const InventoryEntry& entry : entries) add(entry.line_codes, recorded);
  if (marked) {  // Git follows renames: what is in conflict may come from another path
    for (const InventoryEntry& entry : lock.entries) add(entry.line_codes, recorded);
  }
  Codes coming;
  if (planned) add(planned->line_codes, coming);
  while (const std::optional<std::string_view> line = base::next_line(bytes)) {
    if (base::is_conflict_marker(*line)) continue;
    const std::string code = base::line_code(*line);
    if (!recorded.contains(code) && !coming.contains(code)) return false;
  }
  return true;
}

}  // namespace

Owner owner_of(std::string_view bytes, std::span<const InventoryEntry> entries, const Inventory& lock,
               const emit::Content* planned) {
  const std::string text = base::with_unix_line_ends(bytes);
  const bool same = text.size() == bytes.size();
  if (records(entries, text)) return same ? Owner::us : Owner::converted;
  if (!same && planned && planned->bytes == text) return Owner::converted;
  return is_merged(text, entries, lock, planned) ? Owner::merged : Owner::other;
}

}  // namespace meshfed::publish
