// Owns the text of every file that was read, and turns byte offsets into the lines and columns that people see.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "source/span.hpp"

namespace meshfed::source {

/// A position for people and editors: both count from 1; a column counts code points.
struct Place {
  std::string_view path;
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

class Manager {
 public:
  /// Takes `text` (UTF-8, at most 4 GiB, checked by the caller) as the content of `path`, which is only shown, never
  /// opened.
  FileId add(std::string path, std::string text);

  std::string_view path(FileId file) const { return files_[file - 1].path; }
  std::string_view text(FileId file) const { return files_[file - 1].text; }
  std::string_view text(const Span& span) const { return text(span.file).substr(span.begin, span.end - span.begin); }

  /// Overwrites ASCII bytes of the span, line breaks apart, with `*`, so that no message can show them. Offsets stay as
  /// they are.
  void mask(const Span& span);

  /// Where a byte offset is; `span.file` must be known.
  Place begin(const Span& span) const { return place(span.file, span.begin); }
  Place end(const Span& span) const { return place(span.file, span.end); }

  /// The line (from 1) without its line break.
  std::string_view line(FileId file, std::uint32_t line) const;
  /// Byte offset of the first byte of a line (from 1); past the last line, the size of the file.
  std::uint32_t line_begin(FileId file, std::uint32_t line) const;
  std::uint32_t line_count(FileId file) const;

  /// The byte offset of a line and column (both from 1, columns in code points), clamped to the file. O(log n).
  std::uint32_t offset(FileId file, std::uint32_t line, std::uint32_t column) const;

 private:
  struct File {
    std::string path;
    std::string text;
    std::vector<std::uint32_t> lines;          // byte offset of each line's first byte
    std::vector<std::uint32_t> continuations;  // offsets of UTF-8 continuation bytes: columns skip them
  };

  Place place(FileId file, std::uint32_t offset) const;

  std::vector<File> files_;
};

}  // namespace meshfed::source
