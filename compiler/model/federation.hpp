// federation.toml as values: what was written, table by table, defaults filled in, names not yet looked up. Knows no
// TOML. Members stand in the order of the key reference; a member's initialiser is the key's default.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/certificate.hpp"
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

/// The version of an istiod: a minor, and the patch where it is said. Mostly only the minor matters, and is compared.
struct IstioVersion {
  Istio minor{};
  std::optional<int> patch;

  constexpr operator Istio() const { return minor; }
  bool operator==(const IstioVersion&) const = default;

  /// It is known to be of that release of its minor or a later one.
  bool is_at_least(int wanted) const { return patch && *patch >= wanted; }
};

/// "1.30" or "1.30.4"
std::string word(const IstioVersion& version);

using Duration = std::chrono::milliseconds;

/// When an endpoint that fails is left out, and for how long. Written as a table, or as `false`; tables merge when they
/// are inherited.
struct Outlier {
  bool on = true;
  Value<int> errors{5};  // in a row
  Value<Counted> count{Counted::gateway};
  Value<Duration> interval{std::chrono::seconds(10)};
  Value<Duration> ejection{std::chrono::seconds(30)};
  Value<int> max_percent{100};
};

/// How istiod is installed. Written as one word, or as a table.
struct Install {
  Value<Installer> by{Installer::none};
  Value<Applier> apply{Applier::none};
  Value<UpdateStrategy> update{UpdateStrategy::in_place};

  bool operator==(const Install& other) const {
    return *by == *other.by && *apply == *other.apply && *update == *other.update;
  }
};

/// Keys of [defaults], each of which a [mesh.*] and a [cluster.*] may override, in this order.
struct Settings {
  Value<IstioVersion> istio;
  Name revision;
  Value<GatewayApi> gateway_api;
  Value<Channel> gateway_api_channel{Channel::standard};
  Value<bool> alpha_gateway_api{false};
  Value<Dataplane> dataplane{Dataplane::sidecar};
  Value<Mtls> mtls{Mtls::unmanaged};
  Value<Egress> egress;
  Value<bool> dns_capture{false};
  Name cluster_domain{"cluster.local"};
  Value<Namespaces> namespaces{Namespaces::assume};
  Value<bool> kustomization{true};
  Value<Files> files{Files::host};
  Name import_namespace;
  Value<Outlier> outlier;
  Value<Install> install;
  Names accept;

  /// Calls `visit(key, member pointer)` for each key that a lower table simply replaces: all but `egress`,
  /// `outlier` and `accept`.
  template <class Visit>
  static void each_replaced(Visit visit) {
    visit("istio", &Settings::istio);
    visit("revision", &Settings::revision);
    visit("gateway_api", &Settings::gateway_api);
    visit("gateway_api_channel", &Settings::gateway_api_channel);
    visit("alpha_gateway_api", &Settings::alpha_gateway_api);
    visit("dataplane", &Settings::dataplane);
    visit("mtls", &Settings::mtls);
    visit("dns_capture", &Settings::dns_capture);
    visit("cluster_domain", &Settings::cluster_domain);
    visit("namespaces", &Settings::namespaces);
    visit("kustomization", &Settings::kustomization);
    visit("files", &Settings::files);
    visit("import_namespace", &Settings::import_namespace);
    visit("install", &Settings::install);
  }
};

/// What holds below `child` when `parent` holds above it. Of `egress` only where it is said, and of `accept` only the
/// child's own: these are tables and lists, which nobody copies into every cluster.
Settings inherit(const Settings& parent, const Settings& child);

/// The same of outlier detection: key by key, and `false` replaces all that is above it.
Value<Outlier> inherit(const Value<Outlier>& parent, const Value<Outlier>& child);

/// The mode towards one network, by name, as settings say it, the lowest first. `egress` tables merge; a word replaces
/// all that is above it.
EgressMode egress_towards(std::initializer_list<const Settings*> settings, const std::string& network);

/// The certificates of a PEM file.
struct CertificateFile {
  std::string pem;
  std::vector<base::Certificate> certificates;  // as they stand there; none if the file could not be read
};

/// Where the key and the certificate come from that istiod signs with; never the key. Written as one word, or as a
/// table.
struct Cacerts {
  Value<CacertsFrom> from{CacertsFrom::none};
  Name store;   // of an ExternalSecret: a ClusterSecretStore
  Name key;     // in it; absent: the mesh's name
  Name issuer;  // of cert-manager and istio-csr: a ClusterIssuer
};

struct Mesh {
  Name name;
  Settings settings;
  Name trust_domain{"cluster.local"};
  Name root_namespace{"istio-system"};
  Value<bool> remote_secrets{false};
  Name root;          // the file of its root certificates
  Name intermediate;  // the file of the certificate that its istiods sign with
  Value<Cacerts> cacerts;
  CertificateFile root_file;
  CertificateFile intermediate_file;
};

