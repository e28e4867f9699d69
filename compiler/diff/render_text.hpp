// A difference for people at a terminal.
#pragma once

#include <string>

#include "diff/change.hpp"

namespace meshfed::diff {

/// Each change once, with the clusters that it is in and what it may do; then how far each host's changes reach, the
/// counts of the clusters that differ, and the summary as the last line. Whatever the objects hold, no control
/// character but line feeds and colours comes out.
std::string render_text(const Difference& difference, bool color = false);

}  // namespace meshfed::diff
