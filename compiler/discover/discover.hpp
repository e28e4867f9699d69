// The exports that manifests say: Services with certain labels, and what is known of them. Reads texts that are there
// already, and opens no file; names are not checked for their form.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "diag/sink.hpp"
#include "discover/objects.hpp"
#include "model/federation.hpp"

namespace meshfed::discover {

/// One [discover.*] table, and the objects of the files that its patterns match.
struct Search {
  const model::Discovery* table = nullptr;
  std::vector<const Objects*> manifests;
  bool complete = true;  // false: some could not be read, so that nothing is said of what is missing
};

/// Whether [export.NAME] of the main file sets a key: nobody is told what is wrong with a value that is not taken.
using IsSet = std::function<bool(std::string_view exported, std::string_view key)>;

/// The exports, by name, each with the values of its Service, its workloads and its table. Two that have one name are
/// an error, and so is a table that finds none. The same whatever the order of files, documents and objects is.
std::vector<model::Export> find_exports(const source::Manager& files, const std::vector<Search>& searches,
                                        const IsSet& is_set, diag::Sink& sink);

}  // namespace meshfed::discover
