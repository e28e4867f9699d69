// ServiceEntry: a host that becomes callable in this mesh, with the endpoints that serve it.
// https://istio.io/latest/docs/reference/config/networking/service-entry/
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct ServiceEntry {
  static constexpr std::string_view kGroup = "networking.istio.io", kVersion = "v1", kKind = "ServiceEntry";

  enum class Location { MeshInternal, MeshExternal };
  enum class Resolution { Static, Dns };

  struct Port {
    std::string name;
    std::int64_t number;
    std::string protocol;                          // as Istio spells it: `HTTP`, `GRPC`, `TCP`, …
    std::optional<std::int64_t> target_port = {};  // left out: `number`

    bool operator==(const Port&) const = default;
  };

  // Either an address, or a network (with STATIC resolution), which is then reached through that network's gateway.
  struct Endpoint {
    std::string address = {};
    std::string network = {};
    std::string locality = {};  // `region[/zone[/subzone]]`
    std::optional<std::int64_t> weight = {};
    StringMap labels = {};

    bool operator==(const Endpoint&) const = default;
  };

  Meta meta;
  std::vector<std::string> hosts;
  std::vector<std::string> export_to = {};  // namespaces, `.` (the own one) or `*`; left out: the mesh's default
  std::vector<std::string> addresses = {};  // virtual IPs
  Location location;
  std::vector<Port> ports;
  Resolution resolution;
  std::vector<std::string> subject_alt_names = {};  // identities that may serve it; left out: no check
  StringMap workload_selector = {};  // pods and WorkloadEntries of the namespace; not together with endpoints
  std::vector<Endpoint> endpoints = {};

  bool operator==(const ServiceEntry&) const = default;
};

yaml::Map spec(const ServiceEntry& entry);

}  // namespace meshfed::k8s
