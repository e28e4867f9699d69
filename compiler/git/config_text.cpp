#include "git/config_text.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <utility>

namespace meshfed::git {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_key(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  ConfigText run() && {
    while (!at_end()) {
      if (!take_item()) {
        result_.bad_line = item_line_;
        break;
      }
    }
    return std::move(result_);
  }

 private:
  bool at_end() const { return at_ >= text_.size(); }

  /// A line break at the end of the text, however often; those of Windows count as one byte.
  char next() {
    if (at_end()) return '\n';
    char c = text_[at_++];
    if (c == '\r' && !at_end() && text_[at_] == '\n') c = text_[at_++];
    if (c == '\n') ++line_;
    return c;
  }

  /// A blank, a comment, a header or a key with its value.
  bool take_item() {
    item_line_ = line_;
    const char c = next();
    if (is_space(c)) return true;
    if (c == '#' || c == ';') {
      skip_line();
      return true;
    }
    if (c == '[') return take_header();
    return is_letter(c) && take_entry(c);
  }

  void skip_line() {
    while (!at_end() && next() != '\n') continue;
  }

  bool take_header() {
    section_.clear();
    for (char c = next(); c != ']'; c = next()) {
      if (c == ' ' || c == '\t') return take_subsection();
      if (!is_key(c) && c != '.') return false;
      section_ += lower(c);
    }
    if (section_.empty()) return false;
    section_ += '.';
    return true;
  }

  bool take_subsection() {
    char c = next();
    while (c == ' ' || c == '\t') c = next();
    if (c != '"') return false;
    section_ += '.';
    for (c = next(); c != '"'; c = next()) {
      if (c == '\\') c = next();
      if (c == '\n') return false;
      section_ += c;
    }
    section_ += '.';
    return next() == ']';
  }

  bool take_entry(char c) {
    ConfigEntry entry{section_, std::nullopt};
    for (; is_key(c); c = next()) entry.key += lower(c);
    while (c == ' ' || c == '\t') c = next();
    if (c == '=') {
      std::string value;
      if (!take_value(value)) return false;
      entry.value = std::move(value);
    } else if (c != '\n') {
      return false;
    }
    result_.entries.push_back(std::move(entry));
    return true;
  }

  bool take_value(std::string& value) {
    bool quoted = false;
    std::string blanks;  // count if something follows
    for (char c = next();; c = next()) {
      if (c == '\n') return !quoted;
      if (!quoted && is_space(c)) {
        if (!value.empty()) blanks += ' ';
        continue;
      }
      if (!quoted && (c == ';' || c == '#')) {
        skip_line();
        return true;
      }
      value += std::exchange(blanks, {});
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\') {
        if (!take_escape(value)) return false;
      } else {
        value += c;
      }
    }
  }

  bool take_escape(std::string& value) {
    switch (const char c = next()) {
      case '\n':
        return true;  // the value goes on in the next line
      case 't':
        value += '\t';
        return true;
      case 'n':
        value += '\n';
        return true;
      case 'b':
        value += '\b';
        return true;
      case '\\':
      case '"':
        value += c;
        return true;
      default:
        return false;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t item_line_ = 1;
  std::string section_;  // with a dot behind it
  ConfigText result_;
};

/// Takes 'text' off, in which '\'' and '\!' stand for what they quote.
std::optional<std::string> take_quoted(std::string_view& rest) {
  if (!rest.starts_with('\'')) return std::nullopt;
  std::string text;
  while (true) {
    const std::size_t end = rest.find('\'', 1);
    if (end == std::string_view::npos) return std::nullopt;
    text += rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    const bool goes_on = rest.size() > 2 && rest[0] == '\\' && (rest[1] == '\'' || rest[1] == '!') && rest[2] == '\'';
    if (!goes_on) return text;
    text += rest[1];
    rest.remove_prefix(2);
  }
}

/// "key=value" or "key", in one.
std::optional<ConfigEntry> entry_of(std::string_view text) {
  const std::size_t equals = text.find('=');
  std::string_view name = text.substr(0, equals);
  while (!name.empty() && is_space(name.front())) name.remove_prefix(1);
  while (!name.empty() && is_space(name.back())) name.remove_suffix(1);
  std::optional<std::string> key = config_key(name);
  if (!key) return std::nullopt;
  ConfigEntry entry{std::move(*key), std::nullopt};
  if (equals != std::string_view::npos) entry.value = std::string(text.substr(equals + 1));
  return entry;
}

std::optional<ConfigEntry> take_parameter(std::string_view& rest) {
  const std::optional<std::string> first = take_quoted(rest);
  if (!first) return std::nullopt;
  if (!rest.starts_with('=')) return entry_of(*first);
  rest.remove_prefix(1);
  std::optional<std::string> key = config_key(*first);
  if (!key) return std::nullopt;
  ConfigEntry entry{std::move(*key), std::nullopt};
  if (rest.empty() || is_space(rest.front())) return entry;
  entry.value = take_quoted(rest);
  return entry.value ? std::optional(entry) : std::nullopt;
}

}  // namespace

ConfigText parse_config(std::string_view text) { return Parser(text).run(); }

std::optional<std::vector<ConfigEntry>> parse_config_parameters(std::string_view text) {
  std::vector<ConfigEntry> entries;
  const auto skip_blanks = [&text] {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  };
  for (skip_blanks(); !text.empty(); skip_blanks()) {
    std::optional<ConfigEntry> entry = take_parameter(text);
    if (!entry || (!text.empty() && !is_space(text.front()))) return std::nullopt;
    entries.push_back(std::move(*entry));
  }
  return entries;
}

std::optional<std::string> config_key(std::string_view text) {
  const std::size_t first = text.find('.');
  const std::size_t last = text.rfind('.');
  if (first == std::string_view::npos || first == 0 || last + 1 == text.size() || !is_letter(text[last + 1]))
    return std::nullopt;
  std::string key(text);
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (i > first && i < last) continue;
    if (i != first && i != last && !is_key(key[i])) return std::nullopt;
    key[i] = lower(key[i]);
  }
  return key;
}

std::optional<bool> parse_bool(const std::optional<std::string>& value) {
  if (!value) return true;
  std::string word = *value;
  std::transform(word.begin(), word.end(), word.begin(), lower);
  if (word == "true" || word == "yes" || word == "on") return true;
  if (word.empty() || word == "false" || word == "no" || word == "off") return false;
  if (word.ends_with('k') || word.ends_with('m') || word.ends_with('g')) word.pop_back();
  std::int64_t number = 0;
  const char* begin = word.data() + (word.starts_with('+') ? 1 : 0);
  const char* end = word.data() + word.size();
  const auto [rest, error] = std::from_chars(begin, end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return number != 0;
}

}  // namespace meshfed::git
