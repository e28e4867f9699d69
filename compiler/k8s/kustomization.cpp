#include "k8s/kustomization.hpp"

#include <algorithm>
#include <utility>

#include "yaml/literal.hpp"

namespace meshfed::k8s {
namespace {

// A directory and a name in it, both parts of some file's path.
using Listed = std::pair<std::string_view, std::string_view>;

// The path in its directory, that directory in the one above, and so on up to the top.
void list(std::string_view path, std::vector<Listed>& listed) {
  for (;;) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return listed.push_back({"", path});
    listed.emplace_back(path.substr(0, slash), path.substr(slash + 1));
    path = path.substr(0, slash);
  }
}

}  // namespace

yaml::Map document(const Kustomization& kustomization) {
  return {
      {"apiVersion", "kustomize.config.k8s.io/v1beta1"},
      {"kind", "Kustomization"},
      {"resources", kustomization.resources},
  };
}

std::map<std::string, Kustomization, std::less<>> kustomizations(const std::vector<std::string_view>& paths) {
  std::vector<Listed> listed;
  for (const std::string_view path : paths) list(path, listed);
  std::sort(listed.begin(), listed.end());
  listed.erase(std::unique(listed.begin(), listed.end()), listed.end());
  std::map<std::string, Kustomization, std::less<>> lists;
  lists.emplace("", Kustomization());
  for (const auto& [directory, name] : listed)
    lists.try_emplace(lists.end(), std::string(directory))->second.resources.emplace_back(name);
  return lists;
}

}  // namespace meshfed::k8s
