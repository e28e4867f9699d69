// Where an export names a cluster.
#pragma once

#include <string_view>
#include <unordered_map>

#include "model/resolved_federation.hpp"

namespace meshfed::check {

/// Finds the items of lists by the clusters that they mean. Each list is read once, when it is first asked for.
class Items {
 public:
  explicit Items(const model::ResolvedFederation& resolved) : resolved_(resolved) {}

  /// Where the cluster is meant: in `names` by its own name, or else its mesh's; in `others` so; or where the export
  /// is.
  const source::Span& span(const model::Export& exported, const model::Names& names, const model::Names& others,
                           model::ClusterId id) {
    if (const model::Name* name = find(names, id)) return name->span;
    if (const model::Name* name = find(others, id)) return name->span;
    return exported.name.span;
  }

 private:
  using List = std::unordered_map<std::string_view, const model::Name*>;

  const model::Name* find(const model::Names& names, model::ClusterId id) {
    const auto [list, fresh] = lists_.try_emplace(&names);
    if (fresh) {
      for (const model::Name& name : *names) {
        if (name.given()) list->second.try_emplace(*name, &name);
      }
    }
    const auto own = list->second.find(*resolved_.cluster(id).name);
    if (own != list->second.end()) return own->second;
    const auto mesh = resolved_.clusters[id].mesh == model::kNone ? list->second.end()
                                                                  : list->second.find(*resolved_.mesh_of(id).name);
    return mesh == list->second.end() ? nullptr : mesh->second;
  }

  const model::ResolvedFederation& resolved_;
  std::unordered_map<const model::Names*, List> lists_;
};

}  // namespace meshfed::check
