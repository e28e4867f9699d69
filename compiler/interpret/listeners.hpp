// What a gateway's pods listen on, and where each name leads that callers may ask for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "interpret/index.hpp"
#include "interpret/sight.hpp"

namespace meshfed::interpret {

/// A filter chain: what an SNI leads to.
struct Chain {
  std::string sni;                   // exact, or `*.suffix`
  const Object* server = nullptr;    // the Gateway that passes it
  const Service* service = nullptr;  // of an AUTO_PASSTHROUGH server: what the SNI itself names
  std::string host;
  const Port* port = nullptr;
  std::string subset;
  const Object* route = nullptr;  // else: the VirtualService or TLSRoute
  std::vector<Destination> destinations;
};

/// A server that is not passed over in silence, though nothing here follows it.
struct OtherServer {
  const Object* server;
  std::vector<std::string> hosts;
};

class GatewayListener {
 public:
  explicit GatewayListener(std::int64_t port) : port_(port) {}

  void add(Chain chain);
  void add(OtherServer other) { others_.push_back(std::move(other)); }

  std::int64_t port() const { return port_; }
  const std::vector<Chain>& chains() const { return chains_; }
  /// By the exact name, else by the longest suffix; null: nobody passes it.
  const Chain* find(std::string_view sni) const;
  /// The chain of exactly that name gets another one.
  void add_name(const Object& by, const std::string& sni, const std::string& name);
  /// A server that takes the name and is not understood; null if there is none.
  const Object* other(std::string_view sni) const;

  /// Two chains for one name, for which Envoy refuses the whole listener.
  struct Duplicate {
    std::string sni;
    const Object* first;
    const Object* second;
  };
  const std::optional<Duplicate>& duplicate() const { return duplicate_; }

 private:
  std::int64_t port_;
  std::vector<Chain> chains_;
  std::vector<OtherServer> others_;
  ByName<std::size_t> exact_;
  std::vector<std::size_t> suffixes_;
  std::optional<Duplicate> duplicate_;
};

/// By port. What is attached to the gateway is merged as in mergeGateways (model/gateway.go); the chains are those of
/// core/gateway.go.
std::vector<GatewayListener> listeners_of(const Cluster& cluster, const GatewayPods& gateway);

/// outbound_.<port>_.<subset>_.<host>: what clients ask for (BuildDNSSrvSubsetKey)
std::string sni_of(std::int64_t port, std::string_view subset, std::string_view host);

}  // namespace meshfed::interpret
