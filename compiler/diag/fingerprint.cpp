#include "diag/fingerprint.hpp"

#include <cstddef>
#include <cstdint>
#include <map>

#include <fmt/format.h>

#include "base/text.hpp"

namespace meshfed::diag {
namespace {

constexpr std::size_t kWindow = 100;
constexpr std::uint64_t kBase = 37;
constexpr char16_t kEndOfFile = 0xFFFF;

// What is hashed: blanks and tabs left out, every line break one line feed, the end of the file marked and followed by
// enough zeros. `starts` holds where each line begins in `units`.
struct Normalized {
  std::vector<char16_t> units;
  std::vector<std::size_t> starts;
};

void append_utf16(char32_t point, std::vector<char16_t>& units) {
  if (point < 0x10000) return units.push_back(static_cast<char16_t>(point));
  units.push_back(static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10)));
  units.push_back(static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FF)));
}

Normalized squeezed(std::string_view text) {
  Normalized out;
  bool at_start = true;
  bool after_return = false;
  for (std::size_t i = 0; i < text.size();) {
    const base::CodePoint point = base::code_point_at(text, i);
    i += point.bytes;
    const bool rest_of_break = after_return && point.value == '\n';
    after_return = point.value == '\r';
    if (point.value == ' ' || point.value == '\t' || rest_of_break) continue;
    if (at_start) out.starts.push_back(out.units.size());
    at_start = point.value == '\r' || point.value == '\n';
    append_utf16(at_start ? U'\n' : point.value, out.units);
  }
  if (at_start) out.starts.push_back(out.units.size());
  out.units.push_back(kEndOfFile);
  out.units.insert(out.units.end(), kWindow, 0);
  return out;
}

}  // namespace

std::vector<std::string> line_fingerprints(std::string_view text) {
  const Normalized input = squeezed(text);
  std::map<std::uint64_t, std::size_t> seen;
  std::vector<std::string> fingerprints;
  fingerprints.reserve(input.starts.size());
  for (const std::size_t start : input.starts) {
    std::uint64_t hash = 0;
    for (std::size_t i = start; i < start + kWindow; ++i) hash = hash * kBase + input.units[i];
    fingerprints.push_back(fmt::format("{:x}:{}", hash, ++seen[hash]));
  }
  return fingerprints;
}

}  // namespace meshfed::diag
