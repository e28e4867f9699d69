#include "git/settings.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include "base/path.hpp"
#include "git/wildmatch.hpp"

namespace meshfed::git {
namespace {

constexpr std::size_t kMaxFile = 1 << 20;
constexpr int kMaxDepth = 10;           // of includes, as for Git
constexpr unsigned kMaxCount = 10'000;  // of GIT_CONFIG_COUNT

constexpr const char* kSystemFile = "/etc/gitconfig";

/// None: it does not begin so. Else what follows.
std::optional<std::string_view> after(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? std::optional(text.substr(prefix.size())) : std::nullopt;
}

/// "x" of "includeif.x.path".
std::optional<std::string_view> condition_of(std::string_view key) {
  const std::optional<std::string_view> rest = after(key, "includeif.");
  if (!rest || !rest->ends_with(".path")) return std::nullopt;
  return rest->substr(0, rest->size() - std::string_view(".path").size());
}

std::string for_directories(std::string pattern) { return pattern.ends_with('/') ? pattern + "**" : pattern; }

enum class Unreadable { fails, as_if_missing };  // what a file means that the user may not read

enum class Remotes { known, unknown };  // unknown: conditions that ask about them do not hold

class Reader {
 public:
  Reader(base::Fs& disk, const ConfigPlace& place, const Environment& environment, Remotes remotes)
      : disk_(disk), place_(place), environment_(environment), remotes_(remotes) {}

  std::variant<Settings, Problem> run() {
    read_system();
    read_global();
    const std::string common = base::below(place_.common_dir, "config");
    add_file(common, Unreadable::fails, 0);
    if (!problem_ && is_per_worktree(common)) add_worktree(base::below(place_.git_dir, "config.worktree"));
    add_counted();
    add_parameters();
    if (problem_) return std::move(*problem_);
    return std::move(settings_);
  }

 private:
  const std::string* variable(std::string_view name) const {  // also if it is empty
    const auto found = environment_.variables.find(name);
    return found == environment_.variables.end() ? nullptr : &found->second;
  }

  void fail(std::string detail, std::string remedy = "") {
    if (!problem_) problem_ = bad_setting(std::move(detail), std::move(remedy));
  }

  // -- Where entries come from
  // ------------------------------------------------------------------------------------------

  void read_system() {
    if (const std::string* no_system = variable("GIT_CONFIG_NOSYSTEM")) {
      const std::optional<bool> skip = parse_bool(*no_system);
      if (!skip) return fail("`GIT_CONFIG_NOSYSTEM` is neither true nor false", "write 1, or unset it");
      if (*skip) return;
    }
    const std::string* named = variable("GIT_CONFIG_SYSTEM");
    add_file(named ? *named : kSystemFile, Unreadable::fails, 0);
  }

  void read_global() {
    if (const std::string* named = variable("GIT_CONFIG_GLOBAL")) return add_file(*named, Unreadable::as_if_missing, 0);
    const std::string home = environment_.value("HOME");
    const std::string xdg = environment_.value("XDG_CONFIG_HOME");
    if (!xdg.empty() || !home.empty())
      add_file((xdg.empty() ? home + "/.config" : xdg) + "/git/config", Unreadable::as_if_missing, 0);
    if (!home.empty()) add_file(home + "/.gitconfig", Unreadable::as_if_missing, 0);
  }

  /// As the repository's own file says, without what it includes.
  bool is_per_worktree(const std::string& common) {
    const base::Result<std::string> text = disk_.read_file(common, kMaxFile);
    bool result = false;
    for (const ConfigEntry& entry : parse_config(text.value).entries) {
      if (entry.key == "extensions.worktreeconfig") result = parse_bool(entry.value).value_or(false);
    }
    return result;
  }

  /// libgit2 has opened the repository without it.
  void add_worktree(const std::string& path) {
    const std::size_t before = settings_.entries.size();
    add_file(path, Unreadable::fails, 0);
    for (std::size_t i = before; i < settings_.entries.size() && !problem_; ++i) {
      const ConfigEntry& entry = settings_.entries[i];
      const bool bare = entry.key == "core.bare" && parse_bool(entry.value).value_or(true);
      if (bare || entry.key == "core.worktree")
        fail("`" + entry.key + "` is set in `" + path + "`, which meshfedc does not support",
             "build to a directory, and commit with `git`");
    }
  }

