// The short way to read what the writer writes: most manifests of most trees are that, and a general parser takes ten
// times as long for them.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "yaml/value.hpp"

namespace meshfed::yaml {

/// The documents of a text; none if anything in it is not as the writer would have it, be it wrong or only written in
/// another way. What there is is what `read` would give.
std::optional<std::vector<Value>> read_written(std::string_view text);

}  // namespace meshfed::yaml
