#include "syntax/outline.hpp"

#include <algorithm>

#include "base/ascii.hpp"

namespace meshfed::syntax {
namespace {

constexpr std::string_view kBlanks = " \t";

bool is_bare(char c) { return base::is_alphanumeric(c) || c == '-' || c == '_'; }

std::size_t after_blanks(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(kBlanks, at), text.size());
}

std::size_t line_end(std::string_view text, std::size_t at) {
  const std::size_t end = std::min(text.find('\n', at), text.size());
  return end > at && text[end - 1] == '\r' ? end - 1 : end;
}

void append_utf8(std::string& out, std::uint32_t point) {
  const auto byte = [&](std::uint32_t value) { out += static_cast<char>(static_cast<unsigned char>(value)); };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xC0 | point >> 6);
    byte(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    byte(0xE0 | point >> 12);
    byte(0x80 | (point >> 6 & 0x3F));
    byte(0x80 | (point & 0x3F));
  } else {
    byte(0xF0 | (point >> 18 & 0x07));
    byte(0x80 | (point >> 12 & 0x3F));
    byte(0x80 | (point >> 6 & 0x3F));
    byte(0x80 | (point & 0x3F));
  }
}

/// The digits of \uXXXX; as many as there are.
std::uint32_t hexadecimal(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char digit : digits) {
    const auto found = std::string_view("0123456789abcdef").find(base::to_lower(digit));
    if (found == std::string_view::npos) return 0xFFFD;
    value = value * 16 + static_cast<std::uint32_t>(found);
  }
  return value;
}

/// What stands between the quotes of a basic string.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char escape = text[++i];
    const std::size_t digits = escape == 'u' ? 4 : escape == 'U' ? 8 : 0;
    if (digits > 0) {
      append_utf8(out, hexadecimal(text.substr(i + 1, digits)));
      i += std::min(digits, text.size() - i - 1);
      continue;
    }
    constexpr std::string_view kEscapes = "btnfr", kMeant = "\b\t\n\f\r";
    const std::size_t known = kEscapes.find(escape);
    out += known == std::string_view::npos ? escape : kMeant[known];
  }
  return out;
}

/// `[a.b]` on a line of its own, of bare names that begin with a letter: no list looks so.
bool looks_like_header(std::string_view text, std::size_t line) {
  std::size_t at = after_blanks(text, line);
  if (at >= text.size() || text[at] != '[') return false;
  at = text.find_first_not_of('[', at);
  if (at == std::string_view::npos || !base::is_letter(text[at])) return false;
  read_key(text, at);
  if (at >= text.size() || text[at] != ']') return false;
  at = after_blanks(text, std::min(text.find_first_not_of(']', at), text.size()));
  return at >= line_end(text, line) || text[at] == '#';
}

bool looks_like_pair(std::string_view text, std::size_t line) {
  std::size_t at = after_blanks(text, line);
  const bool key = !read_key(text, at).empty();
  at = after_blanks(text, at);
  return key && at < text.size() && text[at] == '=';
}

/// Follows a value, or whatever stands where one should be.
class Follower {
 public:
  Follower(std::string_view text, std::size_t at) : text_(text), at_(at), end_(at) {}

  /// After the last byte that is neither blank nor comment.
  std::size_t run() {
    while (at_ < text_.size() && step()) {
    }
    return end_;
  }

 private:
  bool step() {
    const char c = text_[at_];
    if (c == '\n') {
      if (open_.empty() || another_begins()) return false;
      ++at_;
    } else if (c == '#') {
      at_ = line_end(text_, at_);
    } else if (c == '"' || c == '\'') {
      take(after_string(text_, at_));
    } else if (c == ' ' || c == '\t' || c == '\r') {
      ++at_;
    } else {
      if (c == '[' || c == '{') open_ += c;
      if ((c == ']' || c == '}') && !open_.empty()) open_.pop_back();
      take(at_ + 1);
    }
    return true;
  }

  void take(std::size_t next) {
    last_ = text_[at_];
    at_ = end_ = next;
  }

  /// At the end of a line within brackets: they were never closed, as it seems.
  bool another_begins() const {
    const std::size_t next = at_ + 1;
    if (looks_like_header(text_, next)) return true;
    const bool goes_on = open_.back() == '{' && (last_ == '{' || last_ == ',');
    return !goes_on && looks_like_pair(text_, next);
  }

