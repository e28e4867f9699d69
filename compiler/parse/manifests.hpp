// Which files the patterns of [discover.*] mean.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/fs.hpp"
#include "diag/sink.hpp"
#include "model/federation.hpp"

namespace meshfed::parse {

struct ManifestFile {
  std::string shown;      // as messages show it: beside the main file's own path
  std::string canonical;  // free of links; what is opened
  source::Span pattern;   // one that matches it
};

struct Manifests {
  std::vector<ManifestFile> files;           // each once, in byte order of paths
  std::vector<std::vector<std::size_t>> of;  // by table: indexes, ascending
  std::vector<bool> complete;                // by table: nothing is wrong with its patterns
};

/// The files that the patterns of each table match. What is no file below the main file's directory is reported. A
/// wildcard at the end of a pattern means files that are named as YAML or JSON; `**` goes into no link and into no
/// directory that meshfedc wrote.
Manifests find_manifests(base::Fs& fs, const std::string& entry, const std::vector<model::Discovery>& tables,
                         diag::Sink& sink);

}  // namespace meshfed::parse
