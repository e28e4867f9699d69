// Certificates of authorities that random federations name.
#pragma once

#include <string>
#include <string_view>

namespace meshfed::testing {

/// PEM: "common" is a root, and "root-2-FORM" one of mesh-2 alone; "below-common-2-FORM" and "below-root-2-FORM" are
/// issued by these for its istiods. What they may issue: "free" everything, "default" identities of `cluster.local`,
/// "own" those of `td2.example`.
std::string certificate(std::string_view name);

}  // namespace meshfed::testing
