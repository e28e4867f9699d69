#include "git/wildmatch.hpp"

#include <array>
#include <cctype>
#include <cstddef>
#include <optional>
#include <vector>

namespace meshfed::git {
namespace {

constexpr std::size_t kMaxPattern = 4096;  // as long as a path can be
constexpr std::size_t kMaxText = 4096;

unsigned char byte(char c) { return static_cast<unsigned char>(c); }

struct NamedClass {
  std::string_view name;
  int (*holds)(int);
};
constexpr std::array<NamedClass, 12> kClasses = {{{"alnum", std::isalnum},
                                                  {"alpha", std::isalpha},
                                                  {"blank", std::isblank},
                                                  {"cntrl", std::iscntrl},
                                                  {"digit", std::isdigit},
                                                  {"graph", std::isgraph},
                                                  {"lower", std::islower},
                                                  {"print", std::isprint},
                                                  {"punct", std::ispunct},
                                                  {"space", std::isspace},
                                                  {"upper", std::isupper},
                                                  {"xdigit", std::isxdigit}}};

class Matcher {
 public:
  Matcher(std::string_view pattern, std::string_view text, Case letters)
      : pattern_(pattern), text_(text), letters_(letters), failed_((pattern.size() + 1) * (text.size() + 1)) {}

  /// Whether the rest of the pattern stands for all the rest of the text. What was tried in vain is not tried again.
  bool matches(std::size_t p, std::size_t t) {
    if (failed_[index(p, t)]) return false;
    const bool found = try_match(p, t);
    if (!found) failed_[index(p, t)] = true;
    return found;
  }

 private:
  std::size_t index(std::size_t p, std::size_t t) const { return p * (text_.size() + 1) + t; }

  bool try_match(std::size_t p, std::size_t t) {
    for (; p < pattern_.size(); ++t) {
      if (pattern_[p] == '*') return matches_star(p, t);
      if (t == text_.size()) return false;
      if (pattern_[p] == '?') {
        if (text_[t] == '/') return false;
        ++p;
      } else if (pattern_[p] == '[') {
        const std::optional<std::size_t> end = end_of_class(p, text_[t]);
        if (!end || text_[t] == '/') return false;
        p = *end;
      } else {
        if (pattern_[p] == '\\' && ++p == pattern_.size()) return false;
        if (!same(pattern_[p++], text_[t])) return false;
      }
    }
    return t == text_.size();
  }

  bool matches_star(std::size_t p, std::size_t t) {
    const std::size_t begin = p;
    while (p < pattern_.size() && pattern_[p] == '*') ++p;
    const bool at_component = begin == 0 || pattern_[begin - 1] == '/';
    const bool whole_components = p - begin > 1 && at_component && (p == pattern_.size() || pattern_[p] == '/');
    if (whole_components && p == pattern_.size()) return true;
    if (whole_components && matches(p + 1, t)) return true;
    // Where the star began in vain further left, it does so here.
    for (; !failed_[index(begin, t)]; ++t) {
      if (matches(p, t)) return true;
      failed_[index(begin, t)] = true;
      if (t == text_.size() || (!whole_components && text_[t] == '/')) return false;
    }
    return false;
  }

  /// Behind the `]` of the class at `p` if it holds `c`.
  std::optional<std::size_t> end_of_class(std::size_t p, char c) const {
    const bool negated = ++p < pattern_.size() && (pattern_[p] == '!' || pattern_[p] == '^');
    if (negated) ++p;
    bool held = false;
    for (bool first = true; p < pattern_.size() && (first || pattern_[p] != ']'); first = false) {
      if (pattern_.substr(p, 2) == "[:") {
        const std::size_t end = pattern_.find(":]", p + 2);
        if (end == std::string_view::npos) return std::nullopt;
        held |= in_named(pattern_.substr(p + 2, end - p - 2), c);
        p = end + 2;
        continue;
      }
      if (pattern_[p] == '\\') ++p;
      if (p >= pattern_.size()) return std::nullopt;
      const char low = pattern_[p++];
      char high = low;
      if (p + 1 < pattern_.size() && pattern_[p] == '-' && pattern_[p + 1] != ']') {
        if (pattern_[++p] == '\\') ++p;
        if (p >= pattern_.size()) return std::nullopt;
        high = pattern_[p++];
      }
      held |= in_range(low, high, c);
    }
    return p < pattern_.size() && held != negated ? std::optional(p + 1) : std::nullopt;
  }

  bool in_range(char low, char high, char c) const {
    const auto within = [&](int one) { return byte(low) <= one && one <= byte(high); };
    return within(byte(c)) ||
           (letters_ == Case::ignored && (within(std::tolower(byte(c))) || within(std::toupper(byte(c)))));
  }

  bool in_named(std::string_view name, char c) const {
    for (const NamedClass& one : kClasses) {
      if (one.name == name)
        return one.holds(byte(c)) != 0 ||
               (letters_ == Case::ignored && std::isalpha(byte(c)) != 0 && (name == "upper" || name == "lower"));
    }
    return false;
  }

  bool same(char a, char b) const {
    return a == b || (letters_ == Case::ignored && std::tolower(byte(a)) == std::tolower(byte(b)));
  }

  std::string_view pattern_;
  std::string_view text_;
  Case letters_;
  std::vector<bool> failed_;
};

}  // namespace

bool wildmatch(std::string_view pattern, std::string_view text, Case letters) {
  return pattern.size() <= kMaxPattern && text.size() <= kMaxText && Matcher(pattern, text, letters).matches(0, 0);
}

}  // namespace meshfed::git
