// Text in Markdown that is nothing but text.
#pragma once

#include <string>
#include <string_view>

namespace meshfed::base {

// `escaped`, and every ASCII character that could mean something to Markdown or HTML as a reference.
std::string inert(std::string_view text);

}  // namespace meshfed::base
