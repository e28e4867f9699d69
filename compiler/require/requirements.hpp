// What must be true outside of what is written: of istiod, of the network, of gateways that others deploy. Nothing here
// is looked at in a cluster; where a command shows it, that is named.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/checked.hpp"

namespace meshfed::require {

struct Requirement {
  std::string_view name;       // a stable word: "network-label"
  std::string text;            // a sentence without a full stop
  std::string command = {};    // prints what is to be compared; may be empty
  std::string_view code = {};  // of the diagnostic whose explanation says why; may be empty
};

struct ClusterRequirements {
  std::string cluster;
  std::vector<Requirement> requirements;
};

struct Step {
  std::string_view name;                   // a stable word for what is done: "apply"
  std::string text;                        // without a full stop
  std::vector<std::string> clusters = {};  // where it is done, one after the other; by name
  std::vector<std::string> files = {};     // that it changes, as federation.toml names them
};

/// A change in several steps. While they are done in their order, one after the other, no call is lost.
struct Procedure {
  std::string title;
  std::vector<Step> steps;
};

struct Requirements {
  std::vector<ClusterRequirements> clusters;  // by name
  std::vector<Procedure> procedures;
};

// cluster.cpp
/// Of one cluster, in a fixed order.
ClusterRequirements requirements_of(const check::Checked& checked, model::ClusterId cluster);

// upgrade.cpp
/// From the Istio that a cluster runs to a later one.
Procedure upgrade(const check::Checked& checked, model::ClusterId cluster, const model::IstioVersion& to);

// rotation.cpp
/// To another root certificate of a mesh.
Procedure rotate_root(const check::Checked& checked, model::MeshId mesh);

// render.cpp
std::string render_text(const Requirements& all);
std::string render_markdown(const Requirements& all);
std::string render_json(const Requirements& all);
/// The JSON Schema of what render_json() gives.
std::string json_schema();

}  // namespace meshfed::require
