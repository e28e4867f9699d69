// What a change may do to running traffic, told from the change alone. Facts of Istio and Kubernetes, no guesses:
// whether anybody calls a host is not known here.
#pragma once

#include <vector>

#include "diff/change.hpp"

namespace meshfed::diff {

/// In the order of the table in risks.cpp. The texts live forever.
std::vector<Risk> risks_of(const Change& change);
std::vector<Risk> risks_of(const Cluster& cluster);

}  // namespace meshfed::diff
