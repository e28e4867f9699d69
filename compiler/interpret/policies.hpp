// What the server's side demands of a call: encryption, a trust domain, a permission.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "interpret/cluster.hpp"

namespace meshfed::interpret {

struct PeerMode {
  Mtls mode = Mtls::permissive;
  const PeerAuthentication* by = nullptr;  // null: nobody says anything
};

/// ComposePeerAuthentication (security/authn/policy_applier.go): of the workload, else its namespace, else the mesh;
/// the oldest of each.
PeerMode peer_mode(const Cluster& cluster, std::string_view ns, const Labels& labels, std::int64_t port);

/// Of a whole namespace, which is what clients go by (BestEffortInferServiceMTLSMode).
PeerMode namespace_mode(const Cluster& cluster, std::string_view ns);

/// Whether a server of the cluster takes certificates of the domain (security/authn/utils, BuildInboundTLS).
bool accepts_domain(const ClusterFacts& facts, std::string_view domain);

/// The identities, each in every alias of the own trust domain as well; sorted (spiffe.ExpandWithTrustDomains).
std::vector<std::string> with_aliases(const ClusterFacts& facts, std::vector<std::string> identities);

struct Caller {
  std::string_view principal;  // without spiffe://; empty: no certificate was shown
  std::string_view ns;
};

struct Permission {
  enum class Verdict { allowed, denied, not_allowed, unknown };
  Verdict verdict = Verdict::allowed;
  const AuthorizationPolicy* by = nullptr;  // who denies, or one that would have to allow, or is not understood
};

/// Whether pods with the labels let the caller in: DENY goes before ALLOW; with no ALLOW policy everybody may
/// (security/authz/builder).
Permission permission(const Cluster& cluster, std::string_view ns, const Labels& labels, std::int64_t port,
                      const Caller& caller);

}  // namespace meshfed::interpret
