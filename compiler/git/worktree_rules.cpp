#include "git/worktree_rules.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/path.hpp"
#include "git/ignore_rule.hpp"
#include "git/presence.hpp"
#include "git/repository.hpp"

namespace meshfed::git {
namespace {

constexpr std::size_t kMaxRules = std::size_t{1} << 20;  // bytes of a file of rules
constexpr std::string_view kIgnoreFile = ".gitignore";

bool is_ignored(git_repository& repository, const std::string& path) {
  int ignored = 0;
  return git_ignore_path_is_ignored(&ignored, &repository, path.c_str()) == 0 && ignored == 1;
}

/// The uppermost directory above the path that is ignored, else the path itself. What is in it never matters to Git.
std::string excluded(git_repository& repository, const std::string& path) {
  for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    if (is_ignored(repository, path.substr(0, slash + 1))) return path.substr(0, slash);
  }
  return path;
}

std::string shown(const Opened& opened, const std::string& file) {
  return file.starts_with(opened.below_root) ? file.substr(opened.below_root.size()) : file;
}

/// The files that rules may come from, the strongest first, each with the directory that they are about.
std::vector<std::pair<std::string, std::string>> rule_files(const Opened& opened, const Environment& environment,
                                                            const std::string& path) {
  std::vector<std::pair<std::string, std::string>> files;
  for (std::string_view up = path; !up.empty();) {
    up = base::parent_of(up);
    const std::string directory(up);
    files.emplace_back(base::below((opened.root / directory).generic_string(), kIgnoreFile), directory);
  }
  files.emplace_back(std::string(git_repository_commondir(opened.repository.get())) + "info/exclude", "");
  git_config* config = nullptr;
  if (git_repository_config_snapshot(&config, opened.repository.get()) != 0) return files;
  const Config owned(config);
  git_buf excludes = GIT_BUF_INIT;
  if (git_config_get_path(&excludes, config, "core.excludesfile") == 0) files.emplace_back(excludes.ptr, "");
  git_buf_dispose(&excludes);
  const std::string* home = environment.find("XDG_CONFIG_HOME");
  files.emplace_back(home ? *home + "/git/ignore" : environment.value("HOME") + "/.config/git/ignore", "");
  return files;
}

void find_rule(base::Fs& disk, const Opened& opened, const Environment& environment, IgnoredFile& found) {
  found.file = kIgnoreFile;
  for (const auto& [file, directory] : rule_files(opened, environment, found.excluded)) {
    const base::Result<std::string> text = disk.read_file(file, kMaxRules);
    const std::string path = directory.empty() ? found.excluded : found.excluded.substr(directory.size() + 1);
    const auto rule = text.ok() ? deciding_rule(text.value, path, found.directory) : std::nullopt;
    if (!rule) continue;
    found.rule = rule->text;
    const std::string where = shown(opened, file);
    found.place = "`" + where + "`, line " + std::to_string(rule->line);
    if (base::name_of(file) == kIgnoreFile) found.file = where;
    return;
  }
}

/// Below the rule, these take it out again; a name alone holds in every directory.
std::string undo(const IgnoredFile& found) {
  if (!found.directory) return "`!" + std::string(base::name_of(found.excluded)) + "`";
  const std::string from(base::parent_of(found.file));
  const std::string path = from.empty() ? found.excluded : found.excluded.substr(from.size() + 1);
  return "`!/" + path + "/` and `!/" + path + "/**`";
}

/// The longest directory that both are in; empty: the top.
std::string common_directory(std::string a, const std::string& b) {
  while (!a.empty() && b.compare(0, a.size() + 1, a + '/') != 0) a = base::parent_of(a);
  return a;
}

/// The rule excludes this one as well: what takes both out again. What lies between is not excluded itself.
void undo_too(IgnoredFile& found, const std::string& excluded) {
  if (!found.directory || excluded == found.excluded) return;
  found.excluded = common_directory(std::string(base::parent_of(found.excluded)), excluded);
  const std::string from(base::parent_of(found.file));
  const std::string path = found.excluded.substr(std::min(found.excluded.size(), from.empty() ? 0 : from.size() + 1));
  found.undo = path.empty() ? "`!/**`" : "`!/" + path + "/**`";
}

Index index_of(const Opened& opened, const Environment& environment) {
  git_index* index = nullptr;
  const std::string file = environment.value("GIT_INDEX_FILE");
  if (file.empty())
    git_repository_index(&index, opened.repository.get());
  else
    git_index_open(&index, (opened.root / file).c_str());
  return Index(index);
}

bool is_tracked(git_index* index, const std::string& path) {
  return index && git_index_find(nullptr, index, path.c_str()) == 0;
}

bool is_configured(git_config& config, const std::string& filter) {
  constexpr auto kPrograms = std::to_array<std::string_view>({"clean", "smudge", "process"});
  return std::any_of(kPrograms.begin(), kPrograms.end(), [&](std::string_view program) {
    const char* value = nullptr;
    const std::string key = "filter." + filter + "." + std::string(program);
    return git_config_get_string(&value, &config, key.c_str()) == 0 && *value != '\0';
  });
}

bool is_utf8(std::string_view encoding) {
  return encoding == "UTF-8" || encoding == "utf-8" || encoding == "UTF8" || encoding == "utf8";
}

struct Attribute {
  const char* name;
  const char* undo;
};
// `working-tree-encoding` cannot be unset: Git takes that for the name of an encoding.
constexpr auto kAttributes =
    std::to_array<Attribute>({{"filter", "-filter"}, {"working-tree-encoding", "!working-tree-encoding"}});

std::string value_of(git_repository& repository, const std::string& path, const char* attribute) {
  const char* value = nullptr;
  if (git_attr_get(&value, &repository, GIT_ATTR_CHECK_FILE_THEN_INDEX, path.c_str(), attribute) != 0) return "";
  return git_attr_value(value) == GIT_ATTR_VALUE_STRING ? value : "";
}

}  // namespace

