// The closed sets of words that federation.toml knows, each with its spelling. The binder, the JSON Schema and the key
// reference read the spellings from here.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace meshfed::model {

/// Spellings in the order of the enumerators; specialised below for every enum.
template <class Enum>
inline constexpr std::string_view kWords[] = {""};

template <class Enum>
constexpr std::string_view word(Enum value) {
  return kWords<Enum>[static_cast<std::size_t>(value)];
}

/// Target profiles, oldest first, so that `<` compares releases.
enum class Istio : std::uint8_t { v1_26, v1_27, v1_28, v1_29, v1_30, v1_31, v1_32 };
template <>
inline constexpr std::string_view kWords<Istio>[] = {"1.26", "1.27", "1.28", "1.29", "1.30", "1.31", "1.32"};

/// Minor versions of the Gateway API CRD bundle, oldest first.
enum class GatewayApi : std::uint8_t { v1_3, v1_4, v1_5, v1_6 };
template <>
inline constexpr std::string_view kWords<GatewayApi>[] = {"1.3", "1.4", "1.5", "1.6"};

enum class Channel : std::uint8_t { standard, experimental };
template <>
inline constexpr std::string_view kWords<Channel>[] = {"standard", "experimental"};

/// Ambient is a word so that it can be refused with reasons.
enum class Dataplane : std::uint8_t { sidecar, ambient };
template <>
inline constexpr std::string_view kWords<Dataplane>[] = {"sidecar", "ambient"};

enum class Mtls : std::uint8_t { unmanaged, strict, permissive };
template <>
inline constexpr std::string_view kWords<Mtls>[] = {"unmanaged", "strict", "permissive"};

enum class EgressMode : std::uint8_t { direct, gateway };
template <>
inline constexpr std::string_view kWords<EgressMode>[] = {"direct", "gateway"};

enum class Namespaces : std::uint8_t { assume, create };
template <>
inline constexpr std::string_view kWords<Namespaces>[] = {"assume", "create"};

enum class Files : std::uint8_t { host, namespace_ };
template <>
inline constexpr std::string_view kWords<Files>[] = {"host", "namespace"};

enum class Naming : std::uint8_t { global, service };
template <>
inline constexpr std::string_view kWords<Naming>[] = {"global", "service"};

enum class Prefer : std::uint8_t { spread, local, nearest };
template <>
inline constexpr std::string_view kWords<Prefer>[] = {"spread", "local", "nearest"};

/// What counts as a failure of an endpoint: connections that fail and 502, 503 and 504, or every 5xx.
enum class Counted : std::uint8_t { gateway, all_5xx };
template <>
inline constexpr std::string_view kWords<Counted>[] = {"gateway", "5xx"};

/// Istio's own words.
enum class H2Upgrade : std::uint8_t { default_, do_not_upgrade, upgrade };
template <>
inline constexpr std::string_view kWords<H2Upgrade>[] = {"DEFAULT", "DO_NOT_UPGRADE", "UPGRADE"};

enum class ServiceType : std::uint8_t { load_balancer, node_port, cluster_ip };
template <>
inline constexpr std::string_view kWords<ServiceType>[] = {"LoadBalancer", "NodePort", "ClusterIP"};

enum class EgressRoute : std::uint8_t { virtualservice, tlsroute };
template <>
inline constexpr std::string_view kWords<EgressRoute>[] = {"virtualservice", "tlsroute"};

enum class EgressBackend : std::uint8_t { serviceentry, endpointslice };
template <>
inline constexpr std::string_view kWords<EgressBackend>[] = {"serviceentry", "endpointslice"};

/// Protocols that Istio's passthrough gateways carry, as istiod's validation spells them (reference: ServiceEntry
/// ports).
enum class Protocol : std::uint8_t { http, http2, grpc, grpc_web, https, tls, tcp, mongo, mysql, redis };
template <>
inline constexpr std::string_view kWords<Protocol>[] = {"http", "http2", "grpc",  "grpc-web", "https",
                                                        "tls",  "tcp",   "mongo", "mysql",    "redis"};

}  // namespace meshfed::model
