#include "git/ignore_rule.hpp"

#include <fnmatch.h>

#include "base/lines.hpp"
#include "base/path.hpp"

namespace meshfed::git {
namespace {

std::string_view without_trailing_blanks(std::string_view line) {
  while (line.ends_with(' ') && !line.ends_with("\\ ")) line.remove_suffix(1);
  return line;
}

bool matches(std::string pattern, const std::string& path) {
  constexpr std::string_view kAnywhere = "**/";
  constexpr std::string_view kAllBelow = "/**";
  const bool anchored = pattern.find('/') != std::string::npos;
  if (pattern.starts_with('/')) pattern.erase(0, 1);
  if (!anchored) return fnmatch(pattern.c_str(), std::string(base::name_of(path)).c_str(), 0) == 0;
  if (pattern.starts_with(kAnywhere) && matches(pattern.substr(kAnywhere.size()), path)) return true;
  if (pattern.ends_with(kAllBelow)) pattern.pop_back();
  const bool any_depth = pattern.find("**") != std::string::npos;
  return fnmatch(pattern.c_str(), path.c_str(), any_depth ? 0 : FNM_PATHNAME) == 0;
}

}  // namespace

std::optional<IgnoreRule> deciding_rule(std::string_view ignore_file, const std::string& path, bool directory) {
  std::optional<IgnoreRule> found;
  std::size_t number = 0;
  while (const std::optional<std::string_view> line = base::next_line(ignore_file)) {
    ++number;
    const std::string_view rule = without_trailing_blanks(*line);
    if (rule.empty() || rule.starts_with('#')) continue;
    const bool again = rule.starts_with('!');
    std::string pattern(rule.substr(again ? 1 : 0));
    const bool only_directories = pattern.ends_with('/');
    if (only_directories) pattern.pop_back();
    if ((only_directories && !directory) || !matches(pattern, path)) continue;
    found = again ? std::nullopt : std::optional(IgnoreRule{number, std::string(rule)});
  }
  return found;
}

}  // namespace meshfed::git
