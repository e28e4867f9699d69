#include "yaml/writer.hpp"

#include <array>
#include <charconv>
#include <cstring>

#include "base/ascii.hpp"
#include "base/text.hpp"

namespace meshfed::yaml {
namespace {

constexpr std::size_t kIndent = 2;

constexpr std::array<bool, 256> make_plain_bytes() {
  std::array<bool, 256> plain{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    const auto c = static_cast<char>(byte);
    plain[byte] = base::is_alphanumeric(c) || c == '.' || c == '_' || c == '/' || c == '-';
  }
  return plain;
}
constexpr std::array<bool, 256> kPlainBytes = make_plain_bytes();

// Words that some reader takes for a boolean, a null or a number.
constexpr std::array<std::string_view, 11> kWords = {"y",    "n",     "yes",  "no",  "on", "off",
                                                     "true", "false", "null", "nan", "inf"};
constexpr std::size_t kLongestWord = 5;

bool is_word(std::string_view text) {
  if (text.size() > kLongestWord) return false;
  std::array<char, kLongestWord> lower{};
  for (std::size_t i = 0; i < text.size(); ++i) lower[i] = base::to_lower(text[i]);
  const std::string_view word(lower.data(), text.size());
  for (const std::string_view reserved : kWords) {
    if (word == reserved) return true;
  }
  return false;
}

// May stand unescaped: neither a control character nor a line break of YAML 1.1, nor a byte order mark, and no
// non-character that readers refuse.
bool is_printable(char32_t code) {
  if (code < 0xA0) return code >= 0x20 && code < 0x7F;
  return code != 0x2028 && code != 0x2029 && code != 0xFEFF && code != 0xFFFE && code != 0xFFFF;
}

// Whether a literal gives `text` back; see the policy in the header.
bool is_literal(std::string_view text) {
  if (text.front() == ' ' || text.front() == '\n') return false;
  if (std::memchr(text.data(), '\n', text.size()) == nullptr) return false;
  if (text.ends_with("\n\n")) return false;
  for (std::size_t at = 0; at < text.size();) {
    const base::CodePoint next = base::code_point_at(text, at);
    if (next.value == '\n') {
      if (text[at - 1] == ' ') return false;
    } else if (!next.valid || !is_printable(next.value)) {
      return false;
    }
    at += next.bytes;
  }
  return text.back() != ' ';
}

void append_hex(char32_t code, int digits, std::string& out) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += "0123456789ABCDEF"[(code >> shift) & 0xF];
}

void append_escape(char32_t code, std::string& out) {
  out += '\\';
  switch (code) {
    case '"':
      out += '"';
      return;
    case '\\':
      out += '\\';
      return;
    case '\n':
      out += 'n';
      return;
    case '\r':
      out += 'r';
      return;
    case '\t':
      out += 't';
      return;
  }
  out += code < 0x100 ? 'x' : 'u';
  append_hex(code, code < 0x100 ? 2 : 4, out);
}

void append_quoted(std::string_view text, std::string& out) {
  out += '"';
  std::size_t written = 0;  // everything before it is in `out`
  for (std::size_t at = 0; at < text.size();) {
    const base::CodePoint next = base::code_point_at(text, at);
    if (!next.valid || !is_printable(next.value) || next.value == '"' || next.value == '\\') {
      out.append(text, written, at - written);
      append_escape(next.value, out);
      written = at + next.bytes;
    }
    at += next.bytes;
  }
  out.append(text, written);
  out += '"';
}

// `indent` is the column of the node that holds the text.
void append_literal(std::string_view text, std::size_t indent, std::string& out) {
  out += text.back() == '\n' ? "|" : "|-";
  if (text.back() == '\n') text.remove_suffix(1);
  for (;;) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    out += '\n';
    if (!line.empty()) out.append(indent + kIndent, ' ').append(line);
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

void append_key(std::string_view key, std::string& out) {
  if (is_plain(key)) {
    out += key;
  } else {
    append_quoted(key, out);
  }
}

void append_text(std::string_view text, std::size_t indent, std::string& out) {
  if (is_plain(text)) {
    out += text;
  } else if (!text.empty() && is_literal(text)) {
    append_literal(text, indent, out);
  } else {
    append_quoted(text, out);
  }
}

// Writes a value at a column. Each overload ends its line. Recursion is as deep as the value, so as deep as a kind.
struct Writer {
  std::string& out;

  // The entries, the first one where `out` ends, the others at column `indent`.
  void block(const Map& map, std::size_t indent) {
    bool first = true;
    for (const Entry& entry : map) {
      if (!first) out.append(indent, ' ');
      first = false;
      append_key(entry.key, out);
      out += ':';
      std::visit([&](const auto& data) { under_key(data, indent); }, entry.value.data());
    }
  }

  void block(const List& list, std::size_t indent) {
    bool first = true;
    for (const Value& item : list) {
      if (!first) out.append(indent, ' ');
      first = false;
      out += "- ";
      std::visit([&](const auto& data) { in_list(data, indent); }, item.data());
    }
  }

  void under_key(const Map& map, std::size_t indent) {
    if (map.empty()) return line(" {}");
    out += '\n';
    out.append(indent + kIndent, ' ');
    block(map, indent + kIndent);
  }
  void under_key(const List& list, std::size_t indent) {
    if (list.empty()) return line(" []");
    out += '\n';
    out.append(indent, ' ');
    block(list, indent);
  }
  void under_key(const auto& scalar, std::size_t indent) {
    out += ' ';
    in_list(scalar, indent);
  }

  void in_list(const Map& map, std::size_t indent) { map.empty() ? line("{}") : block(map, indent + kIndent); }
  void in_list(const List& list, std::size_t indent) { list.empty() ? line("[]") : block(list, indent + kIndent); }
  void in_list(std::nullptr_t, std::size_t) { line("null"); }
  void in_list(bool flag, std::size_t) { line(flag ? "true" : "false"); }
  void in_list(std::int64_t number, std::size_t) {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end) += '\n';
  }
  void in_list(const std::string& text, std::size_t indent) {
    append_text(text, indent, out);
    out += '\n';
  }

  void line(std::string_view text) { out.append(text) += '\n'; }
};

}  // namespace

bool is_plain(std::string_view text) {
  if (text.empty() || !(base::is_letter(text.front()) || text.front() == '/')) return false;
  for (const char byte : text) {
    if (!kPlainBytes[static_cast<unsigned char>(byte)]) return false;
  }
  return !is_word(text);
}

void write(const Map& map, std::string& out) {
  Writer writer{out};
  map.empty() ? writer.line("{}") : writer.block(map, 0);
}

std::string to_string(const Map& map) {
  std::string out;
  write(map, out);
  return out;
}

}  // namespace meshfed::yaml