  void add_file(const std::string& path, Unreadable unreadable, int depth) {
    if (path.empty() || problem_) return;
    const base::Result<std::string> text = disk_.read_file(path, kMaxFile);
    if (text.error == ENOENT || text.error == ENOTDIR) return;
    if (text.error == EACCES && unreadable == Unreadable::as_if_missing) return;
    if (!text.ok()) return fail("`" + path + "`: " + std::generic_category().message(text.error));
    const ConfigText parsed = parse_config(text.value);
    if (parsed.bad_line != 0)
      return fail("`" + path + "` has a mistake in line " + std::to_string(parsed.bad_line),
                  "correct it: `git config --list` must be able to read it");
    add(parsed.entries, path, depth);
  }

  void add_counted() {
    const std::string* text = variable("GIT_CONFIG_COUNT");
    if (!text || text->empty() || problem_) return;
    unsigned count = 0;
    const char* end = text->data() + text->size();
    const auto [rest, error] = std::from_chars(text->data(), end, count);
    if (error != std::errc() || rest != end || count > kMaxCount)
      return fail("`GIT_CONFIG_COUNT` is not a valid number");
    std::vector<ConfigEntry> entries;
    for (unsigned i = 0; i < count; ++i) {
      const std::string number = std::to_string(i);
      const std::string* name = variable("GIT_CONFIG_KEY_" + number);
      const std::string* value = variable("GIT_CONFIG_VALUE_" + number);
      std::optional<std::string> key = name ? config_key(*name) : std::nullopt;
      if (!key) return fail("`GIT_CONFIG_KEY_" + number + "` is not the name of a setting");
      if (!value) return fail("`GIT_CONFIG_VALUE_" + number + "` is not set");
      entries.push_back({std::move(*key), *value});
    }
    add(entries, "", 0);
  }

  void add_parameters() {
    const std::string* text = variable("GIT_CONFIG_PARAMETERS");
    if (!text || problem_) return;
    const std::optional<std::vector<ConfigEntry>> entries = parse_config_parameters(*text);
    if (!entries) return fail("`GIT_CONFIG_PARAMETERS` is not in the format that `git -c` writes");
    add(*entries, "", 0);
  }

  // -- Includes
  // ---------------------------------------------------------------------------------------------------------

  /// `file` is what they stand in; empty: the environment.
  void add(const std::vector<ConfigEntry>& entries, const std::string& file, int depth) {
    for (const ConfigEntry& entry : entries) {
      if (problem_) return;
      settings_.entries.push_back(entry);
      const std::optional<std::string_view> condition = condition_of(entry.key);
      if (entry.key == "include.path" || (condition && holds(std::string(*condition), file)))
        include(entry, file, depth);
    }
  }

  void include(const ConfigEntry& entry, const std::string& file, int depth) {
    if (problem_) return;
    if (!entry.value) return fail("`" + entry.key + "` names no file");
    std::variant<std::string, Problem> expanded = expand_path(*entry.value, environment_);
    if (auto* problem = std::get_if<Problem>(&expanded)) {
      problem_ = std::move(*problem);
      return;
    }
    std::string path = std::move(std::get<std::string>(expanded));
    if (!path.starts_with('/')) {
      if (file.empty())
        return fail("`" + entry.key + "` is a relative path that is not set in a file", "use an absolute path");
      path = base::below(base::directory_of(file), path);
    }
    if (depth == kMaxDepth)
      return fail("`" + path + "` is included more than " + std::to_string(kMaxDepth) + " files deep");
    add_file(path, Unreadable::fails, depth + 1);
  }

  bool holds(const std::string& condition, const std::string& file) {
    if (const auto pattern = after(condition, "gitdir:")) return is_git_dir(*pattern, file, Case::sensitive);
    if (const auto pattern = after(condition, "gitdir/i:")) return is_git_dir(*pattern, file, Case::ignored);
    if (const auto pattern = after(condition, "onbranch:"))
      return !place_.branch.empty() && wildmatch(for_directories(std::string(*pattern)), place_.branch);
    if (const auto pattern = after(condition, "hasconfig:remote.*.url:")) return has_remote(*pattern);
    fail("`includeIf \"" + condition + "\"` is a condition that meshfedc does not know",
         "set the values in that file without a condition, or build to a directory and commit with `git`");
    return false;
  }

