#include "base/markdown.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace meshfed::base {
namespace {

bool is_inert(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == '-' ||
         c == '/' || c == ',' || (static_cast<unsigned char>(c) & 0x80);
}

}  // namespace

std::string inert(std::string_view text) {
  std::string out;
  for (const char c : escaped(text)) {
    if (is_inert(c))
      out += c;
    else
      fmt::format_to(std::back_inserter(out), "&#{};", static_cast<int>(c));
  }
  return out;
}

}  // namespace meshfed::base
