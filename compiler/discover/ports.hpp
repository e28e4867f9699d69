// The ports of a Service as those of an export.
#pragma once

#include <vector>

#include "discover/objects.hpp"
#include "discover/workloads.hpp"
#include "model/federation.hpp"

namespace meshfed::discover {

/// What is said about ports.
struct Ports {
  std::vector<model::Port> ports;      // those of TCP
  std::vector<model::Doubt> left_out;  // of other protocols
  bool sound = true;                   // false: something is wrong, and reported
};

/// Whether somebody needs the numbers of target ports.
enum class Targets { needed, optional };

/// Reads `spec.ports`. A named target port is that of the pods' containers; it may be left out where it is not known
/// and nobody needs it. Mistakes are reported as those of the Service `name`.
Ports read_ports(const Service& service, std::string_view name, const Pods& pods, Targets targets, diag::Sink& sink);

}  // namespace meshfed::discover
