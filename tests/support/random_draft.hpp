// A random federation while it is being made: random_clusters.cpp says what there is, random_exports.cpp who serves
// whom.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "support/random.hpp"
#include "support/random_federation.hpp"

namespace meshfed::testing {

using Strings = std::vector<std::string>;

struct DraftMesh {
  std::string name;
  std::string trust_domain = "cluster.local";
  std::string root_namespace = "istio-system";
  bool reads = false;  // of several clusters, whose istiods read each other: much of them must be alike
};

struct DraftCluster {
  std::string name;
  std::size_t mesh;
  std::size_t network;
  bool gateway = false;
  bool pending = false;
  bool router = false;
  TomlTable table;
  std::set<std::string> must_import;
};

/// Clusters by index.
struct Roles {
  std::set<std::size_t> sources;  // networks
  std::set<std::size_t> from, merge, to;
  bool everyone = false;

  bool has_workloads(std::size_t cluster) const { return from.contains(cluster) || merge.contains(cluster); }
  bool merges(std::size_t cluster) const {
    return merge.contains(cluster) || (from.contains(cluster) && to.contains(cluster));
  }
  bool merges_somewhere() const;
};

/// What an export's objects select: labels, and so pods, which may be those of other exports, too.
struct Selection {
  std::string app;                            // what the pods are called
  std::map<std::string, std::string> labels;  // empty: not said
};

struct DraftPort {
  std::string name;
  std::string protocol;  // empty: that of the name
  std::size_t number;
  std::size_t target;
};

struct DraftExport {
  std::string name;
  std::string ns;
  Roles roles;
  Selection selection;
  std::vector<DraftPort> ports;
  Strings accounts;                  // empty: not said
  Strings callers;                   // empty: not said
  std::size_t target_shift = 0;      // added to each target port: exports of one shift have the same ones
  bool main_file = false;            // says what a fragment may not
  bool service = false;              // naming "service"
  bool preferring = false;           // says where calls go, so that no place may share them out
  std::set<std::string> namespaces;  // of single places
  bool alias = false;                // has further hosts
  bool own_accounts = false;         // some of its pods have accounts that no other export of them says
  bool has_rule = true;              // a DestinationRule of ours
  TomlTable table;
};

/// What is chosen first (trust domains, names instead of IPs, localities) bounds what may be chosen later, so that the
/// result has no errors; warnings are welcome.
struct Draft {
  explicit Draft(std::uint64_t seed);

  TomlTable& table(std::string header);
  bool reads(std::size_t cluster) const { return meshes[clusters[cluster].mesh].reads; }

  Random random;
  bool equal_domains, host_names, localities, global_default;
  RandomFederation result;
  std::vector<DraftMesh> meshes;
  Strings networks;
  std::vector<DraftCluster> clusters;
  std::vector<DraftExport> exports;
};

std::string quoted_list(const Strings& items);

/// What `outlier` may be, but for `false`, beside which `prefer` would be an error.
std::string random_outlier(Random& random);

/// [defaults], [mesh.*], [network.*], and which clusters there are.
void draft_clusters(Draft& draft);
/// [export.*], of clusters that are there.
void draft_exports(Draft& draft);
/// Some of the exports are found in manifests: their tables keep what is not said there.
void discover_exports(Draft& draft, std::uint64_t seed);
/// [export.*.at.*] of an export that says everything else.
void draft_places(Draft& draft, DraftExport& exported);
/// [cluster.*], which say what they import.
void finish_clusters(Draft& draft);
/// [trust], and what tables that are there say of it and of installers.
void draft_installation(Draft& draft, std::uint64_t seed);

}  // namespace meshfed::testing
