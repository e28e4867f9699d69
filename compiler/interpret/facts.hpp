// What manifests do not say of the clusters that apply them. Facts come from whoever knows: the source of a federation,
// or a file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "interpret/labels.hpp"
#include "yaml/value.hpp"

namespace meshfed::interpret {

/// Pods that are alike.
struct Workload {
  std::string ns;
  std::string name;  // for people
  Labels labels;
  std::string account;              // empty: not known
  std::vector<std::int64_t> ports;  // that something listens on; none: not known
  std::int64_t replicas = 1;
  bool sidecar = true;
};

/// A gateway's pods that no manifest describes; those of Gateway API's Gateways follow from these.
struct GatewayWorkload {
  std::string ns;
  std::string name;
  Labels labels;
  bool view = false;  // ISTIO_META_REQUESTED_NETWORK_VIEW is its own network
};

/// The addresses that the Service of a deployed gateway got (status.loadBalancer).
struct LoadBalancer {
  std::string ns;
  std::string service;
  std::vector<std::string> addresses;
};

/// An address of a gateway, as others dial it.
struct Door {
  std::string address;  // an IP, or a host name
  std::int64_t port = 0;
  std::vector<std::string> viewers;  // networks that reach it there; none: all
  std::string cluster;               // where it leads
  std::string ns;                    // the gateway's
  std::string gateway;               // its pods' name: `<Gateway>-istio` where Gateway API deploys it
  std::int64_t listener = 0;         // the port that the gateway listens on
  bool router = false;               // before the gateway stands a router, which goes by the cluster's Routes
};

struct ClusterFacts {
  std::string name;
  std::string mesh;
  std::string network;
  std::string trust_domain = "cluster.local";
  std::vector<std::string> accepted_domains;  // meshConfig.caCertificates[].trustDomains
  std::vector<std::string> domain_aliases;    // meshConfig.trustDomainAliases
  std::string root_namespace = "istio-system";
  std::string cluster_domain = "cluster.local";
  bool dns_capture = false;
  bool alpha_gateway_api = false;
  std::int64_t istio = 0;  // the minor of Istio 1
  std::string locality;
  std::vector<std::string> reads;          // clusters whose API servers its istiod reads as well: by remote secrets
  std::vector<std::string> cluster_local;  // hosts that it does not look for there (meshConfig.serviceSettings)
  std::vector<LoadBalancer> balancers;
  std::vector<Workload> workloads;
  std::vector<GatewayWorkload> gateways;
  std::vector<yaml::Value> objects;  // manifests that others apply
};

struct Facts {
  std::vector<ClusterFacts> clusters;  // by name
  std::vector<Door> doors;
  std::vector<std::string> assumptions;  // what whoever gave the facts took for granted
};

}  // namespace meshfed::interpret
