// Services, ServiceEntries and what serves them.
#include <algorithm>
#include <string_view>

#include "base/ascii.hpp"
#include "interpret/read_kinds.hpp"

namespace meshfed::interpret {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), base::to_lower);
  return out;
}

/// As Istio names protocols (pkg/config/protocol/instance.go). What is left out is sniffed, and TCP to whom it matters
/// here.
Protocol protocol_of(std::string_view word) {
  const std::string name = lower(word);
  if (name == "udp") return Protocol::udp;
  if (name.starts_with("http") && name != "https") return Protocol::http;
  if (name.starts_with("grpc")) return Protocol::http;
  if (name == "https" || name == "tls") return Protocol::tls;
  return Protocol::tcp;
}

/// Of a Service's port: `appProtocol`, else the prefix of its name (pkg/config/kube/conversion.go).
Protocol protocol_of(std::string_view transport, std::string_view application, std::string_view name) {
  if (lower(transport) == "udp") return Protocol::udp;
  if (!application.empty()) return protocol_of(application);
  if (name.starts_with("grpc-web")) return Protocol::http;
  return protocol_of(name.substr(0, name.find('-')));
}

std::map<std::string, std::int64_t> ports_of(Fields& fields, std::string_view key) {
  std::map<std::string, std::int64_t> ports;
  for (const yaml::Entry& entry : fields.take(key).entries()) {
    if (const auto number = yaml::View(entry.value).number())
      ports[entry.key] = *number;
    else
      fields.gap(key);
  }
  return ports;
}

EndpointSpec endpoint_of(Fields& fields) {
  return {.address = fields.text("address"),
          .network = fields.text("network"),
          .locality = fields.text("locality"),
          .weight = fields.number("weight"),
          .account = fields.text("serviceAccount"),
          .labels = fields.labels("labels"),
          .ports = ports_of(fields, "ports")};
}

Resolution resolution_of(std::string_view word) {
  if (word.empty() || word == "NONE") return Resolution::none;
  if (word == "STATIC") return Resolution::fixed;
  if (word == "DNS" || word == "DNS_ROUND_ROBIN") return Resolution::dns;
  return Resolution::other;
}

void read_service_port(Fields& fields, Service& service) {
  Port port{.name = fields.text("name"), .number = fields.number("port")};
  const yaml::View target = fields.take("targetPort");
  port.target = target.number().value_or(target.present() ? 0 : port.number);
  if (const std::string* name = target.text()) port.target_name = *name;
  const std::string application = fields.text("appProtocol");
  port.protocol = protocol_of(fields.text("protocol"), application, port.name);
  fields.ignore({"nodePort"});
  service.ports.push_back(std::move(port));
}

void read_entry_port(Fields& fields, Service& service) {
  Port port{.name = fields.text("name"), .number = fields.number("number"), .target = fields.number("targetPort")};
  if (port.target == 0) port.target = port.number;
  port.protocol = protocol_of(fields.text("protocol"));
  service.ports.push_back(std::move(port));
}

}  // namespace

void read_spec(Fields& spec, Service& service) {
  service.selector = spec.labels("selector");
  const std::string address = spec.text("clusterIP");
  service.headless = address == "None";
  if (!address.empty() && !service.headless) service.addresses = {address};
  spec.each("ports", [&](Fields& port) { read_service_port(port, service); });
  if (spec.text("type") == "ExternalName") spec.gap("type");
  if (spec.text("internalTrafficPolicy") == "Local") spec.gap("internalTrafficPolicy");
  spec.ignore({"clusterIPs", "ipFamilies", "ipFamilyPolicy", "sessionAffinity", "externalTrafficPolicy", "externalIPs",
               "allocateLoadBalancerNodePorts", "healthCheckNodePort", "loadBalancerIP", "loadBalancerClass",
               "loadBalancerSourceRanges"});
}

void read_entry_spec(Fields& spec, Service& service) {
  service.entry = true;
  service.hosts = spec.texts("hosts");
  service.export_to = spec.texts("exportTo");
  service.addresses = spec.texts("addresses");
  service.external = spec.text("location") != "MESH_INTERNAL";
  service.resolution = resolution_of(spec.text("resolution"));
  if (service.resolution == Resolution::none || service.resolution == Resolution::other) spec.gap("resolution");
  spec.each("ports", [&](Fields& port) { read_entry_port(port, service); });
  service.sans = spec.texts("subjectAltNames");
  const bool selects = spec.has("workloadSelector");
  service.selector = spec.map("workloadSelector").labels("labels");
  service.selects_all = selects && service.selector.empty();
  spec.each("endpoints", [&](Fields& endpoint) { service.endpoints.push_back(endpoint_of(endpoint)); });
}

void read_spec(Fields& spec, WorkloadEntry& entry) {
  Labels outer = std::move(entry.endpoint.labels);  // of the metadata, which win
  entry.endpoint = endpoint_of(spec);
  for (const auto& [key, value] : outer) set_label(entry.endpoint.labels, key, value);
}

void read_body(Fields& document, EndpointSlice& slice) {
  if (document.text("addressType") == "FQDN") document.gap("addressType");
  document.each("endpoints", [&](Fields& endpoint) {
    for (std::string& address : endpoint.texts("addresses")) slice.addresses.push_back(std::move(address));
    endpoint.ignore({"conditions", "nodeName", "zone", "hints", "hostname", "deprecatedTopology"});
  });
  document.each("ports", [&](Fields& port) {
    const std::string name = port.text("name");
    slice.ports[name] = port.number("port");
    port.ignore({"protocol", "appProtocol"});
  });
}

}  // namespace meshfed::interpret
