#include "source/manager.hpp"

#include <doctest/doctest.h>

#include <string>

namespace meshfed::source {
namespace {

TEST_CASE("lines and columns count from 1, and columns count code points") {
  Manager files;
  const FileId file = files.add("a.toml", "x = 1\n\xC3\xA9\xE6\x97\xA5 = 2\n");
  const auto place = [&](std::uint32_t offset) {
    const Place found = files.begin({file, offset, offset});
    return std::pair(found.line, found.column);
  };
  CHECK(files.begin({file, 0, 1}).path == "a.toml");
  CHECK(place(0) == std::pair(1U, 1U));
  CHECK(place(5) == std::pair(1U, 6U));  // the line break is the end of its line
  CHECK(place(6) == std::pair(2U, 1U));
  CHECK(place(8) == std::pair(2U, 2U));   // after é
  CHECK(place(11) == std::pair(2U, 3U));  // after 日
  CHECK(place(16) == std::pair(3U, 1U));  // the end of the file
  CHECK(files.end({file, 6, 11}).column == 3);
}

TEST_CASE("a line comes without its line break") {
  Manager files;
  const FileId file = files.add("a.toml", "one\r\ntwo\n\nlast");
  CHECK(files.line_count(file) == 4);
  CHECK(files.line(file, 1) == "one");
  CHECK(files.line(file, 2) == "two");
  CHECK(files.line(file, 3).empty());
  CHECK(files.line(file, 4) == "last");
  CHECK(files.line_begin(file, 2) == 5);
  CHECK(files.line_begin(file, 5) == 14);  // past the last one: the size
}

TEST_CASE("offset is the inverse of place, and clamps") {
  Manager files;
  const std::string text = "a\xC3\xA9 b\n\xF0\x9F\x98\x80 = \xE6\x97\xA5\n";
  const FileId file = files.add("a.toml", text);
  for (std::uint32_t offset = 0; offset <= text.size(); ++offset) {
    if (offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0U) == 0x80U) continue;
    CAPTURE(offset);
    const Place place = files.begin({file, offset, offset});
    CHECK(files.offset(file, place.line, place.column) == offset);
  }
  CHECK(files.offset(file, 99, 99) == text.size());
  CHECK(files.offset(file, 0, 0) == 0);
}

TEST_CASE("files are told apart by their ids") {
  Manager files;
  const FileId first = files.add("a.toml", "first");
  const FileId second = files.add("b.toml", "second");
  CHECK(first == 1);
  CHECK(second == 2);
  CHECK(files.text(first) == "first");
  CHECK(files.path(second) == "b.toml");
  CHECK(files.text(Span{second, 1, 3}) == "ec");
  CHECK_FALSE(Span{}.known());
}

TEST_CASE("a mask hides ASCII, and moves nothing") {
  Manager files;
  const FileId file = files.add("a.toml", "k = sec\xC3\xA9ret\r\nmore\n");
  files.mask({file, 4, 15});
  CHECK(files.text(file) == "k = ***\xC3\xA9***\r\n*ore\n");
  CHECK(files.line_count(file) == 3);
}

}  // namespace
}  // namespace meshfed::source
