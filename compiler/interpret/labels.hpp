// Labels and selectors.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meshfed::interpret {

/// By key.
using Labels = std::vector<std::pair<std::string, std::string>>;

/// Empty if there is none.
std::string_view label(const Labels& labels, std::string_view key);

/// In place of what there is of that key.
void set_label(Labels& labels, std::string_view key, std::string_view value);

/// Every pair of `selector` is one of `labels`: an empty selector selects all.
bool selects(const Labels& selector, const Labels& labels);

inline constexpr std::string_view kNetworkLabel = "topology.istio.io/network";
inline constexpr std::string_view kGatewayPortLabel = "networking.istio.io/gatewayPort";
inline constexpr std::string_view kClusterLabel = "topology.istio.io/cluster";
inline constexpr std::string_view kSubzoneLabel = "topology.istio.io/subzone";
inline constexpr std::string_view kRegionLabel = "topology.kubernetes.io/region";
inline constexpr std::string_view kZoneLabel = "topology.kubernetes.io/zone";
inline constexpr std::string_view kTlsModeLabel = "security.istio.io/tlsMode";
inline constexpr std::string_view kGatewayNameLabel = "gateway.networking.k8s.io/gateway-name";

}  // namespace meshfed::interpret
