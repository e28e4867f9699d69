#include "k8s/workload_entry.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::if_any;

yaml::Map spec(const WorkloadEntry& entry) {
  return {
      {"network", entry.network},
      {"locality", if_any(entry.locality)},
      {"weight", entry.weight},
      {"serviceAccount", if_any(entry.service_account)},
  };
}

}  // namespace meshfed::k8s
