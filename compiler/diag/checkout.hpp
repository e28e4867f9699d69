// Where files are in the repository that they were checked out from: services that annotate commits know files by that.
#pragma once

#include <string>
#include <string_view>

namespace meshfed::diag {

/// Absolute paths, free of links; both empty where there is no repository.
struct Checkout {
  std::string root;       // of the repository
  std::string directory;  // of the process
};

/// The path relative to the repository's root, if it is below that; else absolute. Without a repository only `.`, `..`
/// and repeated slashes are resolved. By its words alone: links are not looked at.
std::string path_in(const Checkout& checkout, std::string_view path);

}  // namespace meshfed::diag
