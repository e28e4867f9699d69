#include "diff/lists.hpp"

#include <set>
#include <utility>
#include <variant>

#include "base/path.hpp"
#include "diff/lookup.hpp"
#include "yaml/reader.hpp"
#include "yaml/writer.hpp"

namespace meshfed::diff {
namespace {

// What people write for a path that they mean to be in the same directory.
std::string_view plain(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

std::vector<std::string> names_in(const yaml::Map& list) {
  std::vector<std::string> names;
  const yaml::Value* resources = find(list, "resources");
  const auto* items = resources ? std::get_if<yaml::List>(&resources->data()) : nullptr;
  if (!items) return names;
  for (const yaml::Value& item : *items) {
    if (const auto* name = std::get_if<std::string>(&item.data())) names.emplace_back(plain(*name));
  }
  return names;
}

std::vector<std::string_view> paths_of(const std::vector<Manifest>& files) {
  std::vector<std::string_view> paths;
  paths.reserve(files.size());
  for (const Manifest& file : files) paths.push_back(file.path);
  return paths;
}

std::string id_of_list(const std::string& directory) {
  return "Kustomization.kustomize.config.k8s.io/" + base::below(directory, std::string(k8s::kKustomizationName));
}

const yaml::Map* list_of(const Lists& lists, const std::string& directory) {
  const auto found = lists.find(directory);
  return found == lists.end() ? nullptr : &found->second;
}

// Null where there is none.
void compare_list(const std::string& directory, const yaml::Map* before, const yaml::Map* after,
                  std::vector<Change>& changes) {
  if (before && after) {
    std::vector<FieldChange> fields = compare_fields(*before, *after);
    if (fields.empty()) return;
    changes.push_back({.action = Action::change,
                       .id = id_of_list(directory),
                       .document = *after,
                       .fields = std::move(fields),
                       .before = *before});
  } else if (before) {
    changes.push_back({Action::remove, id_of_list(directory), *before});
  } else if (after) {
    changes.push_back({Action::add, id_of_list(directory), *after});
  }
}

}  // namespace

Lists lists_of(const std::vector<std::string_view>& paths) {
  Lists lists;
  for (const auto& [directory, list] : k8s::kustomizations(paths)) lists.emplace(directory, k8s::document(list));
  return lists;
}

Lists read_lists(const Published& published, std::vector<Unreadable>& unreadable) {
  Lists lists;
  for (const Manifest& file : published.lists) {
    yaml::Reading reading = yaml::read(file.text);
    yaml::Map& list = lists[std::string(base::parent_of(file.path))];
    std::string problem = std::move(reading.problem);
    for (yaml::Value& document : reading.documents) {
      if (document == yaml::Value()) continue;  // nothing lists nothing
      const auto* map = std::get_if<yaml::Map>(&document.data());
      if (map && list.empty())
        list = *map;
      else
        problem = "it is not one mapping";
    }
    if (!problem.empty()) unreadable.push_back({base::below(published.directory, file.path), std::move(problem)});
  }
  return lists;
}

std::vector<const Manifest*> applied_files(const Published& published, const Lists& lists) {
  std::vector<const Manifest*> files;
  std::set<std::string> reached, visited = {""};
  std::vector<std::string> directories = {""};
  while (published.listed && !directories.empty()) {
    const std::string directory = std::move(directories.back());
    directories.pop_back();
    const yaml::Map* list = list_of(lists, directory);
    if (!list) continue;
    for (const std::string& name : names_in(*list)) {
      std::string path = base::below(directory, name);
      if (!lists.contains(path))
        reached.insert(std::move(path));
      else if (visited.insert(path).second)
        directories.push_back(std::move(path));
    }
  }
  for (const Manifest& file : published.files) {
    if (!published.listed || reached.contains(file.path)) files.push_back(&file);
  }
  return files;
}

std::vector<Change> edited_lists(const Published& published, const Lists& lists, const Lists& after) {
  std::vector<Change> changes;
  if (!published.listed) return changes;
  Lists written = lists_of(paths_of(published.files));
  for (const auto& [directory, list] : lists) written.try_emplace(directory);
  for (const auto& [directory, should] : written) {
    const yaml::Map* before = list_of(lists, directory);
    const bool as_written = before && compare_fields(should, *before).empty();
    if (!as_written) compare_list(directory, before, list_of(after, directory), changes);
  }
  return changes;
}

}  // namespace meshfed::diff
