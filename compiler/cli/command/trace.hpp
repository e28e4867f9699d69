// `meshfedc trace`: where a call ends, and why.
#pragma once

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
  ReachArguments reach_;

  std::string conflict() const;
  Exit run(const Context& context) const;
  std::vector<ask::Answer> ask_one(const interpret::World& world) const;
};

}  // namespace meshfed::cli
