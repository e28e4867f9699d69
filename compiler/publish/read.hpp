// What stands in a cluster's directory, as it stands there: edits by hand are part of it. Writes nothing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/fs.hpp"
#include "publish/problem.hpp"

namespace meshfed::publish {

struct PublishedFile {
  std::string path;  // relative to the cluster's directory
  std::string bytes;
  bool lists_files = false;  // a kustomization.yaml
};

struct PublishedCluster {
  bool present = false;              // there is a lock
  bool listed = false;               // the lock names files that list others, whether they are there or not
  std::vector<PublishedFile> files;  // by path; one that the lock lists and is missing is not here
  std::vector<Problem> problems;     // of the lock first, then by path
};

// A larger file is a problem (EFBIG).
inline constexpr std::size_t kMaxManifestBytes = 64U << 20U;

// The files that the lock of `<out>/<cluster>/` lists. What others put there is passed over. The output directory may
// be missing.
PublishedCluster read_published(base::Fs& fs, const std::string& out, std::string_view federation,
                                std::string_view cluster);

}  // namespace meshfed::publish
