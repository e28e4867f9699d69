// federation.toml as values: what was written, table by table, defaults filled in, names not yet looked up. Knows no
// TOML. Members stand in the order of the key reference; a member's initialiser is the key's default.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "model/value.hpp"
#include "model/words.hpp"

namespace meshfed::model {

/// The way out of a cluster, per remote network. Written as one word or as a table; tables merge when they are
/// inherited.
struct Egress {
  Value<EgressMode> fallback{EgressMode::direct};
  std::vector<std::pair<Name, EgressMode>> networks;  // by network name, in byte order
  bool table = false;                                 // false: a plain word, which replaces what is inherited
};

/// Keys of [defaults], each of which a [mesh.*] and a [cluster.*] may override, in this order.
struct Settings {
  Value<Istio> istio;
  Name revision;
  Value<GatewayApi> gateway_api;
  Value<Channel> gateway_api_channel{Channel::standard};
  Value<bool> alpha_gateway_api{false};
  Value<Mtls> mtls{Mtls::unmanaged};
  Value<Egress> egress;
  Value<bool> dns_capture{false};
  Name cluster_domain{"cluster.local"};
  Value<Namespaces> namespaces{Namespaces::assume};
  Value<bool> kustomization{true};
  Value<Files> files{Files::host};
  Name import_namespace;
  Names accept;

  /// Calls `visit(key, member pointer)` for each key that a lower table simply replaces: all but `egress` and `accept`.
  template <class Visit>
  static void each_replaced(Visit visit) {
    visit("istio", &Settings::istio);
    visit("revision", &Settings::revision);
    visit("gateway_api", &Settings::gateway_api);
    visit("gateway_api_channel", &Settings::gateway_api_channel);
    visit("alpha_gateway_api", &Settings::alpha_gateway_api);
    visit("mtls", &Settings::mtls);
    visit("dns_capture", &Settings::dns_capture);
    visit("cluster_domain", &Settings::cluster_domain);
    visit("namespaces", &Settings::namespaces);
    visit("kustomization", &Settings::kustomization);
    visit("files", &Settings::files);
    visit("import_namespace", &Settings::import_namespace);
  }
};

/// What holds below `child` when `parent` holds above it. Of `egress` only where it is said, and of `accept` only the
/// child's own: these are tables and lists, which nobody copies into every cluster.
Settings inherit(const Settings& parent, const Settings& child);

/// The mode towards one network, by name, as settings say it, the lowest first. `egress` tables merge; a word replaces
/// all that is above it.
EgressMode egress_towards(std::initializer_list<const Settings*> settings, const std::string& network);

struct Mesh {
  Name name;
  Settings settings;
  Name trust_domain{"cluster.local"};
  Name root_namespace{"istio-system"};
  Value<bool> remote_secrets{false};
};

struct Network {
  Name name;
  Value<int> egress_port{15443};
};

/// How one consumer network reaches a gateway.
struct View {
  Name network;  // the consumer's
  Names addresses;
  Value<int> port;  // absent: the gateway's
};

struct Gateway {
  Names addresses;  // IPs or full host names
  Value<int> port{15443};
  Value<bool> pending{false};
  std::vector<View> seen_from;  // by network name, in byte order
  Name namespace_;              // absent: the mesh's root namespace
  Name name{"eastwest-gateway"};
  Value<bool> deploy{true};
  Labels selector;
  Value<bool> view{false};
  Names passes;  // hosts, or `*.<suffix>`
  Value<ServiceType> service_type{ServiceType::load_balancer};
  Labels annotations;
  Name parameters;
};

struct EgressGateway {
  Name namespace_;  // absent: the mesh's root namespace
  Name name{"egress-gateway"};
  Value<bool> deploy{true};
  Labels selector;  // of an existing one, and so are the next two
  Name service;
  Numbers ports;
  Value<EgressRoute> route{EgressRoute::virtualservice};
  Value<EgressBackend> backend{EgressBackend::serviceentry};
  Name parameters;
};

/// A list of names, or "*" for all.
struct Selection {
  bool all = true;
  Names names;
};

struct Cluster {
  Name name;
  Settings settings;
  Name mesh;
  Name network;
  Value<std::optional<Gateway>> gateway;
  Name locality;
  Value<Selection> imports;
  Value<EgressGateway> egress_gateway;
};

struct Port {
  Name name;
  Value<int> number;
  Value<int> target;         // absent: number
  Value<Protocol> protocol;  // absent: from the prefix of the name
};

/// A number for every source network, with exceptions.
struct Weight {
  Value<int> fallback{1};
  std::vector<std::pair<Name, Value<int>>> networks;  // by network name, in byte order
};

struct Export {
  Name name;
  Name namespace_;
  Value<Naming> naming;  // absent: federation.naming
  Name host;             // absent: <name>.<federation.domain>
  Name service;          // absent: name
  Labels selector;
  Name canonical_name;
  Value<std::vector<Port>> ports;
  Names from;
  Names merge;
  Names to;  // may hold "*"
  Names service_accounts;
  Value<bool> destination_rule{true};
  Value<Prefer> prefer{Prefer::spread};
  Value<Weight> weight;
  Names callers;
  Names visible_to;
  Names vip;
  Names accept;
  bool fragment = false;  // declared in an included file
  std::string digest;     // of its name and of what its table says, however it is written
};

/// What the included files that match the glob may say; a key left out allows everything, but for `vips`.
struct FragmentRule {
  Name name;  // the glob
  Names namespaces;
  Names from;
  Names to;
  Names vips;  // addresses and CIDR blocks; absent: none
};

struct IncludedFile {
  std::string path;  // relative to the main file's directory
  source::FileId file = 0;
  source::Span include;  // the pattern that named it
};

/// Vectors are in the order of their names' bytes, which is the order of ids.
struct Federation {
  Value<int> version;
  Names include;
  Name name;
  Name domain{"mesh.global"};
  Value<Naming> naming{Naming::global};
  Names accept;
  Settings defaults;
  std::vector<Mesh> meshes;
  std::vector<Network> networks;
  std::vector<Cluster> clusters;
  std::vector<Export> exports;
  std::vector<FragmentRule> fragments;
  std::vector<IncludedFile> included;  // by path
  source::FileId file = 0;             // the main file
  std::string digest;                  // of all that is said but the exports, however it is written
};

}  // namespace meshfed::model
