// What `.gitignore` and `.gitattributes` say of files of a working tree: whether they reach a commit at all, and with
// the bytes that they have here.
#pragma once

#include <string>
#include <vector>

#include "base/fs.hpp"
#include "git/options.hpp"

namespace meshfed::git {

struct IgnoredFile {
  std::string path;      // as it was asked for
  std::string excluded;  // in the repository: the path, or the uppermost directory above it that is ignored
  bool directory = false;
  std::string rule = {};   // "*.lock"; empty if it was not found
  std::string place = {};  // "`.gitignore`, line 3"
  std::string file = {};   // where a line that undoes it belongs: of this repository, or its topmost `.gitignore`
  std::string undo = {};   // that line, or lines
};

/// Which of the paths Git ignores and does not track, one for each rule. Nothing if the existing `directory` is in no
/// repository that can be read.
std::vector<IgnoredFile> ignored_files(base::Fs& disk, const std::string& directory, const Environment& environment,
                                       const std::vector<std::string>& paths);

struct Conversion {
  std::string path;       // as it was asked for
  std::string attribute;  // "filter=lfs"
  std::string undo;       // "-filter"
};

/// Which attributes make the bytes in the repository others than those in the working tree, each with the first path
/// that has it. A filter counts only if its program is configured: without, Git converts nothing. Line ends do not
/// count: what is written here has none that Git would convert on the way into the repository.
std::vector<Conversion> conversions(base::Fs& disk, const std::string& directory, const Environment& environment,
                                    const std::vector<std::string>& paths);

}  // namespace meshfed::git
