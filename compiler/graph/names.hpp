// What people call the parts of a federation, on a command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diag/sink.hpp"
#include "model/resolved_federation.hpp"

namespace meshfed::graph {

enum class Kind : std::uint8_t { mesh, network, cluster, export_, host };

std::string_view word(Kind kind);

struct Named {
  Kind kind = Kind::mesh;
  std::string name;

  auto operator<=>(const Named&) const = default;
};

/// All of a federation, in order; aliases are hosts as well.
std::vector<Named> names_of(const model::ResolvedFederation& resolved);

/// What `asked` means, which is a name, or a kind, a colon and a name. `names` are in order. None, and reported, if
/// there is no such name, or if it is that of several kinds; a network is meant by its bare name only if nothing else
/// is.
std::optional<Named> find(const std::vector<Named>& names, std::string_view asked, diag::Sink& sink);

/// The export that a name of an export or a host is about; kNone for any other.
model::ExportId export_of(const model::ResolvedFederation& resolved, const Named& named);

}  // namespace meshfed::graph
