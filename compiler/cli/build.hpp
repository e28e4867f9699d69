// `meshfedc build`: compile and publish to a directory, or print.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/commit.hpp"
#include "cli/declaration.hpp"
#include "cli/publication.hpp"
#include "cli/session.hpp"
#include "driver/compile.hpp"

namespace meshfed::cli {

class MemoFile;

class BuildCommand {
 public:
  BuildCommand();

  /// `this` outlives the command.
  Command declare();

 private:
  std::string file_ = kDefaultSource;
  std::string out_ = "out";
  driver::Selection selection_;
  unsigned jobs_;
  bool dry_run_ = false;
  bool exit_code_ = false;
  bool force_ = false;
  CommitRequest commit_;
  Format format_ = Format::text;

  Exit run(const Context& context) const;
  std::string conflict() const;
  Exit print(Session& session, const check::Checked& checked, const std::vector<model::ClusterId>& clusters) const;
  Exit publish(Session& session) const;
  Publication write(Session& session, const Source& source, MemoFile& memo) const;
  PublishOptions publish_options() const;
  Exit report(Session& session, const Publication& done) const;
  Exit report(Session& session, const Committed& done) const;
};

/// "2/5" as the second of five shards; none for anything else. Whether the index is in range is not looked at.
std::optional<driver::Shard> parse_shard(std::string_view text);

}  // namespace meshfed::cli
