// How a key is written, for edits: what belongs to it, and what stands around it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "source/span.hpp"
#include "syntax/node.hpp"

namespace meshfed::parse {

inline std::uint32_t narrow(std::size_t offset) { return static_cast<std::uint32_t>(offset); }

/// The key, of a dotted one its last part, and its value.
inline source::Span statement_of(const syntax::Node& item) {
  return {item.key_span.file, item.key_span.begin, std::max(item.key_span.end, item.span.end)};
}

/// A key with its value behind it, and not a [header] or the first part of a dotted key.
inline bool is_pair(const syntax::Node& item) { return item.span.begin >= item.key_span.end; }

}  // namespace meshfed::parse
