// Options of the commands that ask where calls end.
#pragma once

#include <string>
#include <vector>

#include "ask/render.hpp"
#include "cli/declaration.hpp"
#include "cli/session.hpp"
#include "cli/source.hpp"
#include "driver/reach.hpp"

namespace meshfed::cli {

/// Which clusters, and how they are shown.
struct ReachArguments {
  SourceArguments source;
  driver::ReachOptions options;
  ask::Format format = ask::Format::text;

  ReachArguments();

  /// -f, -o, --facts, --jobs and --format. `this` outlives them.
  std::vector<Argument> declare();
  /// How diagnostics are shown.
  Format diagnostics() const { return format == ask::Format::json ? Format::json : Format::text; }
  /// With the main file where it is found.
  driver::ReachOptions resolved(Session& session) const;
};

/// Whether the facts name the cluster; if not, that is reported.
bool is_cluster(Session& session, const interpret::World& world, const std::string& name);

}  // namespace meshfed::cli
