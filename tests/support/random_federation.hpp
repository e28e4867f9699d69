// Random federations that are right: every key of the language appears in some of them, and all of them compile.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace meshfed::testing {

/// A table of federation.toml: its header without brackets (empty for the top level) and its lines, in no particular
/// order.
struct TomlTable {
  std::string header;
  std::vector<std::string> lines;
};

struct RandomFederation {
  std::vector<TomlTable> tables;                              // of the main file; the first is the top level
  std::map<std::string, std::vector<TomlTable>> fragments;    // by path, relative to the main file
  std::map<std::string, std::vector<std::string>> manifests;  // by path: documents
  std::map<std::string, std::string> certificates;            // by path

  /// The files by path, "federation.toml" among them. A `shuffle` other than 0 permutes tables, lines and documents.
  std::map<std::string, std::string> files(std::uint64_t shuffle = 0) const;
};

/// Whether some exports are found in manifests, or all are written out; both mean the same.
enum class Said { found, written };

/// The same for the same seed, on every machine.
RandomFederation random_federation(std::uint64_t seed, Said said = Said::found);

}  // namespace meshfed::testing
