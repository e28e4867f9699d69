#include "base/text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>

namespace meshfed::base {
namespace {

unsigned char byte_at(std::string_view text, std::size_t offset) { return static_cast<unsigned char>(text[offset]); }

std::string hexadecimal(char32_t value, std::size_t digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (; value != 0 || out.size() < digits; value >>= 4U) out += kDigits[value & 0xFU];
  std::reverse(out.begin(), out.end());
  return out;
}

std::string escape(char32_t point) {
  if (point == '\n') return "\\n";
  if (point == '\t') return "\\t";
  if (point == '\r') return "\\r";
  if (point < 0x80) return std::string("\\x").append(hexadecimal(point, 2));
  return std::string("\\u{").append(hexadecimal(point, 4)).append("}");
}

struct Range {
  char32_t first;
  char32_t last;
};

constexpr std::array kDangerous = {
    Range{0x0000, 0x001F},   Range{0x007F, 0x009F},
    Range{0x00AD, 0x00AD},  // controls, soft hyphen
    Range{0x061C, 0x061C},   Range{0x180E, 0x180E},
    Range{0x200B, 0x200B},                           // Arabic letter mark, invisible spaces
    Range{0x200E, 0x200F},   Range{0x2028, 0x202E},  // marks, separators, embeddings, overrides
    Range{0x2060, 0x206F},   Range{0xFEFF, 0xFEFF},
    Range{0xFFF9, 0xFFFB},    // joiners, isolates, byte order mark, annotations
    Range{0xE0000, 0xE007F},  // tags
};

}  // namespace

CodePoint code_point_at(std::string_view text, std::size_t offset) {
  const unsigned char first = byte_at(text, offset);
  if (first < 0x80) return {first, 1, true};
  const std::string_view rest = text.substr(offset, 4);
  utf8proc_int32_t value = 0;
  const utf8proc_ssize_t bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(rest.data()),
                                                  static_cast<utf8proc_ssize_t>(rest.size()), &value);
  if (bytes <= 0) return {};
  return {static_cast<char32_t>(value), static_cast<std::size_t>(bytes), true};
}

std::optional<std::size_t> first_bad_utf8(std::string_view text) {
  for (std::size_t offset = 0; offset < text.size();) {
    if (byte_at(text, offset) < 0x80) {  // nearly all of it
      ++offset;
      continue;
    }
    const CodePoint point = code_point_at(text, offset);
    if (!point.valid) return offset;
    offset += point.bytes;
  }
  return std::nullopt;
}

bool is_dangerous(char32_t point) {
  return std::any_of(kDangerous.begin(), kDangerous.end(),
                     [point](const Range& range) { return point >= range.first && point <= range.last; });
}

namespace {

bool is_printable_ascii(char byte) { return byte >= ' ' && byte <= '~'; }

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, text);
  return out;
}

void append_escaped(std::string& out, std::string_view text) {
  if (std::all_of(text.begin(), text.end(), is_printable_ascii)) return void(out += text);  // nearly all of it
  for (std::size_t offset = 0; offset < text.size();) {
    const CodePoint point = code_point_at(text, offset);
    if (!point.valid) {
      out.append("\\x").append(hexadecimal(byte_at(text, offset), 2));
    } else if (is_dangerous(point.value)) {
      out += escape(point.value);
    } else {
      out += text.substr(offset, point.bytes);
    }
    offset += point.bytes;
  }
}

std::string concat(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  std::string out;
  out.reserve(size);
  for (const std::string_view part : parts) out += part;
  return out;
}

std::string quoted(std::string_view text) { return std::string("`").append(escaped(text)).append("`"); }

std::string shortened(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  const auto continues = [&](std::size_t at) { return (byte_at(text, at) & 0xC0U) == 0x80U; };
  std::size_t end = limit;
  while (end > 0 && limit - end < 4 && continues(end)) --end;
  if (continues(end)) end = limit;  // that is no UTF-8
  return std::string(text.substr(0, end)).append("…");
}

std::string plural(std::size_t count, std::string_view singular, std::string_view many) {
  std::string out = std::to_string(count) + " ";
  if (count == 1) return out.append(singular);
  if (!many.empty()) return out.append(many);
  return out.append(singular).append("s");
}

std::string enumeration(std::span<const std::string> items, std::string_view last) {
  if (items.size() < 2) return items.empty() ? std::string() : items.front();
  return join(items.first(items.size() - 1)).append(" ").append(last).append(" ").append(items.back());
}

}  // namespace meshfed::base
