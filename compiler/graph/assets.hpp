// Files of this folder that are printed as they are, made part of the program when it is built.
#pragma once

#include <string_view>

namespace meshfed::graph {

extern const std::string_view kPageScript;
extern const std::string_view kPageStyle;
extern const std::string_view kListSchema;
extern const std::string_view kShowSchema;

}  // namespace meshfed::graph
