// What publishing did to a directory or a branch, and the words for it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "driver/part.hpp"
#include "git/options.hpp"
#include "publish/inspect.hpp"

namespace meshfed::driver {

struct PublishOptions {
  bool force = false;          // overwrite what was edited by hand or is not ours
  bool dry_run = false;        // look only
  bool find_unlisted = false;  // see publish::Options
  // Of the working tree that the directory may be in; null: it is in none.
  const git::Environment* environment = nullptr;
};

/// What happened, or on a dry run would have, by part, cluster by cluster in byte order of their names. `out` is the
/// output directory of the federation's part.
struct Publication {
  std::vector<std::string> clusters;
  std::vector<Part> parts;              // one for each cluster; a cluster may be there once for each part
  std::vector<publish::Totals> totals;  // one for each cluster
  /// One for each cluster. Of what was created, changed and removed there are names only on a dry run.
  std::vector<publish::Summary> summaries;

  /// The clusters that have a directory in that part.
  std::vector<std::string> clusters_of(Part part) const;

  bool changed() const;
  /// Like `changed`; what is left alone because it was edited counts too, and so do files that are executable.
  bool differs() const;
  /// "12 files written, 3 unchanged, 0 removed in 2 clusters"
  std::string summary(bool dry_run) const;
  /// "create PATH", "change PATH" and "remove PATH", a line each, by cluster and path; paths begin with the output
  /// directory.
  std::string listing(const std::string& out) const;
  /// "missing PATH", "different PATH", "extra PATH" and "mode PATH": the same for somebody who only compares.
  std::string differences(const std::string& out) const;
  /// "1 missing, 2 different, 0 extra in 2 clusters: …", with the command that mends it.
  std::string comparison(const std::string& out) const;
  /// What --force overwrote, and what it left alone; one line each, none if nothing.
  std::vector<std::string> remarks(const std::string& out, bool dry_run) const;
};

/// How many files of a cluster differ, for whatever `Publication::differs` looks at.
std::size_t differing_files(const publish::Summary& summary);

/// Some file systems know no modes and call every file executable: there the lock is, too.
void drop_modes_without_meaning(const std::string& cluster, publish::Summary& summary);

}  // namespace meshfed::driver
