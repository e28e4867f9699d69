// The text of Git's configuration files, as git-config(1) describes it, and that of GIT_CONFIG_PARAMETERS.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meshfed::git {

struct ConfigEntry {
  std::string key;                   // "remote.Origin.url": all in lower case but for what stands between two dots
  std::optional<std::string> value;  // none: there was no `=`, which means true

  bool operator==(const ConfigEntry&) const = default;
};

struct ConfigText {
  std::vector<ConfigEntry> entries;
  std::size_t bad_line = 0;  // the first that Git would not take, from 1; 0: none
};

ConfigText parse_config(std::string_view text);

/// What `git -c` hands on to other programs: `'key'='value'`, or `'key=value'` before Git 2.31. None: Git would not
/// take it.
std::optional<std::vector<ConfigEntry>> parse_config_parameters(std::string_view text);

/// The key as entries have it; none if it is not one, having no dot.
std::optional<std::string> config_key(std::string_view text);

/// true, yes, on, 1; false, no, off, 0, nothing. Numbers may end in k, m or g. None: it is neither.
std::optional<bool> parse_bool(const std::optional<std::string>& value);

}  // namespace meshfed::git
