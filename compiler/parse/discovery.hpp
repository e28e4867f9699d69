// [discover.*]: reads the manifests that it names and makes exports of what they say.
#pragma once

#include <map>
#include <string>

#include "base/fs.hpp"
#include "diag/sink.hpp"
#include "model/federation.hpp"
#include "source/manager.hpp"
#include "syntax/node.hpp"

namespace meshfed::parse {

struct FoundExports {
  std::map<std::string, model::Export, std::less<>> exports;  // by name
  bool complete = true;  // false: something could not be read, and is reported, so that exports may be missing
};

/// What the tables find. `left` is how many bytes may still be read of all files together, and becomes less. `exports`
/// is [export.*] of the main file, if there is one: what it sets is not looked at.
FoundExports discover_exports(base::Fs& fs, const std::string& entry, const std::vector<model::Discovery>& tables,
                              const syntax::Node* exports, source::Manager& files, std::size_t& left, unsigned jobs,
                              diag::Sink& sink);

}  // namespace meshfed::parse
