#include "graph/xml.hpp"

#include "base/text.hpp"

namespace meshfed::graph {
namespace {

/// What is no character of XML 1.0, of all that base::escaped leaves as it is.
bool is_noncharacter(char32_t point) { return point == 0xFFFE || point == 0xFFFF; }

}  // namespace

std::string xml(std::string_view text) {
  const std::string shown = base::escaped(text);
  std::string out;
  for (std::size_t at = 0; at < shown.size();) {
    const base::CodePoint point = base::code_point_at(shown, at);
    const std::string_view bytes = std::string_view(shown).substr(at, point.bytes);
    at += point.bytes;
    if (bytes == "&")
      out += "&amp;";
    else if (bytes == "<")
      out += "&lt;";
    else if (bytes == ">")
      out += "&gt;";
    else if (bytes == "\"")
      out += "&quot;";
    else if (bytes == "'")
      out += "&#39;";
    else if (is_noncharacter(point.value))
      out += "\xEF\xBF\xBD";
    else
      out += bytes;
  }
  return out;
}

}  // namespace meshfed::graph
