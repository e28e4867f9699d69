// What is asked, and what comes of a call. State: everything is up, all configuration has arrived, nothing was ejected.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "diag/catalog.hpp"

namespace meshfed::ask {

/// Who calls. Without a namespace or an account it is one that no object names.
struct Client {
  std::string cluster;
  std::string ns = {};
  std::string account = {};

  bool operator==(const Client&) const = default;
};

struct Question {
  Client client;
  std::string host;
  std::int64_t port = 0;
};

/// Which questions are asked. Empty, or 0: all.
struct Range {
  std::string cluster = {};  // of clients
  std::string host = {};
  std::int64_t port = 0;
};

enum class Verdict : std::uint8_t {
  reached,      // every call
  partly,       // a share of the calls
  refused,      // the server's side, or the client's proxy by the server's identity, refuses every call
  unreachable,  // there is no way
  unresolved,   // the name means nothing to the caller
  unknown,      // that rests on what is not interpreted, or on a fact that nobody gave
};

std::string_view word(Verdict verdict);

/// Something that the proxy of the client calls, and its share of the calls while all is well.
struct Endpoint {
  std::string workload;  // pods, of another cluster with its name before them; empty: an address
  std::string address;
  std::int64_t port = 0;
  std::string network;  // where it is, or where it leads
  double share = 0;     // 0: when others fail
};

/// Where calls end.
struct End {
  std::string cluster;
  std::string workload;  // namespace and name
  std::string identity;  // empty: no fact
  std::int64_t port = 0;
  double share = 0;
};

/// A step on the way, and the object and field that decide it.
struct Hop {
  std::string cluster;
  std::string text;
  std::string object;  // `Kind.group/namespace/name`; empty: a fact
  std::string field;
  double share = 1;
};

/// Why calls get no further.
struct Cause {
  const diag::Row* row = nullptr;
  std::string message;
  std::string place;  // the cluster, and the object or else nothing
  double share = 0;   // of the calls; 0: of what is lost before calls are shared out
};

struct Answer {
  Question question;
  Verdict verdict = Verdict::unknown;
  std::string identity;               // the client's; empty: it shows none
  std::vector<std::string> accepted;  // identities of servers; none: any
  std::vector<Endpoint> endpoints;
  std::vector<End> ends;
  std::vector<Hop> hops;
  std::vector<Cause> causes;
};

}  // namespace meshfed::ask
