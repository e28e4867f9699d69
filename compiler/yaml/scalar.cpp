#include "yaml/scalar.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <string>

#include "base/ascii.hpp"

namespace meshfed::yaml {
namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::string lower(std::string_view text) {
  std::string out(text);
  const bool all = std::all_of(out.begin(), out.end(), base::is_upper);
  for (std::size_t i = 0; i < out.size() && (all || i == 0); ++i) out[i] = base::to_lower(out[i]);
  return out;
}

std::optional<std::int64_t> integer(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || (digits.front() == '0' && digits.size() > 1)) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool all_of(std::string_view text, std::string_view bytes) {
  return !text.empty() && text.find_first_not_of(bytes) == std::string_view::npos;
}

}  // namespace

Scalar plain_scalar(std::string_view text) {
  constexpr std::size_t kLongestWord = 5;
  if (text.size() <= kLongestWord) {
    const std::string word = lower(text);
    if (is_one_of(word, {"", "~", "null"})) return nullptr;
    if (is_one_of(word, {"true", "yes", "on", "y"})) return true;
    if (is_one_of(word, {"false", "no", "off", "n"})) return false;
  }
  if (const auto number = integer(text)) return *number;
  return std::monostate{};
}

bool is_other_number(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  if (text.starts_with("0x")) return all_of(text.substr(2), "0123456789abcdefABCDEF_");
  if (text.starts_with("0o")) return all_of(text.substr(2), "01234567_");
  if (text == ".inf" || text == ".nan") return true;
  std::string plain(text);
  std::erase(plain, '_');
  if (plain.empty() || (!base::is_digit(plain.front()) && plain.front() != '.')) return false;
  double number = 0;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), number);
  return end == plain.data() + plain.size() && error != std::errc::invalid_argument;
}

}  // namespace meshfed::yaml
