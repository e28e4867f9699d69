// The output directory as a whole: one build at a time, and which clusters are in it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/fs.hpp"
#include "publish/problem.hpp"

namespace meshfed::publish {

struct OutputLock {
  std::unique_ptr<base::FileLock> held;  // null iff there is a problem
  std::optional<Problem> problem;
};

// Makes the output directory if need be, with its parents, and locks it against other builds as long as `held` lives; a
// second one gets `locked` at once. The directory itself is locked, so nothing is left behind.
OutputLock lock_output(base::Fs& fs, const std::string& out);

// 0, or the errno that keeps the directory from being there.
int make_with_parents(base::Fs& fs, const std::string& path);

// What stands directly in the output directory.
struct Listing {
  std::vector<std::string> names;             // sorted; none if there is no output directory
  std::set<std::string, std::less<>> folded;  // the same as a case-insensitive file system sees them
  std::optional<Problem> problem;

  // Nothing there has the name, in whatever case.
  bool lacks(std::string_view cluster) const { return !folded.contains(cluster); }
};

Listing list_output(base::Fs& fs, const std::string& out);

// Of the names that `declared` does not know, those that are clusters of this federation, sorted: they are to go.
// Directories of other federations, without a lock or with one that cannot be read, are passed over: they are not ours
// to retire.
std::vector<std::string> retired_clusters(base::Fs& fs, const std::string& out, const Listing& listing,
                                          std::string_view federation,
                                          const std::function<bool(const std::string&)>& declared);

}  // namespace meshfed::publish
