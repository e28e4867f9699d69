// `meshfedc trace`: where a call ends, and why.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ask/answer.hpp"
#include "cli/command/reach.hpp"
#include "cli/declaration.hpp"

namespace meshfed::cli {

class TraceCommand {
 public:
  /// `this` outlives the command.
  Command declare();

 private:
  std::string client_;  // cluster[/namespace[/account]]
  std::string host_;    // host[:port]
  std::string to_;      // the same, for all clients
  bool all_ = false;
  std::string against_;  // a directory, a revision or "index"
  ReachArguments reach_;

  std::string conflict() const;
  Exit run(const Context& context) const;
  std::vector<ask::Answer> ask_one(const interpret::World& world) const;
  std::vector<std::int64_t> ports(const interpret::World& world) const;
  ask::Range range() const;
  Exit compare(Session& session, const driver::ReachOptions& options, const driver::Reach& reach) const;
};

}  // namespace meshfed::cli
