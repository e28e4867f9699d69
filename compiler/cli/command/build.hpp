// `meshfedc build`: compile and publish to a directory or a branch, or print.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/declaration.hpp"
#include "cli/session.hpp"
#include "cli/source.hpp"
#include "driver/build.hpp"

namespace meshfed::cli {

class BuildCommand {
 public:
  BuildCommand();

  /// `this` outlives the command.
  Command declare();

 private:
  SourceArguments source_;
  std::string out_;
  driver::BuildOptions options_;  // apart from these two
  bool exit_code_ = false;
  Format format_ = Format::text;
  bool quiet_ = false;

  Exit run(const Context& context) const;
  std::string conflict() const;
  Exit report(Session& session, const driver::Built& built, const std::string& out) const;
};

/// "2/5" as the second of five shards; none for anything else. Whether the index is in range is not looked at.
std::optional<driver::Shard> parse_shard(std::string_view text);

}  // namespace meshfed::cli