  bool is_git_dir(std::string_view condition, const std::string& file, Case letters) {
    std::string literal;  // in which `*` and the like stand for themselves
    std::string pattern(condition);
    if (pattern.starts_with("~")) {
      std::variant<std::string, Problem> expanded = expand_path(pattern, environment_);
      if (auto* problem = std::get_if<Problem>(&expanded)) {
        problem_ = std::move(*problem);
        return false;
      }
      const std::string home = canonical(environment_.value("HOME"));
      pattern = home + pattern.substr(1);
    } else if (pattern.starts_with("./")) {
      if (file.empty()) return false;
      literal = base::directory_of(canonical(file)) + "/";
      pattern.erase(0, 2);
    } else if (!pattern.starts_with('/')) {
      pattern.insert(0, "**/");
    }
    pattern = for_directories(std::move(pattern));
    for (const std::string& directory : {place_.git_dir, named_git_dir()}) {
      if (directory.size() < literal.size()) continue;
      const std::string_view begin = std::string_view(directory).substr(0, literal.size());
      const std::string_view rest = std::string_view(directory).substr(literal.size());
      if (equal(begin, literal, letters) && wildmatch(pattern, rest, letters)) return true;
    }
    return false;
  }

  static bool equal(std::string_view a, std::string_view b, Case letters) {
    const auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return letters == Case::sensitive
               ? a == b
               : std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return low(x) == low(y); });
  }

  /// As the shell names it, where links lead to the working tree; empty: not otherwise than without.
  std::string named_git_dir() const {
    const std::string working = environment_.value("PWD");
    if (working.empty() || !place_.git_dir.starts_with(place_.root) || canonical(working) != place_.root) return "";
    return working + place_.git_dir.substr(place_.root.size());
  }

  std::string canonical(const std::string& path) const {
    const base::Result<std::string> found = disk_.canonical(path);
    return found.ok() ? found.value : path;
  }

  bool has_remote(std::string_view pattern) {
    if (remotes_ == Remotes::unknown) return false;
    if (!urls_) {
      urls_.emplace();
      const std::variant<Settings, Problem> all = Reader(disk_, place_, environment_, Remotes::unknown).run();
      if (const auto* settings = std::get_if<Settings>(&all)) {
        for (const ConfigEntry& entry : settings->entries) {
          if (entry.key.starts_with("remote.") && entry.key.ends_with(".url") && entry.value)
            urls_->push_back(*entry.value);
        }
      }
    }
    return std::any_of(urls_->begin(), urls_->end(), [&](const std::string& url) { return wildmatch(pattern, url); });
  }

  base::Fs& disk_;
  const ConfigPlace& place_;
  const Environment& environment_;
  Remotes remotes_;
  Settings settings_;
  std::optional<std::vector<std::string>> urls_;
  std::optional<Problem> problem_;
};

}  // namespace

const ConfigEntry* Settings::find(std::string_view key, std::string_view other) const {
  const auto found = std::find_if(entries.rbegin(), entries.rend(),
                                  [&](const ConfigEntry& entry) { return entry.key == key || entry.key == other; });
  return found == entries.rend() ? nullptr : &*found;
}

std::string Settings::text(std::string_view key) const {
  const ConfigEntry* entry = find(key);
  return entry ? entry->value.value_or("") : "";
}

std::variant<Settings, Problem> read_settings(base::Fs& disk, const ConfigPlace& place,
                                              const Environment& environment) {
  return Reader(disk, place, environment, Remotes::known).run();
}

std::variant<bool, Problem> flag(const Settings& settings, std::string_view key) {
  const ConfigEntry* entry = settings.find(key);
  if (!entry) return false;
  if (const std::optional<bool> value = parse_bool(entry->value)) return *value;
  return bad_setting("`" + std::string(key) + "` is `" + *entry->value + "`, neither true nor false",
                     "write `git config " + std::string(key) + " true`, or `false`");
}

std::variant<std::string, Problem> expand_path(const std::string& path, const Environment& environment) {
  if (path.starts_with("%(prefix)/") || (path.starts_with('~') && !path.starts_with("~/") && path != "~"))
    return bad_setting("`" + path + "` starts with a prefix that meshfedc does not support", "use an absolute path");
  if (!path.starts_with('~')) return path;
  const std::string home = environment.value("HOME");
  if (home.empty()) return bad_setting("`" + path + "` is in the user's directory, and `HOME` is not set", "");
  return home + path.substr(1);
}

Problem bad_setting(std::string detail, std::string remedy) {
  return {Problem::Kind::bad_setting, std::move(detail), std::move(remedy)};
}

}  // namespace meshfed::git
