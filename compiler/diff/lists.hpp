// The kustomization.yaml files of a published cluster. What they do not list is not applied, and so is not published;
// and what was done to them by hand is undone by the next build, as with any object.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "diff/compare.hpp"
#include "k8s/kustomization.hpp"
#include "yaml/value.hpp"

namespace meshfed::diff {

/// By directory; "" is the cluster's own.
using Lists = std::map<std::string, yaml::Map, std::less<>>;

/// The lists that a build writes for files at these paths.
Lists lists_of(const std::vector<std::string_view>& paths);

/// As they stand there. What is no mapping is added to `unreadable`.
Lists read_lists(const Published& published, std::vector<Unreadable>& unreadable);

/// The files that are applied: all, unless there are lists, and these lead to some only.
std::vector<const Manifest*> applied_files(const Published& published, const Lists& lists);

/// What a build changes in `lists`, apart from what follows from files that come and go: a list that names exactly the
/// files of its directory is as it was written. Changes as of objects; `document` is full.
std::vector<Change> edited_lists(const Published& published, const Lists& lists, const Lists& after);

}  // namespace meshfed::diff
