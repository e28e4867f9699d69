// Gateways of both kinds, and routes.
#include <algorithm>

#include "base/ascii.hpp"
#include "interpret/read_kinds.hpp"

namespace meshfed::interpret {
namespace {

/// Of a server's `tls`: without a word it is the first one of the enumeration.
Server::Mode server_mode(std::string_view word) {
  if (word.empty() || word == "PASSTHROUGH") return Server::Mode::passthrough;
  if (word == "AUTO_PASSTHROUGH") return Server::Mode::auto_passthrough;
  return Server::Mode::other;
}

bool is_plain(std::string_view protocol) {
  std::string word(protocol);
  std::transform(word.begin(), word.end(), word.begin(), base::to_lower);
  return word == "http" || word == "http2" || word == "grpc" || word == "grpc-web";
}

Server server_of(Fields& fields) {
  Server server;
  {
    Fields port = fields.map("port");
    server.port = port.number("number");
    server.protocol = port.text("protocol");
    server.plain = is_plain(server.protocol);
    port.ignore({"name"});
  }
  server.hosts = fields.texts("hosts");
  const bool has_tls = fields.has("tls");
  Fields tls = fields.map("tls");
  const Server::Mode mode = server_mode(tls.text("mode"));
  if (has_tls) server.mode = mode;
  fields.ignore({"name"});
  return server;
}

Listener listener_of(Fields& fields) {
  Listener listener{.name = fields.text("name"),
                    .port = fields.number("port"),
                    .protocol = fields.text("protocol"),
                    .hostname = fields.text("hostname")};
  {
    Fields tls = fields.map("tls");
    listener.passthrough = tls.text("mode") == "Passthrough";
    const Labels options = tls.labels("options");
    listener.auto_passthrough = label(options, "gateway.istio.io/listener-protocol") == "auto-passthrough";
    tls.ignore({"certificateRefs"});
  }
  {
    Fields routes = fields.map("allowedRoutes");
    listener.same_namespace = routes.map("namespaces").text("from") != "All";
    routes.ignore({"kinds"});
  }
  return listener;
}

/// buildDestination (config/kube/gateway/conversion.go): what is no kind of backend leads nowhere; a backend with a
/// mistake in it spoils the route.
Destination backend_of(Fields& fields, TlsRoute& route) {
  const std::string name = fields.text("name"), ns = fields.text("namespace"), group = fields.text("group");
  const std::string kind = fields.has("kind") ? fields.text("kind") : "Service";
  Destination backend{.host = name, .port = fields.number("port"), .weight = 1};
  if (fields.has("weight")) backend.weight = fields.number("weight");
  if (backend.weight == 0) return backend;
  const bool is_service = group.empty() && kind == "Service";
  const bool is_import = group == "multicluster.x-k8s.io" && kind == "ServiceImport";
  const bool is_hostname = group == "networking.istio.io" && kind == "Hostname";
  if (!ns.empty() && ns != route.ns) fields.gap("namespace");  // that takes a ReferenceGrant
  if (is_service || is_import)
    backend.host = name + "." + (ns.empty() ? route.ns : ns) + ".svc";
  else if (!is_hostname)
    backend.host = kind + "." + group + "/" + name;
  else if (!ns.empty())
    route.refused = true;
  if (is_service && name.find('.') != std::string::npos) route.refused = true;
  if ((is_service || is_import || is_hostname) && backend.port == 0) route.refused = true;
  return backend;
}

/// istiod calls listeners after their address, and whether that is one of IPv6 depends on the pods.
bool is_named_by_ipv6(std::string_view listener) { return listener.find(':') != std::string_view::npos; }

}  // namespace

void read_spec(Fields& spec, IstioGateway& gateway) {
  gateway.selector = spec.labels("selector");
  spec.each("servers", [&](Fields& server) { gateway.servers.push_back(server_of(server)); });
}

void read_spec(Fields& spec, KubeGateway& gateway) {
  gateway.class_name = spec.text("gatewayClassName");
  {
    Fields infrastructure = spec.map("infrastructure");
    if (infrastructure.has("labels")) gateway.infrastructure = infrastructure.labels("labels");
    // What they hold is the Deployment's business: how many pods, where, and of which size.
    infrastructure.ignore({"annotations", "parametersRef"});
  }
  std::size_t count = 0;
  spec.each("addresses", [&](Fields& address) {
    const std::string type = address.text("type");
    const bool is_ip = type.empty() || type == "IPAddress";
    gateway.managed = ++count == 1 && is_ip;
    gateway.by_services = gateway.by_services || type == "Hostname";
    std::string value = address.text("value");
    // Without a type the API server makes it an IPAddress. Others are passed over (handleGatewayResource in
    // serviceregistry/kube/controller/network.go).
    if (is_ip || type == "Hostname") gateway.addresses.push_back(std::move(value));
  });
  spec.each("listeners", [&](Fields& listener) { gateway.listeners.push_back(listener_of(listener)); });
}

void read_spec(Fields& spec, TlsRoute& route) {
  route.hostnames = spec.texts("hostnames");
  spec.each("parentRefs", [&](Fields& parent) {
    TlsRoute::Parent one{
        .ns = parent.text("namespace"), .name = parent.text("name"), .section = parent.text("sectionName")};
    if (one.ns.empty()) one.ns = route.ns;
    const std::string kind = parent.text("kind"), group = parent.text("group");
    if (kind.ends_with("ListenerSet") || parent.has("port")) parent.gap("kind");
    const bool is_gateway =
        (kind.empty() || kind == "Gateway") && (group.empty() || group == "gateway.networking.k8s.io");
    if (!is_gateway) return;
    route.parents.push_back(std::move(one));
  });
  spec.each("rules", [&](Fields& rule) {
    std::vector<Destination> backends;
    rule.each("backendRefs", [&](Fields& backend) {
      Destination one = backend_of(backend, route);
      if (one.weight > 0) backends.push_back(std::move(one));
    });
    rule.ignore({"name"});
    route.rules.push_back(std::move(backends));
  });
}

void read_spec(Fields& spec, EnvoyFilter& filter) {
  filter.selector = spec.map("workloadSelector").labels("labels");
  spec.each("configPatches", [&](Fields& patch) {
    EnvoyFilter::Names names;
    if (patch.text("applyTo") != "FILTER_CHAIN") patch.gap("applyTo");
    {
      Fields match = patch.map("match");
      const std::string context = match.text("context");
      if (context != "GATEWAY" && context != "ANY" && !context.empty()) match.gap("context");
      Fields listener = match.map("listener");
      names.port = listener.number("portNumber");
      names.listener = listener.text("name");
      if (is_named_by_ipv6(names.listener)) listener.gap("name");
      names.sni = listener.map("filterChain").text("sni");
      // Only gateways have chains of such names: without one the patch would be for sidecars, too.
      if (context != "GATEWAY" && names.sni.empty()) match.gap("context");
    }
    Fields change = patch.map("patch");
    if (change.text("operation") != "MERGE") change.gap("operation");
    names.added = change.map("value").map("filter_chain_match").texts("server_names");
    filter.names.push_back(std::move(names));
  });
}

void read_spec(Fields& spec, Route& route) {
  route.host = spec.text("host");
  route.passthrough = spec.map("tls").text("termination") == "passthrough";
  {
    Fields to = spec.map("to");
    route.service = to.text("name");
    if (const std::string kind = to.text("kind"); !kind.empty() && kind != "Service") to.gap("kind");
    to.ignore({"weight"});
  }
  {
    Fields port = spec.map("port");
    const yaml::View target = port.take("targetPort");
    route.port = target.number().value_or(0);
    if (const std::string* name = target.text()) route.port_name = *name;
  }
  if (spec.text("wildcardPolicy") == "Subdomain") spec.gap("wildcardPolicy");
}

}  // namespace meshfed::interpret
