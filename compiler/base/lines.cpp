#include "base/lines.hpp"

#include <array>
#include <cstdint>

namespace meshfed::base {
namespace {

constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";
constexpr std::size_t kMarker = 7;  // gitattributes(5), conflict-marker-size: the default

// FNV-1a (Fowler, Noll, Vo), and the finalizer of SplitMix64 behind it: its own low bits are weak.
std::uint64_t hash_of(std::string_view line) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : line) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  hash = (hash ^ (hash >> 30U)) * 0xBF58476D1CE4E5B9U;
  hash = (hash ^ (hash >> 27U)) * 0x94D049BB133111EBU;
  return hash ^ (hash >> 31U);
}

void add_code(std::string_view line, std::string& codes) {
  std::uint64_t hash = hash_of(line);
  std::array<char, kLineCode> code;
  for (char& digit : code) {
    digit = kDigits[hash & 63U];
    hash >>= 6U;
  }
  codes.append(code.data(), code.size());
}

}  // namespace

std::optional<std::string_view> next_line(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string line_code(std::string_view line) {
  std::string code;
  add_code(line, code);
  return code;
}

std::string line_codes(std::string_view text) {
  std::string codes;
  while (const std::optional<std::string_view> line = next_line(text)) add_code(*line, codes);
  return codes;
}

bool is_conflict_marker(std::string_view line) {
  if (line.size() < kMarker || std::string_view("<|=>").find(line.front()) == std::string_view::npos) return false;
  const std::size_t end = line.find_first_not_of(line.front());
  return end == std::string_view::npos || (end >= kMarker && line[end] == ' ');
}

bool has_conflict_markers(std::string_view text) {
  while (const std::optional<std::string_view> line = next_line(text)) {
    if (is_conflict_marker(*line)) return true;
  }
  return false;
}

std::string with_unix_line_ends(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') out += text[i];
  }
  return out;
}

}  // namespace meshfed::base
