#include "interpret/read.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "base/text.hpp"
#include "interpret/read_kinds.hpp"

namespace meshfed::interpret {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kExportTo = "networking.istio.io/exportTo";

/// Labels and annotations of Istio and Gateway API that change nothing between sidecars, or that are read elsewhere.
constexpr std::array kHarmless = {
    kNetworkLabel,
    kTlsModeLabel,
    kGatewayNameLabel,
    kClusterLabel,
    kSubzoneLabel,
    "istio.io/rev"sv,
    kExportTo,
    kGatewayPortLabel,
    "istio-injection"sv,
    "istio-locality"sv,
    "networking.istio.io/service-type"sv,
    "service.istio.io/canonical-name"sv,
    "service.istio.io/canonical-revision"sv,
    "gateway.networking.k8s.io/gateway-class-name"sv,
    "gateway.istio.io/managed"sv,
};

bool is_istios(std::string_view key) {
  const std::string_view prefix = key.substr(0, key.find('/'));
  return prefix.size() != key.size() && (prefix == "istio.io" || prefix.ends_with(".istio.io"));
}

void note_istios(const Labels& pairs, std::string_view where, Object& object) {
  for (const auto& [key, value] : pairs) {
    if (is_istios(key) && std::find(kHarmless.begin(), kHarmless.end(), key) == kHarmless.end())
      object.gaps.push_back(std::string(where).append(".").append(key));
  }
}

struct Meta {
  Labels labels;
  Labels annotations;
};

Meta read_meta(Fields& document, Object& object) {
  Fields metadata = document.map("metadata");
  object.name = metadata.text("name");
  object.ns = metadata.text("namespace");
  if (object.ns.empty()) object.ns = "default";
  object.created = metadata.text("creationTimestamp");
  Meta meta{.labels = metadata.labels("labels"), .annotations = metadata.labels("annotations")};
  note_istios(meta.labels, "metadata.labels", object);
  note_istios(meta.annotations, "metadata.annotations", object);
  metadata.ignore({"uid", "resourceVersion", "generation", "generateName", "managedFields", "finalizers",
                   "ownerReferences", "selfLink"});
  return meta;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view part = text.substr(0, comma);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

void take_meta(const Meta& meta, Service& service) {
  service.gateway_network = label(meta.labels, kNetworkLabel);
  const std::string_view port = label(meta.labels, kGatewayPortLabel);
  std::from_chars(port.data(), port.data() + port.size(), service.gateway_port);
  if (service.entry) return;
  service.hosts = {service.name + "." + service.ns + ".svc"};
  service.export_to = split(label(meta.annotations, kExportTo));
}

void take_meta(const Meta& meta, WorkloadEntry& entry) {
  for (const auto& [key, value] : meta.labels) set_label(entry.endpoint.labels, key, value);
}

void take_meta(const Meta& meta, EndpointSlice& slice) {
  slice.service = label(meta.labels, "kubernetes.io/service-name");
}

void take_meta(Meta meta, KubeGateway& gateway) { gateway.labels = std::move(meta.labels); }

void take_meta(const Meta&, Object&) {}

void take_status(yaml::View status, Service& service) {
  for (const yaml::Value& ingress : status["loadBalancer"]["ingress"].items()) {
    for (const std::string_view key : {"ip", "hostname"}) {
      if (const std::string* address = yaml::View(ingress)[key].text()) service.given.push_back(*address);
    }
  }
}

/// An object of a kind that has a `spec`.
template <class Kind>
Kind read_kind(yaml::View node, std::string_view kind, void (*read)(Fields&, Kind&)) {
  Kind object;
  object.kind = kind;
  Fields document(node, object);
  document.ignore({"apiVersion", "kind", "status"});
  if constexpr (std::is_same_v<Kind, Service>) take_status(node["status"], object);
  Meta meta = read_meta(document, object);
  if constexpr (std::is_same_v<Kind, WorkloadEntry>) take_meta(meta, object);
  {
    Fields spec = document.map("spec");
    read(spec, object);
  }
  if constexpr (!std::is_same_v<Kind, WorkloadEntry>) take_meta(std::move(meta), object);
  return object;
}

EndpointSlice read_slice(yaml::View node) {
  EndpointSlice slice;
  slice.kind = "EndpointSlice.discovery.k8s.io";
  Fields document(node, slice);
  document.ignore({"apiVersion", "kind"});
  take_meta(read_meta(document, slice), slice);
  read_body(document, slice);
  return slice;
}

/// Groups whose objects may change what proxies do.
bool is_of_account(std::string_view group) {
  return group.ends_with(".istio.io") || group == "gateway.networking.k8s.io" || group == "multicluster.x-k8s.io";
}

/// Kinds of these groups that change nothing between sidecars.
constexpr std::array kHarmlessKinds = {"GatewayClass"sv, "ReferenceGrant"sv, "HTTPRoute"sv,   "GRPCRoute"sv,
                                       "Telemetry"sv,    "WorkloadGroup"sv,  "ProxyConfig"sv, "IstioOperator"sv};

std::string_view group_of(std::string_view version) {
  const std::size_t slash = version.find('/');
  return slash == std::string_view::npos ? std::string_view() : version.substr(0, slash);
}

void read_unknown(yaml::View node, const std::string& kind, std::string_view group, Objects& objects) {
  if (!is_of_account(group) || std::find(kHarmlessKinds.begin(), kHarmlessKinds.end(), kind) != kHarmlessKinds.end())
    return void(++objects.of_no_account);
  std::string id = kind + "." + std::string(group);
  for (const std::string_view key : {"namespace", "name"}) {
    if (const std::string* text = node["metadata"][key].text()) id += "/" + *text;
  }
  objects.unknown.push_back(std::move(id));
}

void read_networking(yaml::View node, const std::string& kind, Objects& objects) {
  if (kind == "ServiceEntry")
    objects.services.push_back(read_kind<Service>(node, "ServiceEntry.networking.istio.io", read_entry_spec));
  else if (kind == "WorkloadEntry")
    objects.entries.push_back(read_kind<WorkloadEntry>(node, "WorkloadEntry.networking.istio.io", read_spec));
  else if (kind == "DestinationRule")
    objects.rules.push_back(read_kind<DestinationRule>(node, "DestinationRule.networking.istio.io", read_spec));
  else if (kind == "VirtualService")
    objects.virtual_services.push_back(
        read_kind<VirtualService>(node, "VirtualService.networking.istio.io", read_spec));
  else if (kind == "Gateway")
    objects.istio_gateways.push_back(read_kind<IstioGateway>(node, "Gateway.networking.istio.io", read_spec));
  else if (kind == "EnvoyFilter")
    objects.filters.push_back(read_kind<EnvoyFilter>(node, "EnvoyFilter.networking.istio.io", read_spec));
  else
    read_unknown(node, kind, "networking.istio.io", objects);
}

void read_security(yaml::View node, const std::string& kind, Objects& objects) {
  if (kind == "PeerAuthentication")
    objects.authentications.push_back(
        read_kind<PeerAuthentication>(node, "PeerAuthentication.security.istio.io", read_spec));
  else if (kind == "AuthorizationPolicy")
    objects.policies.push_back(
        read_kind<AuthorizationPolicy>(node, "AuthorizationPolicy.security.istio.io", read_spec));
  else
    read_unknown(node, kind, "security.istio.io", objects);
}

void read_gateway_api(yaml::View node, const std::string& kind, std::string_view version, Objects& objects) {
  if (kind == "Gateway") {
    objects.kube_gateways.push_back(read_kind<KubeGateway>(node, "Gateway.gateway.networking.k8s.io", read_spec));
  } else if (kind == "TLSRoute") {
    objects.tls_routes.push_back(read_kind<TlsRoute>(node, "TLSRoute.gateway.networking.k8s.io", read_spec));
    objects.tls_routes.back().version = version.substr(version.find('/') + 1);
  } else {
    read_unknown(node, kind, "gateway.networking.k8s.io", objects);
  }
}

}  // namespace

void read(yaml::View node, Objects& objects) {
  const std::string* kind = node["kind"].text();
  const std::string* version = node["apiVersion"].text();
  if (!kind || !version) return void(++objects.of_no_account);
  const std::string_view group = group_of(*version);
  if (group == "networking.istio.io")
    read_networking(node, *kind, objects);
  else if (group == "security.istio.io")
    read_security(node, *kind, objects);
  else if (group == "gateway.networking.k8s.io")
    read_gateway_api(node, *kind, *version, objects);
  else if (group.empty() && *kind == "Service")
    objects.services.push_back(read_kind<Service>(node, "Service", read_spec));
  else if (group == "route.openshift.io" && *kind == "Route")
    objects.routes.push_back(read_kind<Route>(node, "Route.route.openshift.io", read_spec));
  else if (group == "discovery.k8s.io" && *kind == "EndpointSlice")
    objects.slices.push_back(read_slice(node));
  else
    read_unknown(node, *kind, group, objects);
}

std::string id_of(const Object& object) { return base::concat({object.kind, "/", object.ns, "/", object.name}); }

std::string key_of(const Object& object) { return base::concat({object.ns, "/", object.name}); }

bool is_older(const Object& a, const Object& b) {
  return std::tie(a.created, a.name, a.ns) < std::tie(b.created, b.name, b.ns);
}

}  // namespace meshfed::interpret