/// Whose certificates the meshes accept.
struct Trust {
  Value<TrustMode> mode{TrustMode::shared_root};
  Value<ForeignDomains> domains{ForeignDomains::distinct};
  Value<Cacerts> cacerts;
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

/// What stands before a gateway, routes TLS by its server name, and is dialled on one port: an OpenShift router.
struct Router {
  Names addresses;  // IPs or full host names
  Name service;     // of the gateway's pods; absent: the deployed gateway's own
};

/// How many pods a deployed gateway has: a number, or a range for an autoscaler.
struct Replicas {
  Value<int> min;
  Value<int> max;
  bool range = false;  // false: min and max are the number
};

struct Gateway {
  Names addresses;  // IPs or full host names
  Value<int> port{15443};
  Value<bool> pending{false};
  std::vector<View> seen_from;  // by network name, in byte order
  Value<std::optional<Router>> router;
  Name namespace_;  // absent: the mesh's root namespace
  Name name{"eastwest-gateway"};
  Value<bool> deploy{true};
  Labels selector;
  Value<bool> view{false};
  Names passes;  // hosts, or `*.<suffix>`
  Value<ServiceType> service_type{ServiceType::load_balancer};
  Labels annotations;
  Name parameters;
  Value<Replicas> replicas;  // absent: istiod's own, one
  Value<bool> protect{false};
};

struct EgressGateway {
  Name namespace_;  // absent: the mesh's root namespace
  Name name{"egress-gateway"};
  Value<bool> deploy{true};
  Labels selector;  // of an existing one, and so are the next two
  Name service;
  NumberList ports;
  Value<EgressRoute> route{EgressRoute::virtualservice};
  Value<EgressBackend> backend{EgressBackend::serviceentry};
  Name parameters;
  Value<Replicas> replicas;
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

/// What a network counts, against one pod.
int weight_of(const Weight& weight, std::string_view network);

/// Something about a Service that was found which may be meant otherwise; check/discovered.cpp reports it.
struct Doubt {
  enum class Kind : std::uint8_t { no_selector, headless, port_left_out, several_accounts };

  Kind kind = Kind::no_selector;
  source::Span span;
  std::string text = {};  // what the message names
};

/// Where an export was found.
struct Discovered {
  std::string table;      // the name of [discover.*]
  source::Span service;   // the Service's name in its manifest
  std::string file = {};  // as messages show it
  std::vector<Doubt> doubts = {};
};

/// Istio's ConnectionPoolSettings, by its own names. Nothing has a default here: what is absent is Istio's to decide.
struct Keepalive {
  Value<int> probes;
  Value<Duration> time;
  Value<Duration> interval;
};

struct TcpPool {
  Value<int> max_connections;
  Value<Duration> connect_timeout;
  Value<Keepalive> keepalive;
  Value<Duration> max_connection_duration;
  Value<Duration> idle_timeout;
};

struct HttpPool {
  Value<int> http1_max_pending_requests;
  Value<int> http2_max_requests;
  Value<int> max_requests_per_connection;
  Value<int> max_retries;
  Value<Duration> idle_timeout;
  Value<H2Upgrade> h2_upgrade_policy;
  Value<bool> use_client_protocol;
  Value<int> max_concurrent_streams;
};

struct ConnectionPool {
  Value<TcpPool> tcp;
  Value<HttpPool> http;
};

/// Numbers by name, in the order of the names' bytes.
using Numbers = Value<std::vector<std::pair<Name, Value<int>>>>;

/// The word for a cluster's own workloads in a share; its other names are networks.
inline constexpr std::string_view kLocalShare = "local";

/// What an export says of one mesh or cluster, in place of its own keys.
struct Place {
  Name name;  // of the mesh or cluster
  Name namespace_;
  Labels selector;
  Name canonical_name;
  Names service_accounts;
  Numbers targets;  // by the names of ports
  Value<Weight> weight;
  Numbers share;  // percentages by network, and of the local workloads
  Names alias;    // in place of the export's, for the clusters there as consumers
  Value<ConnectionPool> connection_pool;
};

struct Export {
  Name name;
  Name namespace_;
  Value<Naming> naming;  // absent: federation.naming
  Name host;             // absent: <name>.<federation.domain>
  Names alias;           // further hosts
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
  Value<Outlier> outlier;
  Value<ConnectionPool> connection_pool;
  Names callers;
  Names visible_to;
  Names vip;
  std::vector<Place> at;  // by name of the mesh or cluster
  Names accept;
  bool fragment = false;  // declared in an included file
  std::string digest;     // of its name and of what its table says, however it is written
  std::optional<Discovered> discovered;
};

/// Exports that the manifests of applications say: each Service with these labels.
struct Discovery {
  Name name;
  Names manifests;  // paths and patterns
  Labels selector;
  Names namespaces;  // absent: all
  Names at;          // who serves what is found
  Export defaults;   // of what is found
  std::string digest;
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
  Value<Trust> trust;
  std::vector<Mesh> meshes;
  std::vector<Network> networks;
  std::vector<Cluster> clusters;
  std::vector<Export> exports;
  std::vector<FragmentRule> fragments;
  std::vector<Discovery> discoveries;
  std::vector<IncludedFile> included;  // by path
  source::FileId file = 0;             // the main file
  std::string digest;  // of all that is said but the exports and where to find some, however it is written
};

}  // namespace meshfed::model
