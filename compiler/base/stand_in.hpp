// What extensions of Git store in place of a file: where the extension is missing, a checkout has that instead.
#pragma once

#include <optional>
#include <string_view>

namespace meshfed::base {

struct StandIn {
  std::string_view what;    // "a pointer of Git LFS"
  std::string_view remedy;  // how to get the file itself
};

/// None for a file like any other.
std::optional<StandIn> stand_in(std::string_view bytes);

}  // namespace meshfed::base
