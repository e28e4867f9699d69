#include "k8s/namespace.hpp"

namespace meshfed::k8s {

yaml::Map body(const Namespace&) { return {}; }

}  // namespace meshfed::k8s
