// A difference for a pull request.
#pragma once

#include <cstddef>
#include <string>

#include "diff/change.hpp"

namespace meshfed::diff {

/// What GitHub takes as one comment is 65,536 characters; counted here in bytes, which are no fewer, and less a line
/// that a workflow may add.
inline constexpr std::size_t kMaxComment = 65'024;

/// The summary, warnings for what is risky, counts by cluster, how far each host's changes reach, then every change,
/// folded, as a diff block. At most `limit` bytes, no less than 4,096: what does not fit is left out, and a sentence
/// says so. Whatever the objects hold, it stays inside its place: no name ends a table, a block or a fold, mentions
/// anybody, or links anywhere.
std::string render_markdown(const Difference& difference, std::size_t limit = kMaxComment);

}  // namespace meshfed::diff
