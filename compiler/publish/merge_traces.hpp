// What a merge by Git leaves in published files: contents that no lock knows, or locks of one side where a person chose
// so.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/fs.hpp"
#include "emit/tree.hpp"
#include "git/merge.hpp"
#include "git/options.hpp"
#include "publish/inventory.hpp"

namespace meshfed::publish {

using LineCodes = std::unordered_set<std::string>;  // each of a line; see base::line_code

LineCodes codes_of(const emit::Tree& tree);

class MergeTraces {
 public:
  /// Null if the directory is in no working tree of Git, or nothing was merged there lately. Reads the locks of every
  /// commit that takes part, and those in the directory.
  static std::unique_ptr<MergeTraces> find(base::Fs& fs, const std::string& out, std::string_view federation,
                                           const git::Environment& environment);

  /// Git left these bytes there, with its marks or in its index too, and every line is one that we wrote somewhere, or
  /// that is planned in one of the cluster's files: nobody's work is lost with them. In which of them does not matter:
  /// where an export moves to another namespace, Git takes one file for another that was renamed.
  bool made(const std::string& path, std::string_view bytes, const LineCodes& planned) const;

  /// Of all those commits, what the locks of the cluster list, sorted.
  const std::vector<InventoryEntry>& entries(const std::string& cluster) const;

 private:
  void add(const std::string& cluster, std::string_view lock, std::string_view federation);

  std::unique_ptr<git::Merge> merge_;
  LineCodes codes_;
  std::map<std::string, std::vector<InventoryEntry>, std::less<>> entries_;
};

}  // namespace meshfed::publish
