// Looking into an object whose shape nobody vouches for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "yaml/value.hpp"

namespace meshfed::diff {

/// What stands at keys such as "metadata.name"; null if nothing does.
const yaml::Value* find(const yaml::Map& map, std::string_view path);

/// The string there; empty if there is none.
std::string_view text_at(const yaml::Map& map, std::string_view path);

/// `Kind.group/namespace/name`, as k8s::object_id; none if the map names no object.
std::optional<std::string> id_of(const yaml::Map& document);

/// The parts of an id; views into it.
struct Identity {
  std::string_view kind;  // with the group: "Gateway.networking.istio.io"
  std::string_view ns;    // empty if the object is in none
  std::string_view name;
};
Identity identity_of(std::string_view id);

/// The host that an object is about, by its name: a host's objects are named after it, its WorkloadEntries
/// `<network>.<host>`. Empty for all that stands for no host.
std::string_view host_of(std::string_view id);

}  // namespace meshfed::diff
