// A place in a source file, as every stage but the renderer knows it: a file and a range of its bytes.
#pragma once

#include <cstdint>

namespace meshfed::source {

/// Index of a file in a source::Manager, from 1 in the order of loading; 0 is "no file" (the command line, the
/// environment).
using FileId = std::uint32_t;

/// Bytes [begin, end) of a file. A zero-width span marks a position.
struct Span {
  FileId file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  bool known() const { return file != 0; }
  bool operator==(const Span&) const = default;
};

/// Order of appearance: by file, then by offset.
inline bool before(const Span& a, const Span& b) {
  if (a.file != b.file) return a.file < b.file;
  if (a.begin != b.begin) return a.begin < b.begin;
  return a.end < b.end;
}

}  // namespace meshfed::source
