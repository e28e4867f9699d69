// Which line of which file makes Git ignore something: libgit2 only says that it does.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace meshfed::git {

struct IgnoreRule {
  std::size_t line = 0;
  std::string text;
};

/// The last line that decides about `path`, which is relative to the directory of the ignore file; none if none does,
/// or if that line takes it out again (`!`).
std::optional<IgnoreRule> deciding_rule(std::string_view ignore_file, const std::string& path, bool directory);

}  // namespace meshfed::git
