#include "k8s/service_entry.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::each;
using yaml::if_any;
using yaml::Map;

namespace {

const char* spelling(ServiceEntry::Location location) {
  switch (location) {
    case ServiceEntry::Location::MeshInternal:
      return "MESH_INTERNAL";
    case ServiceEntry::Location::MeshExternal:
      return "MESH_EXTERNAL";
  }
  __builtin_unreachable();
}

const char* spelling(ServiceEntry::Resolution resolution) {
  switch (resolution) {
    case ServiceEntry::Resolution::Static:
      return "STATIC";
    case ServiceEntry::Resolution::Dns:
      return "DNS";
  }
  __builtin_unreachable();
}

Map port(const ServiceEntry::Port& port) {
  return {
      {"name", port.name},
      {"number", port.number},
      {"protocol", port.protocol},
      {"targetPort", port.target_port},
  };
}

Map endpoint(const ServiceEntry::Endpoint& endpoint) {
  return {
      {"address", if_any(endpoint.address)},   {"network", if_any(endpoint.network)},
      {"locality", if_any(endpoint.locality)}, {"weight", endpoint.weight},
      {"labels", if_any(endpoint.labels)},
  };
}

}  // namespace

Map spec(const ServiceEntry& entry) {
  return {
      {"hosts", entry.hosts},
      {"exportTo", if_any(entry.export_to)},
      {"addresses", if_any(entry.addresses)},
      {"location", spelling(entry.location)},
      {"ports", each(entry.ports, port)},
      {"resolution", spelling(entry.resolution)},
      {"subjectAltNames", if_any(entry.subject_alt_names)},
      {"workloadSelector", if_any(Map{{"labels", if_any(entry.workload_selector)}})},
      {"endpoints", if_any(each(entry.endpoints, endpoint))},
  };
}

}  // namespace meshfed::k8s
