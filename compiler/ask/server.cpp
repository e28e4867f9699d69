// The server's side: the pods that calls arrive at. All that would stop them is said, not what stops them first.
#include <algorithm>

#include "ask/flow.hpp"
#include "base/text.hpp"
#include "interpret/policies.hpp"

namespace meshfed::ask {
namespace {

using interpret::Cluster;
using interpret::Mtls;
using interpret::Permission;
using interpret::Workload;

constexpr std::size_t kNamed = 5;

class Arrival {
 public:
  Arrival(Flow& flow, const Cluster& at, const Workload& workload, std::int64_t port, const Calls& calls)
      : flow_(flow), at_(at), workload_(workload), port_(port), calls_(calls) {}

  void judge() {
    flow_.rest_on(at_);
    something_listens();
    encryption_agrees();
    if (calls_.mtls) {
      identities_agree();
      domain_agrees();
    }
    caller_may();
    if (fate_) return flow_.end(*fate_, calls_);
    flow_.serve(at_, workload_, port_, calls_);
    if (!flow_.wants_hops() || calls_.lost) return;
    flow_.hop({.cluster = at_.facts.name,
               .text = "pods " + name_of(workload_) + " answer on port " + std::to_string(port_) +
                       (calls_.mtls ? ", by mTLS" : ", in plain text"),
               .object = {},
               .field = {},
               .share = calls_.share});
  }

 private:
  std::string pods() const { return base::quoted(name_of(workload_)) + " of cluster \"" + at_.facts.name + "\""; }

  /// Of several fates the worst counts: what nobody knows, then what would not even be refused.
  template <class Row, class... Args>
  void stop(Row row, Fate fate, std::string place, const Args&... args) {
    fate_ = std::max(fate_.value_or(fate), fate);
    flow_.cause(row, std::move(place), calls_.share, args...);
  }

  void something_listens() {
    const auto& ports = workload_.ports;
    if (ports.empty() || std::find(ports.begin(), ports.end(), port_) != ports.end()) return;
    stop(diag::NobodyListens, Fate::dead, place_of(at_), port_, pods());
  }

  void encryption_agrees() {
    const interpret::PeerMode peer = interpret::peer_mode(at_, workload_.ns, workload_.labels, port_);
    flow_.rest_on(at_, peer.by);
    if (calls_.mtls && (!workload_.sidecar || peer.mode == Mtls::disable))
      stop(diag::MtlsRefused, Fate::refused, place_of(at_, peer.by), pods());
    if (flow_.foreign_tls) return foreign_tls_agrees(*flow_.foreign_tls, peer.mode);
    if (!calls_.mtls && workload_.sidecar && peer.mode == Mtls::strict)
      stop(diag::PlainTextRefused, Fate::refused, place_of(at_, peer.by), pods(),
           base::quoted(interpret::id_of(*peer.by)));
  }

  /// Without Istio's application protocols TLS is no mTLS: where that is not demanded, a sidecar takes the call for
  /// what its port speaks, and the workload gets the encrypted bytes (core/filterchain_options.go).
  void foreign_tls_agrees(const Flow::ForeignTls& tls, Mtls mode) {
    const std::string place = place_of(flow_.home, tls.rule);
    const bool strict = workload_.sidecar && mode == Mtls::strict;
    if (strict && tls.mode == interpret::TlsMode::mutual)
      return stop(diag::FactMissing, Fate::unknown, place, "whose certificate callers show to " + pods());
    if (strict || (workload_.sidecar && tls.protocol == interpret::Protocol::http))
      return stop(diag::TlsNotIstios, Fate::refused, place, flow_.host(), word(tls.mode), pods() + " does");
    stop(diag::FactMissing, Fate::unknown, place, "whether " + pods() + " speaks TLS itself");
  }

  /// The client's proxy checks the server's certificate.
  void identities_agree() {
    const auto& accepted = flow_.answer().accepted;
    if (accepted.empty()) return;
    if (workload_.account.empty())
      return stop(diag::FactMissing, Fate::unknown, place_of(at_), "which service account " + pods() + " has");
    const std::string identity = interpret::spiffe_id(at_.facts.trust_domain, workload_.ns, workload_.account);
    if (std::binary_search(accepted.begin(), accepted.end(), identity)) return;
    stop(diag::IdentityRefused, Fate::refused, place_of(flow_.home), pods(), identity,
         base::join(accepted, ", ", kNamed));
  }

  void domain_agrees() {
    const std::string& domain = flow_.home.facts.trust_domain;
    if (interpret::accepts_domain(at_.facts, domain)) return;
    stop(diag::DomainRefused, Fate::refused, place_of(at_), pods(), at_.facts.name, domain);
  }

  void caller_may() {
    constexpr std::string_view kScheme = "spiffe://";
    const std::string_view identity = flow_.answer().identity;
    const std::string_view principal = calls_.mtls ? identity.substr(kScheme.size()) : std::string_view();
    const Permission permission = interpret::permission(at_, workload_.ns, workload_.labels, port_,
                                                        {.principal = principal, .ns = flow_.namespace_of_client()});
    if (permission.verdict == Permission::Verdict::allowed) return;
    const std::string place = place_of(at_, permission.by), policy = base::quoted(interpret::id_of(*permission.by));
    const std::string who = calls_.mtls ? base::quoted(principal) : "a caller without a certificate";
    switch (permission.verdict) {
      case Permission::Verdict::allowed:
        return;
      case Permission::Verdict::denied:
        return stop(diag::CallerDenied, Fate::refused, place, policy, who, pods());
      case Permission::Verdict::not_allowed:
        return stop(diag::CallerNotAllowed, Fate::refused, place, who, pods(), policy);
      case Permission::Verdict::unknown:
        return stop(diag::NotInterpreted, Fate::unknown, place, permission.by->gaps.front());
    }
    __builtin_unreachable();
  }

  Flow& flow_;
  const Cluster& at_;
  const Workload& workload_;
  std::int64_t port_;
  const Calls& calls_;
  std::optional<Fate> fate_;
};

}  // namespace

void arrive(Flow& flow, const Cluster& at, const Workload& workload, std::int64_t port, const Calls& calls) {
  Arrival(flow, at, workload, port, calls).judge();
}

}  // namespace meshfed::ask