std::vector<IgnoredFile> ignored_files(base::Fs& disk, const std::string& directory, const Environment& environment,
                                       const std::vector<std::string>& paths) {
  if (!may_be_in_repository(disk, directory, environment)) return {};
  const Library library;
  const Opened opened = open(disk, directory, environment);
  if (!opened.repository || opened.bare) return {};
  std::vector<IgnoredFile> all;
  std::map<std::string, std::size_t> causes;  // and what was found of each
  std::optional<Index> index;
  for (const std::string& path : paths) {
    const std::optional<std::string> inner = inside(opened, path);
    if (!inner || inner->empty() || !is_ignored(*opened.repository, *inner)) continue;
    if (!index) index = index_of(opened, environment);
    if (is_tracked(index->get(), *inner)) continue;
    IgnoredFile found{.path = path, .excluded = excluded(*opened.repository, *inner)};
    found.directory = found.excluded != *inner;
    find_rule(disk, opened, environment, found);
    const std::string unknown = found.directory ? found.excluded : std::string(base::name_of(found.excluded));
    const auto [cause, is_new] = causes.try_emplace(found.place.empty() ? unknown : found.place, all.size());
    if (!is_new) {
      undo_too(all[cause->second], found.excluded);
      continue;
    }
    found.undo = undo(found);
    all.push_back(std::move(found));
  }
  return all;
}

std::vector<Conversion> conversions(base::Fs& disk, const std::string& directory, const Environment& environment,
                                    const std::vector<std::string>& paths) {
  const Library library;
  const Opened opened = open(disk, directory, environment);
  git_config* config = nullptr;
  if (!opened.repository || opened.bare || git_repository_config_snapshot(&config, opened.repository.get()) != 0)
    return {};
  const Config owned(config);
  std::vector<Conversion> all;
  std::set<std::string> known;
  for (const std::string& path : paths) {
    const std::optional<std::string> inner = inside(opened, path);
    if (!inner || inner->empty()) continue;
    for (const Attribute& one : kAttributes) {
      const std::string value = value_of(*opened.repository, *inner, one.name);
      const bool filter = &one == &kAttributes.front();
      if (value.empty() || (filter ? !is_configured(*config, value) : is_utf8(value))) continue;
      std::string attribute = std::string(one.name) + "=" + value;
      if (known.insert(attribute).second) all.push_back({path, std::move(attribute), one.undo});
    }
  }
  return all;
}

}  // namespace meshfed::git
