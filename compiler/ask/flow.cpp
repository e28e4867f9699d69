#include "ask/flow.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace meshfed::ask {
namespace {

constexpr double kNothing = 1e-9;
constexpr std::size_t kNamed = 5;

}  // namespace

std::string_view word(Verdict verdict) {
  switch (verdict) {
    case Verdict::reached:
      return "reached";
    case Verdict::partly:
      return "partly";
    case Verdict::refused:
      return "refused";
    case Verdict::unreachable:
      return "unreachable";
    case Verdict::unresolved:
      return "unresolved";
    case Verdict::unknown:
      return "unknown";
  }
  __builtin_unreachable();
}

void Flow::end(Fate fate, const Calls& calls) {
  if (calls.lost) return;
  (fate == Fate::refused ? refused_ : fate == Fate::dead ? dead_ : unknown_) += calls.share;
}

void Flow::serve(const interpret::Cluster& at, const interpret::Workload& workload, std::int64_t port,
                 const Calls& calls) {
  if (calls.lost) return;
  const double share = calls.share;
  served_ += share;
  std::string name = name_of(workload);
  for (End& end : answer_.ends) {
    if (end.cluster == at.facts.name && end.workload == name && end.port == port) return void(end.share += share);
  }
  answer_.ends.push_back({.cluster = at.facts.name,
                          .workload = std::move(name),
                          .identity = workload.account.empty()
                                          ? std::string()
                                          : interpret::spiffe_id(at.facts.trust_domain, workload.ns, workload.account),
                          .port = port,
                          .share = share});
}

void Flow::add(const diag::Row& row, std::string place, double share, std::string message) {
  for (Cause& cause : answer_.causes) {
    if (cause.row == &row && cause.place == place && cause.message == message) return void(cause.share += share);
  }
  answer_.causes.push_back({&row, std::move(message), std::move(place), share});
}

void Flow::retell(const Looked& looked, const Calls& calls) {
  for (Hop one : looked.hops) {
    one.share *= calls.share;
    hop(std::move(one));
  }
  for (const Cause& one : looked.causes) add(*one.row, one.place, one.share * calls.share, one.message);
  doubtful_ = doubtful_ || looked.doubtful;
}

void Flow::rest_on(const interpret::Cluster& at, const interpret::Object* object) {
  if (!object || object->gaps.empty() || !looked_at_.insert(object).second) return;
  for (std::size_t i = 0; i < std::min(object->gaps.size(), kNamed); ++i)
    doubt(diag::NotInterpreted, place_of(at, object), object->gaps[i]);
}

void Flow::rest_on(const interpret::Cluster& at) {
  if (at.unknown.empty() || !looked_at_.insert(&at).second) return;
  for (std::size_t i = 0; i < std::min(at.unknown.size(), kNamed); ++i)
    doubt(diag::NotInterpreted, place_of(at), at.unknown[i]);
}

Verdict Flow::verdict() const {
  if (doubtful_ || unknown_ > kNothing) return Verdict::unknown;
  if (served_ > 1 - kNothing) return Verdict::reached;
  if (served_ > kNothing) return Verdict::partly;
  return refused_ > kNothing && dead_ <= kNothing ? Verdict::refused : Verdict::unreachable;
}

std::string place_of(const interpret::Cluster& cluster, const interpret::Object* object) {
  return object ? cluster.facts.name + "/" + interpret::id_of(*object) : cluster.facts.name;
}

std::string name_of(const interpret::GatewayPods& gateway) { return base::concat({gateway.ns, "/", gateway.name}); }
std::string name_of(const interpret::Workload& workload) { return base::concat({workload.ns, "/", workload.name}); }

std::string id_of(const interpret::Object* object) { return object ? interpret::id_of(*object) : std::string(); }

}  // namespace meshfed::ask
