#include "publish/merge_traces.hpp"

#include <optional>
#include <utility>

#include "base/lines.hpp"
#include "publish/path.hpp"

namespace meshfed::publish {
namespace {

// Calls `take` with the code of each line.
template <class Take>
void each_code(std::string_view codes, Take take) {
  for (; !codes.empty(); codes.remove_prefix(base::kLineCode)) take(codes.substr(0, base::kLineCode));
}

}  // namespace

LineCodes codes_of(const emit::Tree& tree) {
  LineCodes codes;
  for (const emit::OutputFile& file : tree.files) {
    each_code(file.content->line_codes, [&](std::string_view code) { codes.emplace(code); });
  }
  return codes;
}

void MergeTraces::add(const std::string& cluster, std::string_view lock, std::string_view federation) {
  ParsedInventory parsed = parse_inventory(lock);
  if (parsed.status != ParsedInventory::Status::good || parsed.lock.federation != federation) return;
  for (const InventoryEntry& entry : parsed.lock.entries) {
    each_code(entry.line_codes, [this](std::string_view code) { codes_.emplace(code); });
  }
  std::vector<InventoryEntry>& all = entries_[cluster];
  all = publish::merge({parsed.lock.federation, std::move(all)}, std::move(parsed.lock)).entries;
}

std::unique_ptr<MergeTraces> MergeTraces::find(base::Fs& fs, const std::string& out, std::string_view federation,
                                               const git::Environment& environment) {
  std::unique_ptr<git::Merge> merge = git::find_merge(fs, out, environment);
  if (!merge) return nullptr;
  auto traces = std::make_unique<MergeTraces>();
  for (const git::Merge::File& file : merge->files(kLockName)) traces->add(file.directory, file.bytes, federation);
  for (const std::string& name : fs.list_directory(out).value) {
    const base::Result<std::string> lock = fs.read_regular(below(below(out, name), kLockName), kMaxLockBytes);
    if (lock.ok()) traces->add(name, lock.value, federation);
  }
  traces->merge_ = std::move(merge);
  return traces;
}

bool MergeTraces::made(const std::string& path, std::string_view bytes, const LineCodes& planned) const {
  bool marked = false;
  bool any = false;
  std::string_view rest = bytes;
  while (const std::optional<std::string_view> line = base::next_line(rest)) {
    const bool mark = base::is_conflict_marker(*line);
    const std::string code = base::line_code(*line);
    if (!mark && !codes_.contains(code) && !planned.contains(code)) return false;
    (mark ? marked : any) = true;
  }
  return any && (marked || merge_->is_staged(path, bytes));
}

const std::vector<InventoryEntry>& MergeTraces::entries(const std::string& cluster) const {
  static const std::vector<InventoryEntry> kNone;
  const auto found = entries_.find(cluster);
  return found == entries_.end() ? kNone : found->second;
}

}  // namespace meshfed::publish