  std::string_view text_;
  std::size_t at_;
  std::size_t end_;
  char last_ = 0;  // the last byte of a token
  std::string open_;
};

Statement header_at(std::string_view text, std::size_t at) {
  Statement header;
  const bool list = text.substr(at, 2) == "[[";
  header.kind = list ? Statement::Kind::list_header : Statement::Kind::header;
  std::size_t next = after_blanks(text, at + (list ? 2 : 1));
  header.path = read_key(text, next);
  const std::size_t end = line_end(text, at);
  const std::size_t close = std::min(text.find_first_not_of(']', next), end);
  header.key_end = header.value = close;
  header.end = Follower(text, std::min(close, end)).run();
  header.end = std::min(std::max(header.end, close), end);
  if (header.path.empty()) header.kind = Statement::Kind::other;
  return header;
}

Statement pair_at(std::string_view text, std::size_t at) {
  Statement pair;
  std::size_t next = at;
  // `-` may be part of a key, but an item of YAML is none.
  const bool item = text.substr(at, 2) == "- " || text.substr(at, 3) == "---";
  if (!item) pair.path = read_key(text, next);
  pair.key_end = next;
  next = after_blanks(text, next);
  if (!pair.path.empty() && next < text.size() && text[next] == '=') {
    pair.kind = Statement::Kind::pair;
    next = after_blanks(text, next + 1);
  }
  pair.value = next;
  pair.end = std::max({Follower(text, next).run(), pair.key_end, next});
  return pair;
}

}  // namespace

std::size_t after_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string_view three = quote == '"' ? "\"\"\"" : "'''";
  const bool multi_line = text.substr(at, 3) == three;
  const std::string_view closing = multi_line ? three : three.substr(0, 1);
  for (std::size_t i = at + closing.size(); i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\' && i + 1 < text.size() && text[i + 1] != '\n') {
      ++i;
    } else if (text.substr(i, closing.size()) == closing) {
      return i + closing.size();
    } else if (!multi_line && text[i] == '\n') {
      return i;
    }
  }
  return text.size();
}

KeyPath read_key(std::string_view text, std::size_t& at) {
  KeyPath path;
  std::size_t next = at;
  while (next < text.size()) {
    KeyPart part{"", next, next};
    if (text[next] == '"' || text[next] == '\'') {
      part.end = after_string(text, next);
      const bool closed = part.end > next + 1 && text[part.end - 1] == text[next];
      const std::string_view inside = text.substr(next + 1, part.end - next - (closed ? 2 : 1));
      part.name = text[next] == '"' ? unescaped(inside) : std::string(inside);
    } else {
      while (part.end < text.size() && is_bare(text[part.end])) ++part.end;
      if (part.end == next) break;
      part.name = std::string(text.substr(next, part.end - next));
    }
    at = part.end;
    path.push_back(std::move(part));
    next = after_blanks(text, at);
    if (next >= text.size() || text[next] != '.') break;
    next = after_blanks(text, next + 1);
  }
  return path;
}

std::vector<Statement> outline(std::string_view text) {
  std::vector<Statement> statements;
  std::size_t header = Statement::kNone;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      ++at;
      continue;
    }
    if (c == '#') {
      at = line_end(text, at);
      continue;
    }
    Statement statement = c == '[' ? header_at(text, at) : pair_at(text, at);
    statement.begin = at;
    if (statement.end <= at) statement.end = at + 1;
    statement.line_end = line_end(text, statement.end);
    statement.header = header;
    if (c == '[') header = statements.size();
    at = statement.line_end;
    if (at <= statement.begin) at = statement.begin + 1;
    statements.push_back(std::move(statement));
  }
  return statements;
}

std::vector<std::string_view> full_path(const std::vector<Statement>& statements, std::size_t index) {
  std::vector<std::string_view> names;
  const Statement& statement = statements[index];
  const bool below = statement.kind == Statement::Kind::pair || statement.kind == Statement::Kind::other;
  if (below && statement.header != Statement::kNone) {
    for (const KeyPart& part : statements[statement.header].path) names.push_back(part.name);
  }
  for (const KeyPart& part : statement.path) names.push_back(part.name);
  return names;
}

}  // namespace meshfed::syntax
