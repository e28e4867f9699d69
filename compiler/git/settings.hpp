// What `git config` says. libgit2 1.5 reads fewer files than Git, skips conditions that it does not know without a
// word, and hears of no variable of the environment; an author or a demand for signatures would be missed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/fs.hpp"
#include "git/config_text.hpp"
#include "git/options.hpp"
#include "git/problem.hpp"

namespace meshfed::git {

struct Settings {
  std::vector<ConfigEntry> entries = {};  // in the order in which Git reads them

  /// The last entry of one of these keys, which is the one that counts; null: none is set.
  const ConfigEntry* find(std::string_view key, std::string_view other = {}) const;

  /// Empty if it is not set.
  std::string text(std::string_view key) const;
};

/// What conditions ask about, and where files are.
struct ConfigPlace {
  std::string git_dir;     // absolute and without links, as `common_dir` and `root`; of a linked working tree its own
  std::string common_dir;  // of all working trees
  std::string root;        // of the working tree
  std::string branch;      // what is checked out, without refs/heads/; empty: no branch
};

/// Files of the system, the user, the repository and its working tree, in this order, with all that they include, and
/// then the environment: GIT_CONFIG_COUNT, and what `git -c` left there. What Git would not take, or what only a newer
/// Git may understand, is a problem.
std::variant<Settings, Problem> read_settings(base::Fs& disk, const ConfigPlace& place, const Environment& environment);

std::variant<bool, Problem> flag(const Settings& settings, std::string_view key);

/// `~/` is the user's directory.
std::variant<std::string, Problem> expand_path(const std::string& path, const Environment& environment);

/// Of Git's configuration: cannot be read.
Problem bad_setting(std::string detail, std::string remedy);

}  // namespace meshfed::git
