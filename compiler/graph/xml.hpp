// Text in XML and HTML.
#pragma once

#include <string>
#include <string_view>

namespace meshfed::graph {

/// Text that is nothing but text, in content and in attributes: bytes and code points that XML cannot hold, or that
/// could move or hide what stands around them, are shown as in messages (base::escaped).
std::string xml(std::string_view text);

}  // namespace meshfed::graph
