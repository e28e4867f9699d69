// The two trees of a federation: its objects, and what installs the istiods of clusters that ask for it. Each cluster
// has a directory in the one, and may have one in the other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace meshfed::driver {

enum class Part : std::uint8_t { federation, install };

/// What comes after the output directory's name: nothing, or "-install".
std::string_view suffix(Part part);

/// "out", "out-install"
std::string directory(Part part, std::string_view out);

/// There is a name in it that a suffix can come after; `.` has none.
bool has_name(std::string_view out);

/// What locks name as the federation that wrote a tree. No federation is called like the second: "demo",
/// "demo.install".
std::string owner(Part part, const std::string& federation);

/// How a build record, a difference and a trace name a cluster's directory: "west", "west/install"; and back.
std::string key(Part part, std::string_view cluster);
Part part_of(std::string_view key);
std::string_view cluster_of(std::string_view key);

}  // namespace meshfed::driver
