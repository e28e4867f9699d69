// Whether what stands in a file is ours, or somebody's work.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "emit/tree.hpp"
#include "publish/inventory.hpp"

namespace meshfed::publish {

enum class Owner {
  us,         // exactly what we wrote
  converted,  // the same but for CR LF at line ends, as Git makes it at checkout
  merged,  // lines of contents that we wrote or are about to write, as a merge leaves them, with its marks or without
  other
};

/// `entries` are those of the file's path, `lock` is all of the cluster; `planned` is null if there is to be no file.
///
/// An edit by hand is never `merged`: either it brings a line that is none of ours, or it leaves no sign of a merge.
/// Such a sign is that the lock has several contents for the path, or that Git has left its marks in the file. What
/// else a merge leaves, only Git knows: see MergeTraces.
Owner owner_of(std::string_view bytes, std::span<const InventoryEntry> entries, const Inventory& lock,
               const emit::Content* planned);

}  // namespace meshfed::publish
