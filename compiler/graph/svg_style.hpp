// The colours and fonts of pictures.
#pragma once

#include <string>

namespace meshfed::graph {

/// A style sheet for both kinds of pictures, with the reader's light or dark colours. Written out rule by rule, without
/// variables: some viewers of SVG know none.
std::string svg_style();

}  // namespace meshfed::graph
