#include "k8s/config_map.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::if_any;
using yaml::Map;

Map body(const ConfigMap& config_map) { return {{"data", if_any(config_map.data)}}; }

}  // namespace meshfed::k8s
