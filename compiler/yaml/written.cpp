// Block maps and lists by indentation, comments on lines of their own, and scalars of which the bytes tell the type.
// All that has more than one reading is left to the general parser: whatever is not foreseen here is no result.
#include "yaml/written.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "base/ascii.hpp"
#include "yaml/reader.hpp"
#include "yaml/scalar.hpp"

namespace meshfed::yaml {
namespace {

struct Line {
  std::size_t indent;
  std::string_view text;  // without it; never empty
};

constexpr std::size_t kMaxKey = 256;     // a general parser knows keys up to some length only
constexpr std::size_t kMaxEntries = 64;  // that are compared one by one
bool is_word_byte(char c) {
  return base::is_letter(c) || base::is_digit(c) || c == '.' || c == '_' || c == '/' || c == '-';
}

/// Letters, digits and what stands between them in names: no indicator of YAML's.
bool is_word(std::string_view text) {
  return !text.empty() && text.front() != '-' && text.front() != '.' &&
         std::all_of(text.begin(), text.end(), is_word_byte);
}

bool is_quoted(std::string_view text) {
  return text.size() >= 2 && text.front() == '"' && text.back() == '"' &&
         text.substr(1, text.size() - 2).find_first_of("\"\\") == std::string_view::npos;
}

Value meaning(std::string_view word) {
  return std::visit(
      [&](const auto& meant) -> Value {
        if constexpr (std::is_same_v<decltype(meant), const std::monostate&>)
          return word;
        else
          return meant;
      },
      plain_scalar(word));
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<std::vector<Value>> documents() {
    std::vector<Value> found;
    advance();
    if (is_separator()) advance();
    do {
      if (!found.empty()) advance();  // the separator
      found.emplace_back(map(0, 1));
    } while (is_separator());
    return failed_ || !at_end_ ? std::nullopt : std::optional(std::move(found));
  }

 private:
  /// Nothing comes after that.
  void fail() {
    failed_ = at_end_ = true;
    rest_ = {};
  }

  bool is_separator() const { return !at_end_ && line_.indent == 0 && line_.text == "---"; }
  bool is_item() const { return line_.text.starts_with("- "); }

  /// To the next line that is neither empty nor a comment.
  void advance() {
    while (!rest_.empty()) {
      const std::size_t end = rest_.find('\n');
      if (end == std::string_view::npos) return fail();
      std::string_view text = rest_.substr(0, end);
      rest_.remove_prefix(end + 1);
      if (text.empty()) continue;
      const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
      if (!plain || text.back() == ' ') return fail();
      const std::size_t indent = text.find_first_not_of(' ');
      text.remove_prefix(indent);
      if (text.front() == '#') continue;
      line_ = {indent, text};
      return;
    }
    at_end_ = true;
  }

  Value scalar(std::string_view text) {
    if (++values_ > kMaxValues) fail();
    if (text == "[]") return List();
    if (text == "{}") return Map();
    if (is_quoted(text)) return text.substr(1, text.size() - 2);
    if (is_word(text)) return meaning(text);
    fail();
    return {};
  }

  /// Takes the key from the front of the text, with the colon and the blank after it.
  std::string key(std::string_view& text) {
    const bool quoted = text.front() == '"';
    const std::size_t end = std::min(quoted ? text.find('"', 1) : text.find(':'), text.size());
    const std::string_view name = text.substr(quoted, end - quoted);
    text.remove_prefix(std::min(end + quoted, text.size()));
    const bool good = quoted ? name.find('\\') == std::string_view::npos
                             : is_word(name) && std::holds_alternative<std::monostate>(plain_scalar(name));
    if (!good || name.size() > kMaxKey || !(text == ":" || text.starts_with(": "))) fail();
    text.remove_prefix(std::min<std::size_t>(2, text.size()));
    return std::string(name);
  }

  /// From where the line stands, up to the first one that is further left, or an item of the list that this is in.
  Map map(std::size_t indent, std::size_t depth) {
    Map found;
    while (!at_end_ && line_.indent == indent && !is_item() && !is_separator()) {
      std::string_view text = line_.text;
      std::string name = key(text);
      const bool twice = std::any_of(found.begin(), found.end(), [&](const Entry& one) { return one.key == name; });
      if (twice || found.size() == kMaxEntries) fail();
      advance();
      found.add(std::move(name), text.empty() ? below(indent, depth + 1) : scalar(text));
      if (!at_end_ && line_.indent > indent) fail();
    }
    if (found.empty() || depth > kMaxDepth || ++values_ > kMaxValues) fail();
    return found;
  }

  /// The value of a key that has none in its own line.
  Value below(std::size_t indent, std::size_t depth) {
    const bool nothing = at_end_ || is_separator() || line_.indent < indent;
    if (nothing || depth > kMaxDepth || (line_.indent == indent && !is_item())) {
      fail();
      return {};
    }
    return is_item() ? Value(list(line_.indent, depth)) : Value(map(line_.indent, depth));
  }

  List list(std::size_t indent, std::size_t depth) {
    List found;
    while (!at_end_ && line_.indent == indent && is_item()) {
      line_.indent += 2;
      line_.text.remove_prefix(2);
      const std::string_view text = line_.text;
      if (text.front() == ' ' || is_item()) {
        fail();
      } else if (is_entry(text)) {
        found.add(map(line_.indent, depth + 1));
      } else {
        advance();
        found.add(scalar(text));
      }
      if (!at_end_ && line_.indent > indent) fail();
    }
    if (++values_ > kMaxValues) fail();
    return found;
  }

  /// Whether a key stands there; a scalar of ours without quotes has no colon.
  static bool is_entry(std::string_view text) {
    return text.front() == '"' ? !is_quoted(text) : text.find(':') != std::string_view::npos;
  }

  std::string_view rest_;
  Line line_ = {};
  bool at_end_ = false;
  bool failed_ = false;
  std::size_t values_ = 0;
};

}  // namespace

std::optional<std::vector<Value>> read_written(std::string_view text) { return Reader(text).documents(); }

}  // namespace meshfed::yaml
