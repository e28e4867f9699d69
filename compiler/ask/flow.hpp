// Calls on their way: what of them has ended, where and why.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "ask/answer.hpp"
#include "ask/memo.hpp"
#include "ask/trace.hpp"
#include "interpret/endpoints.hpp"
#include "interpret/world.hpp"

namespace meshfed::ask {

/// What stands in identities for a namespace or an account that no object names: it is no name.
inline constexpr std::string_view kAny = "-";

/// Calls that go the same way.
struct Calls {
  double share = 1;
  bool mtls = false;
  bool lost = false;  // they have ended already: what else would stop them is still of interest

  Calls part(double of) const { return {share * of, mtls, lost}; }
};

class Flow {
 public:
  /// `memo` may be null.
  Flow(const interpret::World& in, const interpret::Cluster& from, Answer& answer, Detail detail, Memo* memo)
      : world(in), home(from), answer_(answer), detail_(detail), memo_(memo) {}

  const interpret::World& world;
  const interpret::Cluster& home;  // the client's
  std::string sni;                 // what gateways are asked for
  /// Of a client whose rule has it encrypt otherwise than by Istio's mTLS; null: none has.
  struct ForeignTls {
    interpret::TlsMode mode;
    const interpret::Object* rule;
    interpret::Protocol protocol;  // of the port that is called
  };
  std::optional<ForeignTls> foreign_tls;

  const Client& client() const { return answer_.question.client; }
  const std::string& host() const { return answer_.question.host; }
  /// One that no object names stands for a namespace, and an account, that was not given.
  std::string_view namespace_of_client() const { return client().ns.empty() ? kAny : std::string_view(client().ns); }
  Answer& answer() { return answer_; }
  Memo* memo() const { return memo_; }
  bool doubtful() const { return doubtful_; }
  /// A flow that is told to another answer, which this one then takes with `retell`.
  Flow aside(Answer& answer) const {
    Flow flow(world, home, answer, detail_, nullptr);
    flow.sni = sni;
    return flow;
  }
  void retell(const Looked& looked, const Calls& calls);
  bool wants_hops() const { return detail_ == Detail::hops; }

  void hop(Hop hop) {
    if (wants_hops()) answer_.hops.push_back(std::move(hop));
  }

  /// The calls arrive, and are answered.
  void serve(const interpret::Cluster& at, const interpret::Workload& workload, std::int64_t port, const Calls& calls);
  /// The calls get no further.
  void end(Fate fate, const Calls& calls);

  /// Why calls end. `place` is the cluster and the object that decides there.
  template <class Row, class... Args>
  void cause(Row, const std::string& place, double share, const Args&... args) {
    add(Row::kRow, place, share, fmt::format(fmt::runtime(Row::kMessage), args...));
  }
  template <class Row, class... Args>
  void end(Row row, Fate fate, const std::string& place, const Calls& calls, const Args&... args) {
    end(fate, calls);
    cause(row, place, calls.share, args...);
  }

  /// The answer rests on the object, or on the cluster: is all of it understood?
  void rest_on(const interpret::Cluster& at, const interpret::Object* object);
  void rest_on(const interpret::Cluster& at);
  /// The answer rests on something that nobody knows.
  template <class Row, class... Args>
  void doubt(Row row, std::string place, const Args&... args) {
    doubtful_ = true;
    cause(row, std::move(place), 0, args...);
  }

  Verdict verdict() const;

 private:
  void add(const diag::Row& row, std::string place, double share, std::string message);

  Answer& answer_;
  Detail detail_;
  Memo* memo_;
  double served_ = 0, refused_ = 0, dead_ = 0, unknown_ = 0;
  bool doubtful_ = false;
  std::set<const void*> looked_at_;
};

std::string place_of(const interpret::Cluster& cluster, const interpret::Object* object = nullptr);
/// `namespace/name`
std::string name_of(const interpret::GatewayPods& gateway);
std::string name_of(const interpret::Workload& workload);
std::string id_of(const interpret::Object* object);

// server.cpp
/// Calls that arrive at pods: whether they are taken.
void arrive(Flow& flow, const interpret::Cluster& at, const interpret::Workload& workload, std::int64_t port,
            const Calls& calls);

// gateway.cpp
std::string named(const interpret::GatewayPods& gateway, const interpret::Cluster& cluster);
/// What a port of a gateway makes of the name that the calls ask for; remembered, where the flow has a memo.
Memo::Known look(const Flow& flow, const interpret::Cluster& cluster, const interpret::GatewayPods& gateway,
                 std::int64_t port);

// passage.cpp
/// What is lost of a host's endpoints before calls are shared out.
void tell_lost(Flow& flow, const interpret::Cluster& at, const interpret::Assignment& assignment,
               const std::string& host, const std::string& proxy, const interpret::Rule& rule);
/// Calls that a proxy of the cluster sends to targets, through all gateways up to where they end.
void send(Flow& flow, const interpret::Cluster& from, const interpret::Assignment& assignment);

}  // namespace meshfed::ask
